//! Who has this number?

use lambda_kit::flow::Reply;
use salesforce::{FieldName, Fields, ObjectName};

use super::{Operation, searches};
use crate::error::Problem;
use crate::flatten::{self, object_of};
use crate::invocation::{field_name, object_name};
use crate::phone::Number;
use crate::policy::Verb;

/// Where numbers are, unless the flow says so.
const DEFAULT_FIELDS: [&str; 7] = [
    "Contact.Phone",
    "Contact.MobilePhone",
    "Contact.HomePhone",
    "Contact.OtherPhone",
    "Account.Phone",
    "Lead.Phone",
    "Lead.MobilePhone",
];

/// Standard objects that have a `Name`; every custom object has one.
const NAMED: [&str; 4] = ["Contact", "Account", "Lead", "User"];

/// Found before they are compared digit by digit: more people than share one number.
const MOST_HITS: usize = 200;

/// An object to look in.
struct Place {
    object: ObjectName,
    phones: Vec<FieldName>,
    /// The fields of the reply.
    wanted: Vec<FieldName>,
}

impl Operation<'_> {
    pub(super) async fn phone_lookup(&self) -> Result<Reply, Problem> {
        let places = self.places()?;
        let invocation = self.invocation;
        let given = invocation.text("phone").or_else(|| invocation.text("sf_phone"));
        let number = given.as_deref().or(invocation.customer_address()).and_then(Number::parse);
        let called = invocation.system_address().and_then(Number::parse);
        let Some(number) = number.map(|number| number.near(called.as_ref())) else {
            return Ok(found(&[]));
        };
        let spellings = number.spellings();
        let spelling = |name: &str| spellings.get(name.strip_prefix('s')?.parse::<usize>().ok()?).cloned();
        let sosl = self.sosl(&search(&places, spellings.len()), true, spelling).await?;
        let hits = self.search(&sosl).await?;
        let of_place = |place: &Place| {
            let matching = hits.iter().filter(|hit| place.has(hit, &number));
            matching.cloned().collect::<Vec<_>>()
        };
        Ok(found(&places.iter().flat_map(of_place).collect::<Vec<_>>()))
    }

    /// Without the parameter `in`, the usual objects as far as the policy allows to read them.
    fn places(&self) -> Result<Vec<Place>, Problem> {
        let asked = self.invocation.list("in")?;
        // In AWS's CTI adapter the look-up is for contacts, and fields are named for these.
        let adapter = self.invocation.json("sf_fields").is_some();
        let readable = |path: &&str| {
            let object = path.split('.').next().unwrap_or_default();
            (!adapter || object == "Contact") && self.app.policy.allows(object, Verb::Read)
        };
        let paths =
            if asked.is_empty() { DEFAULT_FIELDS.into_iter().filter(readable).collect() } else { asked };
        let mut places: Vec<Place> = Vec::new();
        for path in paths {
            let (object, field) = path
                .split_once('.')
                .ok_or_else(|| Problem::invalid("in", "a list of Object.Field, such as Contact.Phone"))?;
            let (object, field) = (object_name(object, "in")?, field_name(field, "in")?);
            self.allow(object.as_str(), Verb::Read)?;
            match places.iter_mut().find(|place| place.object == object) {
                Some(place) => place.phones.push(field),
                None => places.push(Place::new(object, field)),
            }
        }
        if places.is_empty() {
            return Err(Problem::NotAllowed {
                object: "Contact, Account or Lead".to_owned(),
                verb: Verb::Read,
            });
        }
        self.add_wanted_fields(&mut places)?;
        Ok(places)
    }

    /// `Field` is wanted of every object, `Object.Field` of one.
    fn add_wanted_fields(&self, places: &mut [Place]) -> Result<(), Problem> {
        for parameter in ["fields", "sf_fields"] {
            for path in self.invocation.list(parameter)? {
                let (object, field) =
                    path.split_once('.').map_or((None, path), |(object, field)| (Some(object), field));
                let field = field_name(field, parameter)?;
                let mut known = false;
                for place in places.iter_mut() {
                    if object.is_none_or(|object| object.eq_ignore_ascii_case(place.object.as_str())) {
                        place.wanted.push(field.clone());
                        known = true;
                    }
                }
                if !known {
                    return Err(Problem::invalid(
                        parameter,
                        "a list of fields of the objects that are looked in",
                    ));
                }
            }
        }
        Ok(())
    }
}

impl Place {
    fn new(object: ObjectName, phone: FieldName) -> Self {
        Self { object, phones: vec![phone], wanted: Vec::new() }
    }

    /// Whether this is one of the object's records and really has the number.
    fn has(&self, Fields(hit): &Fields, number: &Number) -> bool {
        let stored = |phone: &FieldName| Number::parse(flatten::field(hit, phone.as_str())?.as_str()?);
        object_of(hit).is_some_and(|object| object.eq_ignore_ascii_case(self.object.as_str()))
            && self.phones.iter().filter_map(stored).any(|stored| stored.is_same(number))
    }

    /// What the search returns of it, each field once.
    fn columns(&self) -> String {
        let object = self.object.as_str();
        let named = object.ends_with("__c") || NAMED.iter().any(|name| name.eq_ignore_ascii_case(object));
        let own = self.phones.iter().chain(&self.wanted).map(FieldName::as_str);
        let mut columns: Vec<&str> = Vec::new();
        for column in ["Id"].into_iter().chain(named.then_some("Name")).chain(own) {
            if !columns.iter().any(|known| known.eq_ignore_ascii_case(column)) {
                columns.push(column);
            }
        }
        columns.join(", ")
    }
}

/// The search for any of the spellings: `{s0}`, `{s1}` and so on.
fn search(places: &[Place], spellings: usize) -> String {
    let spellings: Vec<String> = (0..spellings).map(|number| format!("{{s{number}}}")).collect();
    let returned: Vec<String> =
        places.iter().map(|place| format!("{}({})", place.object, place.columns())).collect();
    let (spellings, returned) = (spellings.join(" OR "), returned.join(", "));
    format!("FIND {{{spellings}}} IN PHONE FIELDS RETURNING {returned} LIMIT {MOST_HITS}")
}

/// The reply, under the name of AWS's CTI adapter for the count as well.
fn found(hits: &[Fields]) -> Reply {
    searches::told(hits)
        .with("found", Some((!hits.is_empty()).to_string()))
        .with("sf_count", Some(hits.len().to_string()))
}
