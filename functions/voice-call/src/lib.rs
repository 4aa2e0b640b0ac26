//! Contact flows create, route and update VoiceCalls in Salesforce.
