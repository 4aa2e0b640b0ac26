use std::path::Path;

use super::*;
use crate::script::Script;

/// The script whose steps these lines are, in a call that agent-1 answers after 5 s and that ends after a minute.
fn script(steps: &str) -> Result<Script, String> {
    let yaml = format!(
        "summary: s\ncontact: {{ from: '+12065550100' }}\nsteps:\n  - {{ at: 1s, media_streaming: start }}\n{steps}\n"
    );
    Script::parse(Path::new("a-call.yaml"), &yaml).map_err(|error| error.to_string())
}

const ANSWER: &str = "  - { at: 5s, answer: agent-1 }\n";
const END: &str = "  - { at: 1m, hang_up: customer }\n";

#[test]
fn lines_are_streamed_until_it_stops_and_nobody_is_heard_on_hold() {
    let script = script(&format!(
        "{ANSWER}
  - {{ at: 6s, agent: Good morning to you }}
  - {{ at: 7s, customer: {{ text: Hello, length: 3s }} }}
  - {{ at: 10s, hold: 20s }}
  - {{ at: 40s, media_streaming: stop }}
{END}"
    ))
    .unwrap();
    let [streamed] = script.streamed() else { panic!("{:?}", script.streamed()) };
    let seconds = Duration::from_secs;
    assert_eq!((streamed.leg, streamed.from, streamed.to), (0, seconds(1), seconds(40)));
    let lines: Vec<_> = streamed.lines.iter().map(|said| (said.who, said.end())).collect();
    assert_eq!(lines, [(Speaker::Agent, Duration::from_millis(7400)), (Speaker::Customer, seconds(10))]);
    assert_eq!(
        streamed.gaps,
        [
            (Speaker::Agent, seconds(1), seconds(5)),
            (Speaker::Customer, seconds(10), seconds(30)),
            (Speaker::Agent, seconds(10), seconds(30)),
        ]
    );
}

#[test]
fn a_transferred_leg_is_streamed_by_itself_until_it_ends() {
    let script = script(&format!(
        "{ANSWER}
  - {{ at: 10s, transfer: Billing }}
  - {{ at: 11s, media_streaming: start }}
  - {{ at: 20s, answer: agent-2 }}
  - {{ at: 21s, agent: Hello }}
{END}"
    ))
    .unwrap();
    let streamed = script.streamed();
    let spans: Vec<_> = streamed.iter().map(|it| (it.leg, it.from.as_secs(), it.to.as_secs())).collect();
    assert_eq!(spans, [(0, 1, 20), (1, 11, 60)]);
    assert_eq!(streamed[1].lines.len(), 1);
}

#[test]
fn what_nobody_could_hear_is_refused() {
    let errors = [
        format!("  - {{ at: 2s, agent: Hello }}\n{END}"),
        format!("{ANSWER}  - {{ at: 6s, media_streaming: start }}\n{END}"),
        format!("  - {{ at: 2s, media_streaming: stop }}\n  - {{ at: 3s, customer: Hello }}\n{END}"),
        format!("  - {{ at: 2s, media_streaming: stop }}\n  - {{ at: 3s, media_streaming: stop }}\n{END}"),
        format!("  - {{ at: 2s, customer: Hello there }}\n  - {{ at: 2.1s, customer: Hello }}\n{END}"),
        format!("{ANSWER}  - {{ at: 6s, hold: 5s }}\n  - {{ at: 7s, customer: Hello }}\n{END}"),
        format!("  - {{ at: 59.9s, customer: Hello there }}\n{END}"),
        format!("{END}  - {{ at: 61s, customer: Hello }}\n"),
    ]
    .map(|steps| script(&steps).unwrap_err());
    insta::assert_snapshot!(errors.join("\n"), @r"
    a-call.yaml:5: no agent has answered yet
    a-call.yaml:6: media streaming is started already
    a-call.yaml:6: nobody listens: a `media_streaming: start` step has to come before, or the contact has `contact_lens: true`
    a-call.yaml:6: media streaming is not started
    a-call.yaml:6: the same person is still saying something else
    a-call.yaml:7: nobody hears this: the customer is on hold meanwhile
    a-call.yaml:5: media streaming stops before this is said
    a-call.yaml:6: the call is over: only fault, presses, resend, backfill and the answer to a callback can follow hang_up
    ");
}
