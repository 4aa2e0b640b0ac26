//! The sample analysis files, and what damage does to them.

use connect::ContactId;
use connect::analysis::{Analysis, ParticipantRole};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample_files::folder;

#[test]
fn every_sample_is_read_and_every_turn_is_somebody_s() {
    for (name, file) in folder("analyses") {
        let bytes = serde_json::to_vec(&file).unwrap();
        let analysis = Analysis::read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(analysis.turns.len(), file["Transcript"].as_array().unwrap().len(), "{name}");
        for (turn, sent) in analysis.turns.iter().zip(file["Transcript"].as_array().unwrap()) {
            assert_eq!(turn.content, sent["Content"].as_str().unwrap_or_default(), "{name}");
            let known = !matches!(analysis.role_of(turn), ParticipantRole::Other(_));
            assert!(known || name == "awkward", "{name}: {}", turn.participant_id);
        }
        let contact = file["CustomerMetadata"]["ContactId"].as_str().map(|id| ContactId::parse(id).unwrap());
        assert_eq!(analysis.customer_metadata.contact_id, contact, "{name}");
    }
}

proptest! {
    #[test]
    fn a_damaged_sample_is_read_or_refused_and_never_repeated(
        name in prop::sample::select(vec!["original", "awkward", "no-agent"]),
        turn in any::<prop::sample::Index>(),
        field in prop::sample::select(vec!["Id", "Content", "BeginOffsetMillis", "EndOffsetMillis", "Sentiment", "ParticipantId"]),
        by in prop_oneof![Just(json!(null)), Just(json!("+12065550142")), Just(json!(-1)), Just(json!([])), Just(json!(1.5e300))],
    ) {
        let mut file: Value = folder("analyses").remove(name).unwrap();
        let turns = file["Transcript"].as_array_mut().unwrap();
        let at = turn.index(turns.len());
        turns[at][field] = by;
        let bytes = serde_json::to_vec(&file).unwrap();
        if let Err(error) = Analysis::read(&bytes) {
            prop_assert_eq!(error.path(), format!("Transcript[{at}].{field}"));
            prop_assert!(!error.to_string().contains("+12065550142"), "{}", error);
        }
    }
}
