use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use connect::contact_lens::{Segment, Utterance};
use proptest::prelude::*;
use salesforce::Private;
use serde_json::{Value, json};

use super::*;
use crate::config::Config;
use crate::ledger::Place;
use crate::mapping::{self, Clock, Item};

fn config() -> Config {
    let look_up = |variable: &str| (variable == "SUMMARY_FIELD").then(|| "Summary__c".to_owned());
    Config::from_env(&lambda_kit::env::Env::new(&look_up)).unwrap()
}

fn clock() -> Clock {
    let arrived = DateTime::from_timestamp_millis(1_772_470_000_000).unwrap();
    Clock { audio_start: Some(arrived), arrived }
}

fn says(role: &str, id: &str) -> Item {
    let utterance: Utterance = serde_json::from_value(json!({
        "Id": id, "ParticipantRole": role, "PartialContent": "words", "BeginOffsetMillis": 0, "EndOffsetMillis": 1,
    }))
    .unwrap();
    mapping::items(Segment::Utterance(utterance), clock(), &config()).unwrap().remove(0)
}

fn signal(category: &str) -> Item {
    let segment = json!({ "Categories": { "MatchedCategories": [category] } });
    mapping::items(serde_json::from_value(segment).unwrap(), clock(), &config()).unwrap().remove(0)
}

/// Lanes of contacts; each item is a record of its own, in the order given.
#[derive(Default)]
struct Stream {
    lanes: Vec<Lane>,
    ledger: Vec<usize>,
}

impl Stream {
    fn lane(&mut self, contact: &str, first: Option<&str>, center: Option<&str>) -> usize {
        let key = |text: &str| salesforce::telephony::CallKey::parse(text).unwrap();
        let center = center.map(str::to_owned);
        self.lanes.push(Lane::new(key(contact), first.map(key), center, Some("i-1".into())));
        self.lanes.len() - 1
    }

    fn push(&mut self, lane: usize, item: Item) {
        let record = self.ledger.len();
        self.ledger.push(lane);
        self.lanes[lane].records.push(record);
        self.lanes[lane].push(Place { record, segment: 0 }, item);
    }

    fn plan(self) -> Plan {
        let mut ledger = Ledger::new(self.ledger.len());
        for record in 0..self.ledger.len() {
            ledger.has_segments(record, 1);
            ledger.expect(Place { record, segment: 0 });
        }
        Plan::new(self.lanes, ledger)
    }
}

/// One contact that says these: `C` the customer, `A` the agent, `S` a supervisor.
fn of_one(speakers: &str) -> Plan {
    let mut stream = Stream::default();
    let lane = stream.lane("c-1", None, None);
    for (index, speaker) in speakers.chars().enumerate() {
        stream.push(lane, says(role(speaker), &index.to_string()));
    }
    stream.plan()
}

fn role(speaker: char) -> &'static str {
    match speaker {
        'C' => "CUSTOMER",
        'S' => "SUPERVISOR",
        _ => "AGENT",
    }
}

/// The entries of a request: the call, and the ids of its messages.
fn entries(work: &Work) -> Vec<(String, Vec<String>)> {
    let Work::Messages { batch, .. } = work else { panic!("{work:?}") };
    let batch = serde_json::to_value(batch).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entry = |entry: &Value| {
        let messages = entry["messages"].as_array().unwrap();
        (text(&entry["vendorCallKey"]), messages.iter().map(|message| text(&message["messageId"])).collect())
    };
    batch["entries"].as_array().unwrap().iter().map(entry).collect()
}

fn ids(entries: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    entries.iter().map(|(call, ids)| ((*call).to_owned(), owned(ids))).collect()
}

fn refusal(blame: Blame) -> Outcome {
    Outcome::Refused(Fault { code: "SalesforceRefused", reason: "no".into(), blame })
}

#[test]
fn a_call_goes_in_fives_one_speaker_per_entry() {
    let mut plan = of_one("CACCACC");
    let first = plan.next().unwrap();
    assert_eq!(entries(&first), ids(&[("c-1", &["0", "2", "3"]), ("c-1", &["1", "4"])]));
    assert!(plan.next().is_none(), "never two requests for one call at once");
    plan.finish(first, Outcome::Done);
    let second = plan.next().unwrap();
    assert_eq!(entries(&second), ids(&[("c-1", &["5", "6"])]));
    plan.finish(second, Outcome::Done);
    assert!(plan.next().is_none());
    assert_eq!(plan.ledger().first_unsettled(), None);
}

#[test]
fn a_request_takes_as_many_calls_as_it_has_room_for_and_a_call_whole_or_not() {
    let mut stream = Stream::default();
    for (contact, speakers) in [("c-1", "CA"), ("c-2", "CC"), ("c-3", "CAS"), ("c-4", "A"), ("c-5", "C")] {
        let lane = stream.lane(contact, None, None);
        speakers.chars().for_each(|speaker| stream.push(lane, says(role(speaker), &speaker.to_string())));
    }
    let mut plan = stream.plan();
    let first = plan.next().unwrap();
    assert_eq!(
        entries(&first),
        ids(&[("c-1", &["C"]), ("c-1", &["A"]), ("c-2", &["C", "C"]), ("c-4", &["A"]), ("c-5", &["C"])])
    );
    assert_eq!(entries(&plan.next().unwrap()), ids(&[("c-3", &["C"]), ("c-3", &["A"]), ("c-3", &["S"])]));
}

#[test]
fn call_centers_have_requests_of_their_own() {
    let mut stream = Stream::default();
    for (contact, center) in [("c-1", None), ("c-2", Some("emea")), ("c-3", None)] {
        let lane = stream.lane(contact, None, center);
        stream.push(lane, says("AGENT", "0"));
    }
    let mut plan = stream.plan();
    assert_eq!(entries(&plan.next().unwrap()), ids(&[("c-1", &["0"]), ("c-3", &["0"])]));
    let emea = plan.next().unwrap();
    assert!(matches!(&emea, Work::Messages { center: Some(center), .. } if center == "emea"), "{emea:?}");
}

#[test]
fn two_legs_of_a_conversation_are_one_call() {
    let mut stream = Stream::default();
    let first = stream.lane("c-1", None, None);
    let second = stream.lane("c-2", Some("c-1"), None);
    stream.push(first, says("AGENT", "0"));
    stream.push(second, says("AGENT", "1"));
    let mut plan = stream.plan();
    let work = plan.next().unwrap();
    assert_eq!(entries(&work), ids(&[("c-1", &["0"])]));
    assert!(plan.next().is_none());
    plan.finish(work, Outcome::Done);
    assert_eq!(entries(&plan.next().unwrap()), ids(&[("c-1", &["1"])]));
}

#[test]
fn signals_go_together_when_no_message_waits() {
    let mut stream = Stream::default();
    let lane = stream.lane("c-1", None, None);
    for number in 0..30 {
        stream.push(lane, signal(&number.to_string()));
    }
    stream.push(lane, Item::Summary(Private::from("A summary.")));
    stream.push(lane, says("AGENT", "0"));
    let mut plan = stream.plan();
    let mut counts = Vec::new();
    while let Some(work) = plan.next() {
        counts.push(match &work {
            Work::Messages { .. } => "messages".to_owned(),
            Work::Signals { events, .. } => format!("{} signals", events.events.len()),
            Work::Summary { contact, .. } => format!("summary of {contact}"),
            work => panic!("{work:?}"),
        });
        plan.finish(work, Outcome::Done);
    }
    assert_eq!(counts, ["messages", "25 signals", "5 signals", "summary of c-1"]);
    assert_eq!(plan.ledger().first_unsettled(), None);
}

#[test]
fn what_may_succeed_later_ends_its_calls_and_the_others_go_on() {
    let mut stream = Stream::default();
    let lanes = [("c-1", None), ("c-2", None), ("c-3", Some("emea"))]
        .map(|(contact, center)| stream.lane(contact, None, center));
    for lane in lanes {
        (0..7).for_each(|id| stream.push(lane, says("AGENT", &id.to_string())));
    }
    let mut plan = stream.plan();
    let failing = plan.next().unwrap();
    assert_eq!(entries(&failing).len(), 2);
    plan.finish(failing, Outcome::Later);
    let mut sent = 0;
    while let Some(work) = plan.next() {
        sent += entries(&work).iter().map(|(_, ids)| ids.len()).sum::<usize>();
        plan.finish(work, Outcome::Done);
    }
    assert_eq!((sent, plan.ledger().first_unsettled()), (7, Some(0)));
    assert!(plan.lanes()[2].is_to_be_noted() && !plan.lanes()[0].is_to_be_noted());
}

/// Carries the plan out against a Salesforce that refuses this message, with or without others. What was buried.
fn refusing(plan: &mut Plan, bad: (&str, &str), requests: &mut usize) -> Vec<usize> {
    let mut buried = Vec::new();
    while let Some(work) = plan.next() {
        let outcome = match &work {
            Work::Messages { .. } => {
                *requests += 1;
                let refused = entries(&work)
                    .iter()
                    .any(|(call, ids)| call == bad.0 && ids.iter().any(|id| id == bad.1));
                if refused { refusal(Blame::Unclear) } else { Outcome::Done }
            }
            Work::LookUp { contact, .. } => Outcome::FirstContact(Some(contact.clone())),
            Work::Bury { records, .. } => {
                buried.extend(records);
                Outcome::Done
            }
            work => panic!("{work:?}"),
        };
        plan.finish(work, outcome);
    }
    buried
}

#[test]
fn a_message_that_is_refused_is_found_and_the_others_go_on() {
    let mut stream = Stream::default();
    for contact in ["c-1", "c-2", "c-3"] {
        let lane = stream.lane(contact, None, None);
        (0..8).for_each(|id| stream.push(lane, says("AGENT", &id.to_string())));
    }
    let mut plan = stream.plan();
    let mut requests = 0;
    // Record 10 is message 2 of c-2.
    assert_eq!(refusing(&mut plan, ("c-2", "2"), &mut requests), [10]);
    assert_eq!(plan.ledger().first_unsettled(), None);
    // All three; each alone; c-2 one by one; the rest of all, together again.
    assert!(requests <= 1 + 3 + 5 + 3, "{requests}");
}

#[test]
fn a_leg_that_is_refused_is_sent_under_the_first_contact_once_connect_has_named_it() {
    let mut plan = of_one("CCCCCCC");
    let refused = plan.next().unwrap();
    plan.finish(refused, refusal(Blame::Unclear));
    let question = plan.next().unwrap();
    assert!(matches!(&question, Work::LookUp { instance, .. } if instance == "i-1"), "{question:?}");
    let first = salesforce::telephony::CallKey::parse("c-0").unwrap();
    plan.finish(question, Outcome::FirstContact(Some(first)));
    for expected in [&["0", "1", "2", "3", "4"][..], &["5", "6"]] {
        let work = plan.next().unwrap();
        assert_eq!(entries(&work), ids(&[("c-0", expected)]));
        let Work::Messages { batch, .. } = &work else { panic!() };
        let batch = serde_json::to_value(batch).unwrap();
        assert_eq!(batch["entries"][0]["messages"][0]["participantId"], "c-0END_USER");
        plan.finish(work, Outcome::Done);
    }
    assert_eq!(plan.ledger().first_unsettled(), None);
}

#[test]
fn a_call_that_salesforce_does_not_know_is_given_up_whole() {
    for answer in [None, Some("c-1")] {
        let mut plan = of_one("CCCCCCC");
        let refused = plan.next().unwrap();
        plan.finish(refused, refusal(Blame::Call));
        let question = plan.next().unwrap();
        let answer = answer.map(|id| salesforce::telephony::CallKey::parse(id).unwrap());
        plan.finish(question, Outcome::FirstContact(answer));
        let burial = plan.next().unwrap();
        assert!(matches!(&burial, Work::Bury { records, .. } if records.len() == 7), "{burial:?}");
        plan.finish(burial, Outcome::Done);
        assert!(plan.next().is_none());
        assert_eq!(plan.ledger().first_unsettled(), None);
    }
}

#[test]
fn while_connect_does_not_answer_or_the_queue_does_not_take_it_the_record_must_come_again() {
    let mut plan = of_one("C");
    let refused = plan.next().unwrap();
    plan.finish(refused, refusal(Blame::Unclear));
    let question = plan.next().unwrap();
    plan.finish(question, Outcome::Later);
    assert!(plan.next().is_none());
    assert_eq!(plan.ledger().first_unsettled(), Some(0));

    let mut plan = of_one("C");
    let refused = plan.next().unwrap();
    plan.finish(refused, refusal(Blame::Center));
    let burial = plan.next().unwrap();
    assert!(matches!(burial, Work::Bury { .. }), "{burial:?}");
    plan.finish(burial, Outcome::Later);
    assert!(plan.next().is_none());
    assert_eq!(plan.ledger().first_unsettled(), Some(0));
}

#[test]
fn signals_that_must_not_be_sent_again_are_not() {
    let mut stream = Stream::default();
    let lane = stream.lane("c-1", None, None);
    (0..3).for_each(|number| stream.push(lane, signal(&number.to_string())));
    let mut plan = stream.plan();
    let signals = plan.next().unwrap();
    plan.finish(signals, refusal(Blame::Sent));
    let burial = plan.next().unwrap();
    assert!(matches!(&burial, Work::Bury { records, .. } if records == &[0, 1, 2]), "{burial:?}");
    plan.finish(burial, Outcome::Done);
    assert!(plan.next().is_none());
}

#[test]
fn a_record_is_one_dead_letter_however_much_of_it_is_refused() {
    let mut stream = Stream::default();
    let lane = stream.lane("c-1", Some("c-0"), None);
    stream.push(lane, says("AGENT", "0"));
    stream.lanes[lane].push(Place { record: 0, segment: 0 }, says("AGENT", "1"));
    let mut ledger = Ledger::new(1);
    ledger.has_segments(0, 1);
    (0..2).for_each(|_| ledger.expect(Place { record: 0, segment: 0 }));
    let mut plan = Plan::new(stream.lanes, ledger);
    let mut buried = Vec::new();
    while let Some(work) = plan.next() {
        let outcome = match &work {
            Work::Bury { records, .. } => {
                buried.extend(records.iter().copied());
                Outcome::Done
            }
            _ => refusal(Blame::Unclear),
        };
        plan.finish(work, outcome);
    }
    assert_eq!((buried, plan.ledger().first_unsettled()), (vec![0], None));
}

/// What may become of a request.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Done,
    Later,
    Refused(Blame),
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        12 => Just(Fate::Done),
        1 => Just(Fate::Later),
        2 => Just(Fate::Refused(Blame::Unclear)),
        1 => Just(Fate::Refused(Blame::Call)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Whatever becomes of the requests, in whatever order they end.
    #[test]
    fn limits_are_kept_and_every_call_stays_in_order(
        spoken in prop::collection::vec((0..9_usize, "[CAS]"), 0..150),
        fates in prop::collection::vec((fate(), any::<prop::sample::Index>()), 1..40),
        at_once in 1..9_usize,
    ) {
        let mut stream = Stream::default();
        for number in 0..9 {
            // The last two are legs of the first one.
            let first = (number >= 7).then_some("c-0");
            stream.lane(&format!("c-{number}"), first, (number == 3).then_some("emea"));
        }
        for (number, (lane, speaker)) in spoken.iter().enumerate() {
            stream.push(*lane, says(role(speaker.chars().next().unwrap()), &number.to_string()));
        }
        let lane_of = stream.ledger.clone();
        let mut plan = stream.plan();
        let mut fates = fates.into_iter().cycle();
        let mut running: Vec<Work> = Vec::new();
        let mut arrived: BTreeMap<(usize, char), Vec<usize>> = BTreeMap::new();
        let mut buried = BTreeSet::new();
        loop {
            while running.len() < at_once && let Some(work) = plan.next() {
                running.push(work);
            }
            let calls: Vec<String> = running.iter().filter(|work| matches!(work, Work::Messages { .. })).flat_map(|work| {
                entries(work).into_iter().map(|(call, _)| call).collect::<BTreeSet<_>>()
            }).collect();
            prop_assert_eq!(calls.iter().collect::<BTreeSet<_>>().len(), calls.len(), "two requests for one call");
            if running.is_empty() {
                break;
            }
            let (fate, which) = fates.next().unwrap();
            let work = running.swap_remove(which.index(running.len()));
            let outcome = match (&work, fate) {
                (Work::LookUp { contact, .. }, _) => Outcome::FirstContact(Some(contact.clone())),
                (Work::Bury { records, .. }, _) => {
                    buried.extend(records.iter().copied());
                    Outcome::Done
                }
                (_, Fate::Later) => Outcome::Later,
                (_, Fate::Refused(blame)) => refusal(blame),
                (work, Fate::Done) => {
                    let entries = entries(work);
                    prop_assert!(entries.len() <= 5);
                    let mut of_call: BTreeMap<&str, usize> = BTreeMap::new();
                    for (call, ids) in &entries {
                        *of_call.entry(call).or_default() += ids.len();
                        for id in ids {
                            let number: usize = id.parse().unwrap();
                            let speaker = spoken[number].1.chars().next().unwrap();
                            arrived.entry((lane_of[number], speaker)).or_default().push(number);
                        }
                    }
                    prop_assert!(of_call.values().all(|messages| *messages <= 5));
                    Outcome::Done
                }
            };
            plan.finish(work, outcome);
        }
        for numbers in arrived.values() {
            prop_assert!(numbers.is_sorted_by(|one, next| one < next), "in order, and none twice: {numbers:?}");
        }
        let arrived: BTreeSet<usize> = arrived.into_values().flatten().collect();
        let settled = plan.ledger().first_unsettled().unwrap_or(spoken.len());
        for number in 0..settled {
            prop_assert!(arrived.contains(&number) != buried.contains(&number), "{number} is delivered or buried");
        }
        for (number, lane) in plan.lanes().iter().enumerate() {
            if let Some((record, _)) = plan.ledger().progress(&lane.records) {
                let covered = lane.records.iter().filter(|other| **other <= record);
                prop_assert!(covered.clone().all(|other| arrived.contains(other) || buried.contains(other)), "{number}");
            }
        }
    }
}
