//! What somebody may have meant who named something that there is not.

/// Says which of these names are like the one that was looked for; all of them, if none is.
pub(super) fn advice<'a>(wanted: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    let mut alike: Vec<_> = names
        .clone()
        .map(|name| (distance(&stem(wanted), &stem(name)), name))
        .filter(|(distance, name)| {
            *distance <= stem(wanted).len() / 3
                || stem(name).contains(&stem(wanted))
                || stem(wanted).contains(&stem(name))
        })
        .collect();
    alike.sort();
    match alike.as_slice() {
        [] => format!("It has {}.", names.collect::<Vec<_>>().join(", ")),
        [(_, one)] => format!("Do you mean {one}?"),
        several => {
            let names: Vec<_> = several.iter().map(|(_, name)| *name).collect();
            format!("Do you mean one of {}?", names.join(", "))
        }
    }
}

/// What people remember of a name: not its letter case, and not the `__c` of what was added to Salesforce.
fn stem(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    name.strip_suffix("__c").unwrap_or(&name).replace('_', "")
}

/// How many characters have to be put in, taken out or replaced to get from one text to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<_> = to.chars().collect();
    let mut row: Vec<_> = (0..=to.len()).collect();
    for (place, one) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], place + 1);
        for (column, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(one != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_levenshtein_s() {
        for (from, to, expected) in
            [("kitten", "sitting", 3), ("", "abc", 3), ("flaw", "lawn", 2), ("é", "é", 0)]
        {
            assert_eq!((distance(from, to), distance(to, from)), (expected, expected), "{from} {to}");
        }
    }

    #[test]
    fn names_that_are_alike_come_first_those_that_are_most_alike() {
        let names = ["Account", "Case", "Contact", "ContactRequest", "Reminder__c"];
        for (wanted, expected) in [
            ("Reminders", "Do you mean Reminder__c?"),
            ("Contacts__c", "Do you mean Contact?"),
            ("ContactReq", "Do you mean one of Contact, ContactRequest?"),
            ("Acount", "Do you mean Account?"),
            ("cases", "Do you mean Case?"),
            ("Zebra", "It has Account, Case, Contact, ContactRequest, Reminder__c."),
        ] {
            assert_eq!(advice(wanted, names.into_iter()), expected, "{wanted}");
        }
    }
}
