//! A stand-in Salesforce org: OAuth and the Telephony Integration API over SQLite.
