//! What a flow accepts as the answer of a function.
//!
//! <https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html#verify-function>

use serde_json::Value;

use crate::action::ResponseType;

/// The largest answer, in bytes of UTF-8: 32 KB.
const LARGEST: usize = 32 * 1024;

/// Why the answer is refused, so that the block takes its error branch; `None` if it is accepted.
///
/// `STRING_MAP` is a flat object of texts. Amazon Connect is known to look the other way at numbers and truth values; a function that
/// relies on that is better found out here.
pub fn refused(reply: &Value, response: ResponseType) -> Option<String> {
    if reply.to_string().len() > LARGEST {
        return Some("the function's answer is larger than 32 KB".to_owned());
    }
    match (response, reply) {
        (ResponseType::Json, _) => None,
        (ResponseType::StringMap, Value::Object(map)) => {
            let (name, _) = map.iter().find(|(_, value)| !value.is_string())?;
            let name = crate::place::printable(name);
            Some(format!("the function's answer is no STRING_MAP: {name} is not a text"))
        }
        (ResponseType::StringMap, _) => {
            Some("the function's answer is no STRING_MAP: it is not an object".to_owned())
        }
    }
}
