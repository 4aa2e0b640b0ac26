//! The REST data API.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Harness, KEYS, read};
use crate::{ConnectedApp, Settings};

mod allowance;
mod batch;
mod client;
mod collections;
mod composite;
mod conditional;
mod describe;
mod keys;
mod paths;
mod problems;
mod queries;
mod records;
mod rules;
mod upload;

/// A custom object with each kind of field that has rules of its own, and rules of each kind.
const PLAN: &str = "
name: Plan__c
fields:
  - {name: Code__c, type: text, length: 10, externalId: true}
  - {name: Key__c, type: text, externalId: true, unique: true}
  - {name: Number__c, type: double, externalId: true}
  - {name: Seats__c, type: integer}
  - {name: Active__c, type: boolean}
  - {name: Start__c, type: date}
  - {name: Renewed__c, type: dateTime}
  - {name: Contact__c, type: email}
  - {name: Tier__c, type: picklist, restricted: true, values: [Gold, Silver]}
  - {name: Extras__c, type: multiPicklist, restricted: true, values: [Support, Storage]}
  - {name: Account__c, type: reference, referenceTo: [Account], childRelationshipName: Plans__r}
validationRules:
  - {when: {field: Seats__c, is: greaterThan, value: 100}, message: Ask sales for more than 100 seats}
  - {when: {field: Code__c, is: equalTo, value: NONE}, message: NONE is no code}
";

/// Rules of a standard object.
const ACCOUNT: &str = "
name: Account
fields: [{name: Region__c, type: text}]
duplicateRules:
  - {name: Same_Name_And_Phone, fields: [Name, Phone], allowSave: true}
";

/// An org, and a user who is logged in.
pub(super) struct Session {
    pub(super) harness: Harness,
    token: String,
}

impl Session {
    pub(super) async fn start() -> Self {
        Self::start_with(Settings::default()).await
    }

    pub(super) async fn start_with(settings: Settings) -> Self {
        let objects = [PLAN, ACCOUNT].map(|object| object.parse().unwrap());
        let harness = Harness::start_with(Settings { objects: objects.into(), ..settings }).await;
        let app = ConnectedApp {
            consumer_key: "app".to_owned(),
            consumer_secret: Some("secret".into()),
            public_key_pem: Some(KEYS[0].public_pem()),
            run_as: Some("integration@example.com".to_owned()),
            ..ConnectedApp::default()
        };
        harness.org.add_connected_app(app).unwrap();
        let form = [("grant_type", "client_credentials"), ("client_id", "app"), ("client_secret", "secret")];
        let login = harness.http.post(harness.org.token_endpoint()).form(&form).send().await.unwrap();
        let login: Value = login.json().await.unwrap();
        Self { token: login["access_token"].as_str().unwrap().to_owned(), harness }
    }

    /// A request to a path below the version.
    pub(super) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = self.harness.org.rest_endpoint() + path;
        self.harness.http.request(method, url).bearer_auth(&self.token)
    }

    pub(super) async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        read(self.request(method, path).json(body).send().await.unwrap()).await
    }

    pub(super) async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.send(Method::POST, path, &body).await
    }

    pub(super) async fn patch(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.send(Method::PATCH, path, &body).await
    }

    pub(super) async fn delete(&self, path: &str) -> (StatusCode, Value) {
        read(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    /// Creates a record and returns its id.
    pub(super) async fn create(&self, object: &str, fields: Value) -> String {
        let (status, reply) = self.post(&format!("/sobjects/{object}"), fields).await;
        assert_eq!(status, 201, "{reply}");
        assert_eq!((&reply["success"], &reply["errors"]), (&json!(true), &json!([])));
        reply["id"].as_str().unwrap().to_owned()
    }

    pub(super) fn count(&self, object: &str) -> usize {
        self.harness.org.records(object).unwrap().len()
    }
}
