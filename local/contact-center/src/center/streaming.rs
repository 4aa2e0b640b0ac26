//! Media streaming: the audio of a leg, put into a Kinesis video stream as it is spoken.

use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use local_aws::{CallAudio, Ending, ErrorTag, Fragment, Side, VideoStream};
use tokio::task::JoinHandle;

use super::{Center, lock};
use crate::script::{Audio, KinesisVideoFault, Pace, Speaker, Streamed};

/// What another contact says in a stream that it got: somebody who reads on transcribes it.
const FOREIGN_WORDS: &str = "this is said in another call";
const FOREIGN_LENGTH: Duration = Duration::from_secs(6);
/// How much is streamed of a call in which nobody says anything: two fragments, because Kinesis Video may begin after the first, and
/// only with another one does a reader know.
const SILENCE: Duration = Duration::from_secs(2);

/// A leg that is being streamed. Dropped, nobody streams it any more.
#[derive(Debug)]
pub(super) struct Streaming {
    contact_id: String,
    stream: VideoStream,
    speaking: JoinHandle<()>,
}

impl Drop for Streaming {
    fn drop(&mut self) {
        self.speaking.abort();
    }
}

impl Center {
    /// Streams a leg of a call, on the clock that it is played on; returns what contact flows are told of it.
    pub(crate) fn stream(
        &self,
        contact_id: &str,
        ring: DateTime<Utc>,
        streamed: &Streamed,
        clock: Pace,
    ) -> anyhow::Result<Audio> {
        let (from, length) = (streamed.from, streamed.to - streamed.from);
        let mut call = CallAudio::new(&self.aws, contact_id, ring + from, length);
        for said in &streamed.lines {
            call.say(side(said.who), said.at - from, said.length, &said.text)
                .with_context(|| format!("saying “{}”", said.text))?;
        }
        for (who, begin, end) in &streamed.gaps {
            call.gap(side(*who), begin.saturating_sub(from), end.saturating_sub(from));
        }
        let stream = self.video_stream(contact_id);
        let audio = Audio {
            stream_arn: stream.arn().to_owned(),
            first_fragment: stream.next_fragment_number(),
            started: ring + from,
            stopped: None,
        };
        let speaking = tokio::spawn({
            let stream = stream.clone();
            async move {
                for fragment in call.fragments() {
                    let spoken = fragment.server_timestamp.and_then(|at| (at - ring).to_std().ok());
                    tokio::time::sleep_until(clock.when(spoken.unwrap_or(from))).await;
                    stream.push(fragment);
                }
            }
        });
        lock(&self.streaming).push(Streaming { contact_id: contact_id.to_owned(), stream, speaking });
        Ok(audio)
    }

    /// Waits until everything that is streamed of these contacts has been said.
    pub(crate) async fn all_said(&self, contact_ids: &[String]) {
        for streaming in &mut self.take_streams(contact_ids) {
            // It fails if the contact flow has hung up, or another contact has got the stream: all is said then, too.
            let _ = (&mut streaming.speaking).await;
        }
    }

    /// These contacts are not streamed any more, however their call was played.
    pub(super) fn stop_streams(&self, contact_ids: &[String]) {
        drop(self.take_streams(contact_ids));
    }

    fn take_streams(&self, contact_ids: &[String]) -> Vec<Streaming> {
        let mut all = lock(&self.streaming);
        all.extract_if(.., |streaming| contact_ids.contains(&streaming.contact_id)).collect()
    }

    /// The call with these contacts is over before everything is said.
    pub(crate) fn cut_short(&self, contact_ids: &[String]) {
        for streaming in lock(&self.streaming).iter() {
            if !contact_ids.contains(&streaming.contact_id) {
                continue;
            }
            streaming.speaking.abort();
            let mut last =
                Fragment::of_contact(&streaming.contact_id, self.instance.id(), Utc::now(), &Side::BOTH);
            last.tags.push(("STOP_STREAMING".to_owned(), "true".to_owned()));
            streaming.stream.push(last);
        }
    }

    /// Streams a leg in which nobody says anything: the stream is over as soon as it begins.
    pub(crate) fn stream_silence(&self, contact_id: &str, from: DateTime<Utc>) -> Audio {
        let stream = self.video_stream(contact_id);
        let first_fragment = stream.next_fragment_number();
        for fragment in CallAudio::new(&self.aws, contact_id, from, SILENCE).fragments() {
            stream.push(fragment);
        }
        Audio { stream_arn: stream.arn().to_owned(), first_fragment, started: from, stopped: None }
    }

    fn video_stream(&self, contact_id: &str) -> VideoStream {
        self.aws.video_stream(&format!("callbridge-connect-local-contact-{contact_id}"))
    }

    pub(super) fn break_streams(&self, fault: KinesisVideoFault) -> anyhow::Result<()> {
        for streaming in lock(&self.streaming).iter() {
            let ending = match fault {
                KinesisVideoFault::Closed => Ending::Closed,
                KinesisVideoFault::Broken => Ending::Broken,
                KinesisVideoFault::Error(id) => Ending::Error(ErrorTag { id, code: format!("ERROR_{id}") }),
                KinesisVideoFault::Reused => {
                    streaming.speaking.abort();
                    let other = uuid::Uuid::new_v4().to_string();
                    let mut call = CallAudio::new(&self.aws, &other, Utc::now(), FOREIGN_LENGTH);
                    for side in Side::BOTH {
                        call.say(side, Duration::ZERO, FOREIGN_LENGTH / 2, FOREIGN_WORDS)?;
                    }
                    for fragment in call.fragments() {
                        streaming.stream.push(fragment);
                    }
                    continue;
                }
            };
            streaming.stream.interrupt(ending);
        }
        Ok(())
    }
}

fn side(who: Speaker) -> Side {
    match who {
        Speaker::Customer => Side::FromCustomer,
        Speaker::Agent => Side::ToCustomer,
    }
}
