//! Enums that AWS may extend at any time: unknown values are kept, never refused.

/// Defines an enum with a fixed wire text for each variant and `Other` for everything else.
///
/// Reading ignores case (AWS's samples write both `VOICE` and `Voice`); writing uses the given text.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A value that this version does not know, as it was sent.
            Other(String),
        }

        impl $name {
            /// The value as Amazon Connect spells it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $(_ if text.eq_ignore_ascii_case($text) => Self::$variant,)+
                    _ => Self::Other(text.to_owned()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(String::deserialize(deserializer)?.as_str()))
            }
        }
    };
}

pub(crate) use open_enum;
