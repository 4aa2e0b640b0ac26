//! The Salesforce client: one HTTP path, OAuth, the Telephony Integration API.
