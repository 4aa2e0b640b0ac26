//! What the caller hears and presses.

use serde_json::{Value, json};

use super::{branching, in_queue};
use crate::tests::support::{asked, contact, goes, one, play_alone, run};
use crate::{Answer, Request, RunError, Said, Step};

#[test]
fn message_participant_shows_what_is_said() {
    let mut state = contact();
    state.attributes.insert("first name".to_owned(), "the caller".to_owned());
    state.external = Some(json!({"orders": [{"id": 7}]}));
    let text = "Hello $.Attributes['first name'], order $.External.orders[0].id for $.CustomerEndpoint.Address costs $5.";
    let played = play_alone(run(one("MessageParticipant", json!({"Text": text})), state));
    let said = "Hello the caller, order 7 for +12065550100 costs $5.";
    assert_eq!(played.passages[0].shown, [Said::Text(said.to_owned().into())]);
    let flow = one(
        "MessageParticipant",
        json!({"SSML": "<speak>$.Queue.Name</speak>", "SkipWhenDTMFBufferEnabled": "false"}),
    );
    assert_eq!(
        play_alone(run(flow, in_queue())).passages[0].shown,
        [Said::Ssml("<speak>Support</speak>".to_owned().into())]
    );
    let flow = one("MessageParticipant", json!({"PromptId": "arn:prompt"}));
    assert_eq!(play_alone(run(flow, contact())).passages[0].shown, [Said::Prompt("arn:prompt".to_owned())]);
    let flow = one(
        "MessageParticipant",
        json!({"Media": {"Uri": "s3://b/a.wav", "SourceType": "S3", "MediaType": "Audio"}}),
    );
    assert_eq!(play_alone(run(flow, contact())).passages[0].shown, [Said::Media("s3://b/a.wav".to_owned())]);
}

#[test]
fn message_participant_iteratively_is_interrupted() {
    let parameters =
        json!({"Messages": [{"Text": "Hold"}, {"PromptId": "p"}], "InterruptFrequencySeconds": "30"});
    let flow =
        branching("MessageParticipantIteratively", parameters, &[("Equals", "MessagesInterrupted")], &[]);
    let (runner, request) = asked(flow, contact());
    let Request::Listen { messages, seconds } = request else { panic!() };
    assert_eq!((messages.len(), seconds), (2, Some(30)));
    assert_eq!(goes(runner, Answer::Done), "MessagesInterrupted");
}

#[test]
fn get_participant_input_is_a_menu() {
    let parameters = json!({"Text": "Press 1 or 2", "StoreInput": "False", "InputTimeLimitSeconds": "5"});
    let errors = ["NoMatchingCondition", "InputTimeLimitExceeded", "NoMatchingError"];
    let flow = branching("GetParticipantInput", parameters, &[("Equals", "1"), ("Equals", "#")], &errors);
    for (keys, next) in
        [("1", "1"), ("12", "1"), ("#", "#"), ("9", "NoMatchingCondition"), ("", "InputTimeLimitExceeded")]
    {
        let (runner, request) = asked(flow.clone(), contact());
        let Request::Input(input) = request else { panic!() };
        assert_eq!((input.most, input.first_within, input.stored, input.terminator), (1, 5, false, None));
        assert_eq!(goes(runner, Answer::Keys(keys.to_owned())), next, "{keys}");
    }
    let (runner, _) = asked(flow, contact());
    assert_eq!(goes(runner, Answer::Failed("gone".to_owned())), "NoMatchingError");
}

#[test]
fn get_participant_input_stores() {
    let stored = |validation: Value, keypad: Value, keys: &str| {
        let parameters = json!({"StoreInput": "True", "InputTimeLimitSeconds": "5",
            "InputValidation": validation, "DTMFConfiguration": keypad});
        let flow =
            branching("GetParticipantInput", parameters, &[], &["InvalidPhoneNumber", "NoMatchingError"]);
        let (mut runner, _) = asked(flow, contact());
        runner.answer(Answer::Keys(keys.to_owned())).unwrap();
        let Step::Passed(passage) = runner.step().unwrap() else { panic!() };
        (passage.next.unwrap().as_str().to_owned(), runner.state().stored_input.clone())
    };
    let custom = json!({"CustomValidation": {"MaximumLength": "4"}});
    let went = |input: &str| ("next".to_owned(), Some(input.to_owned()));
    assert_eq!(stored(custom.clone(), json!({}), "12#34"), went("12"));
    assert_eq!(stored(custom.clone(), json!({}), "123456"), went("1234"));
    assert_eq!(stored(custom.clone(), json!({}), "12*34#"), went("34"));
    assert_eq!(stored(custom.clone(), json!({"DisableCancelKey": "true"}), "12*3#"), went("12*3"));
    assert_eq!(stored(custom.clone(), json!({"InputTerminationSequence": "##"}), "1##"), went("1"));
    assert_eq!(stored(custom, json!({}), ""), went("Timeout"));
    let local = json!({"PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": "US"}});
    assert_eq!(stored(local.clone(), json!({}), "2065550123#"), went("+12065550123"));
    assert_eq!(stored(local, json!({}), "206#"), ("InvalidPhoneNumber".to_owned(), None));
    let international = json!({"PhoneNumberValidation": {"NumberFormat": "E164"}});
    assert_eq!(stored(international, json!({}), "12065550123#"), went("+12065550123"));
}

#[test]
fn encrypted_input_is_refused_clearly() {
    let flow = one(
        "GetParticipantInput",
        json!({"StoreInput": "True", "InputTimeLimitSeconds": "5",
        "InputValidation": {"CustomValidation": {"MaximumLength": "20"}}, "InputEncryption": {"EncryptionKeyId": "k", "Key": "pem"}}),
    );
    let error = run(flow, contact()).step().unwrap_err();
    assert!(matches!(error, RunError::Unsupported { .. }));
    assert!(error.to_string().contains("take InputEncryption out"), "{error}");
}

#[test]
fn a_bot_finds_an_intent() {
    let parameters = json!({"Text": "How can I help?", "LexV2Bot": {"AliasArn": "arn:bot"}, "LexSessionAttributes": {"queue": "$.Queue.Name"}});
    let flow = branching(
        "ConnectParticipantWithLexBot",
        parameters,
        &[("Equals", "Billing")],
        &["NoMatchingCondition", "InputTimeLimitExceeded", "NoMatchingError"],
    );
    let (mut runner, request) = asked(flow.clone(), in_queue());
    let Request::Converse { bot, session_attributes, .. } = request else { panic!() };
    assert_eq!((bot.as_str(), session_attributes[0].1.as_str()), ("arn:bot", "Support"));
    runner.answer(Answer::Intent("Billing".to_owned(), json!({"Slots": {"amount": "5"}}))).unwrap();
    let Step::Passed(passage) = runner.step().unwrap() else { panic!() };
    assert_eq!(passage.next.unwrap().as_str(), "Billing");
    assert_eq!(runner.state().fill(&crate::Text::new("$.Lex.Slots.amount")), "5");
    let (runner, _) = asked(flow, contact());
    assert_eq!(goes(runner, Answer::TimedOut), "InputTimeLimitExceeded");
}
