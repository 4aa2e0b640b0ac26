//! HTML, put together element by element: every text and every attribute is escaped, because there is no other way in.

use std::fmt::{self, Display, Write};

/// Elements that have no content and no end.
const VOID: [&str; 3] = ["input", "link", "meta"];

/// An element, of HTML or SVG.
#[derive(Debug)]
pub(super) struct Element {
    tag: &'static str,
    attributes: String,
    content: String,
}

/// An element without attributes and content.
pub(super) fn el(tag: &'static str) -> Element {
    Element { tag, attributes: String::new(), content: String::new() }
}

impl Element {
    pub(super) fn attr(mut self, name: &'static str, value: impl Display) -> Self {
        // Writing to a string does not fail.
        let _ = write!(self.attributes, " {name}=\"");
        let _ = write!(Escaped(&mut self.attributes), "{value}");
        self.attributes.push('"');
        self
    }

    /// An attribute that is there or not, such as `disabled`.
    pub(super) fn flag(mut self, name: &'static str, is_set: bool) -> Self {
        if is_set {
            let _ = write!(self.attributes, " {name}");
        }
        self
    }

    pub(super) fn id(self, id: impl Display) -> Self {
        self.attr("id", id)
    }

    pub(super) fn class(self, class: impl Display) -> Self {
        self.attr("class", class)
    }

    pub(super) fn text(mut self, text: impl Display) -> Self {
        let _ = write!(Escaped(&mut self.content), "{text}");
        self
    }

    pub(super) fn add(mut self, child: Element) -> Self {
        let _ = write!(self.content, "{child}");
        self
    }

    pub(super) fn all(self, children: impl IntoIterator<Item = Element>) -> Self {
        children.into_iter().fold(self, Self::add)
    }
}

impl Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tag, attributes, content } = self;
        match VOID.contains(tag) {
            true => write!(f, "<{tag}{attributes}>"),
            false => write!(f, "<{tag}{attributes}>{content}</{tag}>"),
        }
    }
}

/// Escapes what is written through it.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_said_becomes_markup() {
        let nasty = "<script>'&\"</script>";
        let html = el("p").attr("title", nasty).text(nasty).add(el("b").text(1)).to_string();
        let escaped = "&lt;script&gt;&#39;&amp;&quot;&lt;/script&gt;";
        assert_eq!(html, format!("<p title=\"{escaped}\">{escaped}<b>1</b></p>"));
        let input = el("input").attr("name", "a").flag("disabled", true).flag("checked", false);
        assert_eq!(input.to_string(), "<input name=\"a\" disabled>");
    }
}
