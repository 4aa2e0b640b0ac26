//! What was said is nobody's business but Salesforce's.

use std::io;
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;
use wiremock::ResponseTemplate;

use super::interruptions::talk;
use super::*;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_log_tells_what_was_said_or_who_called() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut scene = Scene::with_salesforce_unwilling(20.0).await;
    scene.set("HANDOVER_MARGIN_SECONDS", "2");
    talk(&mut scene, 20.0);
    // Whatever can go wrong with a message does.
    let mut times = 0;
    for status in [429, 503, 400, 400, 400] {
        times += 1;
        wiremock::Mock::given(wiremock::matchers::any())
            .respond_with(ResponseTemplate::new(status).set_body_string("the caller says"))
            .up_to_n_times(times)
            .mount(&scene.stage.salesforce)
            .await;
    }
    scene.stage.answer(503, json!([{ "message": "the caller says" }])).await;
    scene.play(None);
    scene.invoke(scene.job(), 6.0).await.unwrap();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let ours: Vec<_> =
        log.lines().filter(|line| line.contains("transcribe_call") || line.contains("salesforce")).collect();
    assert!(ours.iter().any(|line| line.contains("dead-letter queue")), "{ours:#?}");
    for private in ["caller says", "agent says", "0100"] {
        let told = ours.iter().find(|line| line.contains(private));
        assert!(told.is_none(), "{told:?}");
    }
}
