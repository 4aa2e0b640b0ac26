//! The parameters of participant actions.

use super::fields::Fields;
use crate::action::{
    ConnectParticipantWithLexBot, Count, GetParticipantInput, InputMode, Keypad, Message, MessageParticipant,
    MessageParticipantIteratively, Validation,
};
use crate::text::Text;

/// What is said: one of `Text`, `SSML`, `PromptId` and `Media`.
fn message(fields: &Fields<'_, '_>) -> Option<Message> {
    let media = fields.fields("Media");
    let said: Vec<Message> = [
        fields.text("Text").map(Message::Text),
        fields.text("SSML").map(Message::Ssml),
        fields.text("PromptId").map(Message::Prompt),
        media.text("Uri").map(Message::Media),
    ]
    .into_iter()
    .flatten()
    .collect();
    // What else there is to know of the file.
    let _: [Option<Text>; 2] = [media.text("SourceType"), media.text("MediaType")];
    if said.len() > 1 {
        fields.problem("Text", "only one of Text, SSML, PromptId and Media can be said");
    }
    said.into_iter().next()
}

fn required_message(fields: &Fields<'_, '_>) -> Message {
    message(fields).unwrap_or_else(|| {
        fields.problem("Text", "is missing: one of Text, SSML, PromptId and Media must be there");
        Message::Text(Text::default())
    })
}

pub(super) fn message_participant(fields: &Fields<'_, '_>) -> MessageParticipant {
    // Every export has it: whether the prompt is left out for who has typed ahead. Scripts press keys when they are asked for.
    let _: Option<bool> = fields.flag("SkipWhenDTMFBufferEnabled");
    MessageParticipant { message: required_message(fields) }
}

pub(super) fn iteratively(fields: &Fields<'_, '_>) -> MessageParticipantIteratively {
    let messages: Vec<Message> = fields.objects("Messages").iter().map(required_message).collect();
    if messages.is_empty() {
        fields.problem("Messages", "there must be one message or more");
    }
    MessageParticipantIteratively {
        messages,
        interrupt_after: fields.count("InterruptFrequencySeconds", 1..=u64::from(u32::MAX)),
    }
}

pub(super) fn input(fields: &Fields<'_, '_>) -> GetParticipantInput {
    // Exports write InputTimeLimitSeconds, the page InputTimeoutSeconds.
    let limit =
        if fields.has("InputTimeoutSeconds") { "InputTimeoutSeconds" } else { "InputTimeLimitSeconds" };
    let keys = fields.fields("DTMFConfiguration");
    let between = ["InterdigitTimeLimitSeconds", "InterdigitTimeoutSeconds"];
    let between = between.into_iter().find_map(|name| keys.count(name, 1..=20));
    GetParticipantInput {
        message: message(fields),
        time_limit: fields.required_count(limit, 1..=u64::from(u32::MAX)),
        mode: if fields.flag("StoreInput") == Some(true) {
            InputMode::Store { validation: validation(fields), encrypted: encrypted(fields) }
        } else {
            InputMode::Menu
        },
        keypad: Keypad {
            terminator: terminator(&keys),
            cancel: keys.flag("DisableCancelKey") != Some(true),
            between: between.unwrap_or(Count::Fixed(5)),
        },
    }
}

fn terminator(keys: &Fields<'_, '_>) -> String {
    let keypad = |text: &str| text.chars().all(|key| key.is_ascii_digit() || matches!(key, '*' | '#'));
    let terminator = keys.choice("InputTerminationSequence", "one to five keys of the keypad", |text| {
        (keypad(text) && text.len() <= 5).then(|| text.to_owned())
    });
    terminator.unwrap_or_else(|| "#".to_owned())
}

fn validation(fields: &Fields<'_, '_>) -> Validation {
    let validation = fields.fields("InputValidation");
    if validation.has("PhoneNumberValidation") {
        let phone = validation.fields("PhoneNumberValidation");
        let local = phone.choice("NumberFormat", "Local or E164", |format| match format {
            "Local" => Some(true),
            "E164" => Some(false),
            _ => None,
        });
        return match local {
            Some(true) => Validation::Local { country: phone.required("CountryCode") },
            _ => Validation::International,
        };
    }
    if !validation.has("CustomValidation") {
        validation.problem("CustomValidation", "is missing: input that is stored must be validated");
        return Validation::International;
    }
    let custom = validation.fields("CustomValidation");
    Validation::Custom { most: custom.required_count("MaximumLength", 1..=u64::from(u32::MAX)) }
}

fn encrypted(fields: &Fields<'_, '_>) -> bool {
    let encryption = fields.fields("InputEncryption");
    let _: [Option<Text>; 2] = [encryption.text("EncryptionKeyId"), encryption.text("Key")];
    fields.has("InputEncryption")
}

pub(super) fn lex_bot(fields: &Fields<'_, '_>) -> ConnectParticipantWithLexBot {
    let (v2, v1) = (fields.fields("LexV2Bot"), fields.fields("LexBot"));
    let _: [Option<Text>; 2] = [v1.text("Region"), v1.text("Alias")];
    let bot = v2.text("AliasArn").or_else(|| v1.text("Name"));
    if bot.is_none() {
        fields.problem("LexV2Bot", "is missing: a bot must be named by LexV2Bot.AliasArn or LexBot.Name");
    }
    let _: Fields<'_, '_> = fields.fields("LexTimeoutSeconds");
    ConnectParticipantWithLexBot {
        message: message(fields),
        bot: bot.unwrap_or_default(),
        session_attributes: fields.pairs("LexSessionAttributes"),
    }
}
