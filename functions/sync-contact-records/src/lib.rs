//! Contact records from Kinesis become VoiceCall updates.
