//! What Amazon Connect sends: contact-flow events, contact records, contact events.
