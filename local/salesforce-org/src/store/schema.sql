-- Every sObject record of the org, whatever its object: one JSON document with the fields that are set, in Salesforce's
-- spelling. Custom fields and custom objects therefore need no change here.
CREATE TABLE IF NOT EXISTS record (
    id TEXT PRIMARY KEY,
    object TEXT NOT NULL,
    fields TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS record_vendor_call_key ON record (object, json_extract(fields, '$.VendorCallKey'));

-- The last number given out, by id prefix.
CREATE TABLE IF NOT EXISTS sequence (prefix TEXT PRIMARY KEY, last INTEGER NOT NULL);

-- One row: the org's id and that of the user that the org itself acts as.
CREATE TABLE IF NOT EXISTS org (id TEXT NOT NULL, user_id TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS session (token TEXT PRIMARY KEY, username TEXT NOT NULL, used_at_ms INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS used_jti (call_center TEXT NOT NULL, jti TEXT NOT NULL, PRIMARY KEY (call_center, jti));

-- Salesforce keeps the entries of a conversation off its platform, so they are no sObjects here either.
CREATE TABLE IF NOT EXISTS message (
    conversation_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    vendor_call_key TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    sender_type TEXT NOT NULL,
    content TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    end_ms INTEGER NOT NULL,
    deliveries INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (conversation_id, message_id)
);

CREATE TABLE IF NOT EXISTS conversation_event (
    vendor_call_key TEXT NOT NULL,
    source TEXT NOT NULL,
    service TEXT NOT NULL,
    event TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS conversation_event_key ON conversation_event (vendor_call_key);

CREATE TABLE IF NOT EXISTS routing (voice_call_id TEXT PRIMARY KEY, state TEXT NOT NULL, instructions TEXT NOT NULL);

-- Conversation uploads, with what became of each.
CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, conversation_identifier TEXT NOT NULL, status TEXT NOT NULL);
