//! An org to ask.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::schema::{ObjectSchema, Schema};
use crate::settings::Storage;
use crate::soql::{Data, Failure, QueryError, Setting, parse};
use crate::store::Store;
use crate::store::records;

/// A Friday.
const NOW: &str = "2026-05-15T12:00:00Z";

const TICKET: &str = "
name: Ticket__c
fields:
  - {name: Tags__c, type: multiPicklist, values: [Red, Green, Blue]}
  - {name: Score__c, type: double}
  - {name: Price__c, type: currency}
  - {name: Visits__c, type: integer}
  - {name: Due__c, type: date}
  - {name: Seen__c, type: dateTime}
  - {name: Done__c, type: boolean}
  - {name: Account__c, type: reference, referenceTo: [Account], childRelationshipName: Tickets__r}
  - {name: Notes__c, type: textArea}
";

pub(super) struct World {
    pub(super) store: Store,
    ids: Vec<(&'static str, String)>,
}

impl World {
    pub(super) fn empty() -> Self {
        let ticket: ObjectSchema = TICKET.parse().unwrap();
        let store = Store::open(&Storage::Memory, Schema::new(&[ticket]).unwrap()).unwrap();
        Self { store, ids: Vec::new() }
    }

    /// Two accounts, three contacts of which one has no account, three tickets, a deleted account, tasks.
    pub(super) fn seeded() -> Self {
        let mut world = Self::empty();
        world.add(
            "blue",
            "Account",
            json!({"Name": "Blue Ocean", "Industry": "Energy", "Phone": "+12065550100"}),
        );
        world.add("green", "Account", json!({"Name": "green Hill_100%", "NumberOfEmployees": 20}));
        world.add("gone", "Account", json!({"Name": "Gone", "IsDeleted": true}));
        let (blue, green) = (world.id("blue"), world.id("green"));
        world.add("first", "Contact", json!({"LastName": "Alpha", "FirstName": "A", "AccountId": blue}));
        world.add(
            "second",
            "Contact",
            json!({"LastName": "beta", "AccountId": blue, "Email": "b@example.com"}),
        );
        world.add("third", "Contact", json!({"LastName": "Gamma's \"x\""}));
        let ticket = |name: &str, more: Value| {
            let mut fields = json!({"Name": name});
            fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            fields
        };
        let red = json!({"Tags__c": "Red;Blue", "Score__c": 1.5, "Price__c": 1000, "Visits__c": 3, "Due__c": "2026-05-14",
            "Seen__c": "2026-05-15T09:30:00.000+0000", "Done__c": true, "Account__c": blue});
        world.add("red", "Ticket__c", ticket("Red", red));
        let pale = json!({"Tags__c": "Green", "Score__c": -2, "Visits__c": 5, "Due__c": "2026-06-01",
            "Seen__c": "2026-05-14T23:59:59.999+0000", "Account__c": green});
        world.add("pale", "Ticket__c", ticket("Pale", pale));
        world.add("bare", "Ticket__c", ticket("Bare", json!({})));
        let first = world.id("first");
        world.add(
            "call",
            "Task",
            json!({"Subject": "Call", "WhatId": blue, "WhoId": first, "Priority": "High"}),
        );
        let ticket = world.id("red");
        world.add("write", "Task", json!({"Subject": "Write", "WhatId": ticket, "Priority": "Low"}));
        world
    }

    pub(super) fn add(&mut self, name: &'static str, object: &str, fields: Value) {
        let Value::Object(fields) = fields else { panic!("{fields}") };
        let record = self.store.transact(|db| records::insert(db, object, fields)).unwrap();
        self.ids.push((name, record.id().to_owned()));
    }

    pub(super) fn id(&self, name: &str) -> String {
        self.ids.iter().find(|(known, _)| *known == name).unwrap().1.clone()
    }

    pub(super) fn with<T>(&self, text: &str, deleted: bool, work: impl FnOnce(&Data<'_>) -> T) -> T {
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let setting = Setting { text, base: "/services/data/v66.0", now, deleted };
        let done: rusqlite::Result<T> = self.store.transact(|db| Ok(work(&Data::new(db, setting))));
        done.unwrap()
    }

    /// Runs a query: the total and the rows as JSON text, so that the order of their members shows.
    pub(super) fn run(&self, text: &str) -> Result<(usize, String), QueryError> {
        self.with(text, false, |data| match data.run(&parse(text)?) {
            Ok(answer) => Ok((answer.total, serde_json::to_string(&answer.rows).unwrap())),
            Err(Failure::Refused(error)) => Err(error),
            Err(Failure::Database(error)) => panic!("{error}"),
        })
    }

    pub(super) fn rows(&self, text: &str) -> Vec<Map<String, Value>> {
        let (_, rows) = self.run(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        serde_json::from_str(&rows).unwrap()
    }

    /// The texts in the first column of a query.
    pub(super) fn column(&self, text: &str) -> Vec<String> {
        let field = text.split([' ', ',']).nth(1).unwrap();
        self.rows(text).iter().map(|row| row[field].as_str().unwrap_or("-").to_owned()).collect()
    }

    pub(super) fn error(&self, text: &str) -> (&'static str, String) {
        let error = self.run(text).expect_err(text);
        (error.code, error.message)
    }
}
