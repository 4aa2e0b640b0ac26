use proptest::prelude::*;

use super::*;

const CONTACT: &str = "4a573372-1f28-4e26-b97b-6a3f1c0d9e21";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_name_tells_contact_version_day_and_time() {
    let key = format!("Analysis/Voice/2026/03/02/{CONTACT}_analysis_2026-03-02T17:05:12Z.json");
    let expected = AnalysisKey {
        bucket_prefix: "",
        contact_id: ContactId::parse(CONTACT).unwrap(),
        redacted: false,
        day: day("2026-03-02"),
        connected_to_agent: Some("2026-03-02T17:05:12Z".parse().unwrap()),
    };
    assert_eq!(AnalysisKey::parse(&key).unwrap(), expected);

    let key =
        format!("Analysis/Voice/Redacted/2026/03/02/{CONTACT}_analysis_redacted_20260302T17:05_UTC.json");
    let at = Some("2026-03-02T17:05:00Z".parse().unwrap());
    assert_eq!(
        AnalysisKey::parse(&key).unwrap(),
        AnalysisKey { redacted: true, connected_to_agent: at, ..expected.clone() }
    );

    let key = format!("connect/center/Analysis/Voice/2026/03/02/{CONTACT}_analysis_another form.json");
    let expected = AnalysisKey { bucket_prefix: "connect/center/", connected_to_agent: None, ..expected };
    assert_eq!(AnalysisKey::parse(&key).unwrap(), expected);
}

#[test]
fn a_bucket_prefix_may_look_like_the_folder() {
    let key = format!("Analysis/Voice/Analysis/Voice/2026/03/02/{CONTACT}_analysis_x.json");
    assert_eq!(AnalysisKey::parse(&key).unwrap().bucket_prefix, "Analysis/Voice/");
}

#[test]
fn what_is_no_analysis_of_a_call_is_none() {
    for key in [
        "",
        "Analysis/Voice/",
        "CallRecordings/2026/03/02/c-1_20260302T17:05_UTC.wav",
        "Analysis/Chat/2026/03/02/c-1_analysis_2026-03-02T17:05:12Z.json",
        "Analysis/Voice/Redacted/2026/03/02/c-1_call_recording_redacted_2026-03-02T17:05:12Z.wav",
        "Analysis/Voice/Redacted/2026/03/02/c-1_analysis_2026-03-02T17:05:12Z.json",
        "Analysis/Voice/2026/03/02/c-1_analysis_redacted_2026-03-02T17:05:12Z.json",
        "Analysis/Voice/2026/03/02/c-1_analysis_2026-03-02T17:05:12Z.json.bak",
        "Analysis/Voice/2026/03/02/_analysis_2026-03-02T17:05:12Z.json",
        "Analysis/Voice/2026/03/02/c 1_analysis_2026-03-02T17:05:12Z.json",
        "Analysis/Voice/2026/03/c-1_analysis_2026-03-02T17:05:12Z.json",
        "Analysis/Voice/2026/13/02/c-1_analysis_2026-03-02T17:05:12Z.json",
        "Analysis/Voice/2026/3/2/c-1_analysis_2026-03-02T17:05:12Z.json",
        "Analysis/Voice/ivr/2026/03/02/c-1_analysis_2026-03-02T17:05:12Z.json",
        "MyAnalysis/Voice/2026/03/02/c-1_analysis_2026-03-02T17:05:12Z.json",
    ] {
        assert_eq!(AnalysisKey::parse(key), None, "{key}");
    }
}

#[test]
fn a_day_has_one_folder_per_version() {
    let day = day("2026-03-02");
    assert_eq!(day_prefix("", false, day), "Analysis/Voice/2026/03/02/");
    assert_eq!(day_prefix("connect/center/", false, day), "connect/center/Analysis/Voice/2026/03/02/");
    assert_eq!(day_prefix("connect/center", true, day), "connect/center/Analysis/Voice/Redacted/2026/03/02/");
}

proptest! {
    #[test]
    fn a_key_below_the_folder_of_its_day_is_read_back(
        prefix in "([a-z]{1,5}/){0,2}",
        contact in "[a-z0-9-]{1,36}",
        redacted in any::<bool>(),
        days in 0_u64..20_000,
    ) {
        let day = NaiveDate::default() + chrono::Days::new(days);
        let version = if redacted { REDACTED } else { "" };
        let folder = day_prefix(&prefix, redacted, day);
        let name = format!("{contact}_analysis_{version}{}T17:05:12Z.json", day.format("%F"));
        let key = format!("{folder}{name}");
        let parsed = AnalysisKey::parse(&key).unwrap();
        prop_assert_eq!(parsed.bucket_prefix, prefix);
        prop_assert_eq!(parsed.contact_id.as_str(), contact);
        prop_assert_eq!((parsed.redacted, parsed.day), (redacted, day));
        prop_assert_eq!(parsed.connected_to_agent.unwrap().date_naive(), day);
    }

    #[test]
    fn no_key_makes_reading_panic(key in "(x|/|Analysis/Voice/|Redacted/|2026/03/02/|c-1|_analysis_|redacted_|\\.json|\\PC){0,12}") {
        let _ = AnalysisKey::parse(&key);
    }
}
