//! Splits an expression into words and symbols.

/// The smallest part of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// An attribute, a function or a keyword: `expiresAt`, `begins_with`, `AND`.
    Word(String),
    /// A stand-in for an attribute name, with its hash sign: `#state`.
    Name(String),
    /// A stand-in for a value, with its colon: `:now`.
    Value(String),
    Symbol(&'static str),
}

/// Longer ones first, so that `<=` is not read as `<` and `=`.
const SYMBOLS: [&str; 11] = ["<>", "<=", ">=", "=", "<", ">", "(", ")", ",", "+", "-"];

/// The tokens in order, or what cannot be read.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            tokens.push(Token::Symbol(symbol));
            symbol.len()
        } else {
            let prefix = if matches!(first, '#' | ':') { 1 } else { 0 };
            let end = rest[prefix..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let word = &rest[..end.map_or(rest.len(), |end| end + prefix)];
            if word.len() == prefix {
                return Err(unreadable(first));
            }
            tokens.push(match first {
                '#' => Token::Name(word.to_owned()),
                ':' => Token::Value(word.to_owned()),
                _ => Token::Word(word.to_owned()),
            });
            word.len()
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn unreadable(c: char) -> String {
    match c {
        '.' | '[' | ']' => "local-aws does not stand in for paths into maps and lists".to_owned(),
        c => format!("Syntax error; token: \"{c}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_with_and_without_spaces() {
        use Token::{Name, Symbol, Value, Word};
        let expected = [
            Name("#s".to_owned()),
            Symbol("<="),
            Value(":v_1".to_owned()),
            Word("AND".to_owned()),
            Word("begins_with".to_owned()),
            Symbol("("),
            Word("a".to_owned()),
            Symbol(","),
            Value(":p".to_owned()),
            Symbol(")"),
        ];
        assert_eq!(tokens("#s<=:v_1 AND begins_with(a,:p)"), Ok(expected.to_vec()));
        assert_eq!(tokens("  #s <= :v_1\n AND begins_with ( a , :p ) "), Ok(expected.to_vec()));
    }

    #[test]
    fn says_what_it_cannot_read() {
        assert!(tokens("a.b = :v").unwrap_err().contains("paths"));
        assert!(tokens("a = é").unwrap_err().contains('é'));
        assert!(tokens("# = :v").is_err());
    }
}
