//! Synchronous invocations: warm and cold, slow, broken and too many.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use contact_center::lambda::{Function, Host, HostError, InvokeError, Options};
use serde_json::{Value, json};

use crate::{host_of, misbehaving};

#[tokio::test]
async fn an_idle_environment_is_used_again() {
    let host = host_of(misbehaving()).await;
    let first = host.invoke("Misbehaving", json!({"echo": {"a": [1, null]}})).await.unwrap();
    assert_eq!(first.reply, Ok(json!({"a": [1, null]})));
    assert!(first.cold && first.init.is_some());
    let second = host.invoke("misbehaving", json!({"echo": 2})).await.unwrap();
    assert_eq!(second.reply, Ok(json!(2)));
    assert!(!second.cold && second.init.is_none(), "the same process, found by its package's name, too");
    assert_ne!(first.request_id, second.request_id);
}

#[tokio::test]
async fn a_busy_function_gets_another_environment_up_to_its_limit() {
    let host = host_of(Function { max_environments: 2, ..misbehaving() }).await;
    let sleep = || host.invoke("Misbehaving", json!({"sleep_ms": 300}));
    let (one, two, three) = tokio::join!(sleep(), sleep(), sleep());
    let (one, two) = (one.unwrap(), two.unwrap());
    assert!(one.cold && two.cold);
    assert_ne!(one.reply, two.reply, "two processes");
    assert_eq!(three.unwrap_err(), InvokeError::Throttled { function: "Misbehaving".into() });
}

#[tokio::test]
async fn recycled_environments_are_not_used_again() {
    let host = host_of(misbehaving()).await;
    host.invoke("Misbehaving", json!({"echo": 1})).await.unwrap();
    host.recycle("Misbehaving").unwrap();
    assert!(host.invoke("Misbehaving", json!({"echo": 1})).await.unwrap().cold);

    let busy = tokio::spawn({
        let host = host.clone();
        async move { host.invoke("Misbehaving", json!({"sleep_ms": 200})).await.unwrap() }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    host.recycle("Misbehaving").unwrap();
    assert!(busy.await.unwrap().reply.is_ok(), "an invocation under way goes on");
    assert!(host.invoke("Misbehaving", json!({"echo": 1})).await.unwrap().cold);
}

#[tokio::test]
async fn at_its_deadline_a_process_is_killed_and_replaced() {
    let host = host_of(Function { timeout: Duration::from_millis(250), ..misbehaving() }).await;
    let late = host.invoke("Misbehaving", json!({"sleep_ms": 60_000})).await.unwrap();
    let error = late.reply.unwrap_err();
    assert_eq!(error.error_type, "Sandbox.Timedout");
    let text = format!("RequestId: {} Error: Task timed out after 0.25 seconds", late.request_id);
    assert_eq!(error.error_message, text);
    assert!(late.duration >= Duration::from_millis(250));
    assert!(
        late.log.iter().any(|line| line.ends_with("Task timed out after 0.25 seconds")),
        "{:?}",
        late.log
    );
    assert!(late.log.last().unwrap().ends_with("Status: timeout"));
    let next = host.invoke("Misbehaving", json!({"echo": 1})).await.unwrap();
    assert!(next.cold && next.reply.is_ok());
}

#[tokio::test]
async fn a_crash_is_an_error_and_costs_the_environment() {
    let host = host_of(misbehaving()).await;
    let crashed = host.invoke("Misbehaving", json!({"exit": 3})).await.unwrap();
    let error = crashed.reply.unwrap_err();
    assert_eq!(error.error_type, "Runtime.ExitError");
    let text = format!("RequestId: {} Error: Runtime exited with error: exit status 3", crashed.request_id);
    assert_eq!(error.error_message, text);
    let left = host.invoke("Misbehaving", json!({"exit": 0})).await.unwrap();
    assert!(left.cold);
    assert!(left.reply.unwrap_err().error_message.ends_with("Runtime exited without providing a reason"));
}

#[tokio::test]
async fn errors_and_panics_of_the_function_leave_the_environment() {
    let host = host_of(misbehaving()).await;
    let failed = host.invoke("Misbehaving", json!({"fail": "not today"})).await.unwrap();
    assert_eq!(failed.reply.unwrap_err().to_string(), "Refused: not today");
    let panicked = host.invoke("Misbehaving", json!({"panic": "oh"})).await.unwrap();
    assert!(panicked.reply.unwrap_err().error_message.contains("oh"));
    assert!(!panicked.cold);
    let unreadable = host.invoke("Misbehaving", "not JSON").await.unwrap();
    assert!(unreadable.reply.is_err());
    assert!(!host.invoke("Misbehaving", json!({"echo": 1})).await.unwrap().cold);
}

#[tokio::test]
async fn a_reply_over_6_mb_is_refused() {
    let host = host_of(misbehaving()).await;
    let fits = host.invoke("Misbehaving", json!({"reply": 6_291_554})).await.unwrap();
    assert!(fits.reply.is_ok(), "with its quotes just at the limit");
    let over = host.invoke("Misbehaving", json!({"reply": 6_291_555})).await.unwrap();
    assert_eq!(over.reply.unwrap_err().error_type, "Function.ResponseSizeTooLarge");
    let event = host.invoke("Misbehaving", json!({"echo": "x".repeat(7_000_000)})).await;
    assert!(matches!(event, Err(InvokeError::TooLarge { limit: 6_291_456, .. })));
}

#[tokio::test]
async fn a_start_that_fails_is_tried_once_more_within_the_invocation() {
    let environment = vec![("AT_START".to_owned(), "exit".to_owned())];
    let host = host_of(Function { environment, ..misbehaving() }).await;
    let failed = host.invoke("Misbehaving", json!({"echo": 1})).await.unwrap();
    let error = failed.reply.unwrap_err();
    assert_eq!(error.error_type, "Runtime.ExitError");
    assert!(error.error_message.ends_with("Runtime exited with error: exit status 7"));
    let phases: Vec<_> = failed.log.iter().filter(|line| line.starts_with("INIT_REPORT")).collect();
    assert!(phases[0].contains("Phase: init") && phases[1].contains("Phase: invoke"), "{phases:?}");
}

#[tokio::test]
async fn a_start_that_hangs_is_cut_off() {
    let environment = vec![("AT_START".to_owned(), "hang".to_owned())];
    let function = Function { environment, timeout: Duration::from_millis(80), ..misbehaving() };
    let options = Options { init_limit: Duration::from_millis(40), ..Options::default() };
    let host = Host::start(vec![function], options).await.unwrap();
    let failed = host.invoke("Misbehaving", json!({"echo": 1})).await.unwrap();
    assert!(failed.reply.unwrap_err().error_message.ends_with("Task timed out after 0.08 seconds"));
    assert!(failed.log[0].ends_with("Phase: init\tStatus: timeout"), "{:?}", failed.log);
    assert!(failed.duration >= Duration::from_millis(80));
}

#[tokio::test]
async fn a_missing_binary_is_named() {
    let host = host_of(Function::new("Nothing", "/no/such/binary")).await;
    let error = host.invoke("Nothing", json!({})).await.unwrap().reply.unwrap_err();
    assert_eq!(error.error_type, "Runtime.InvalidEntrypoint");
    assert!(error.error_message.contains("/no/such/binary"));
}

#[tokio::test]
async fn each_line_belongs_to_its_invocation() {
    let host = host_of(misbehaving()).await;
    let one = host.invoke("Misbehaving", json!({"print": "one"})).await.unwrap();
    let two = host.invoke("Misbehaving", json!({"print": "two"})).await.unwrap();
    let id = &one.request_id;
    assert_eq!(one.log[..2], ["started".to_owned(), format!("START RequestId: {id} Version: $LATEST")]);
    assert_eq!(one.log[2..5], ["one".to_owned(), "one (error)".to_owned(), format!("END RequestId: {id}")]);
    assert!(one.log[5].starts_with(&format!("REPORT RequestId: {id}\tDuration: ")));
    assert_eq!(two.log[1..3], ["two", "two (error)"]);
    let lines: Vec<_> =
        host.logs().into_iter().filter(|line| line.request_id.as_ref() == Some(&two.request_id)).collect();
    assert_eq!(lines.iter().map(|line| &line.text).collect::<Vec<_>>(), two.log.iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_function_sees_lambda_s_variables_and_its_own_only() {
    let environment = vec![("SECRET_NAME".to_owned(), "center".to_owned())];
    let host = host_of(Function { environment, memory_mb: 512, ..misbehaving() }).await;
    let variable = async |name: &str| -> Value {
        host.invoke("Misbehaving", json!({"variable": name})).await.unwrap().reply.unwrap()
    };
    assert_eq!(variable("SECRET_NAME").await, json!("center"));
    assert_eq!(variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").await, json!("512"));
    assert_eq!(variable("AWS_LAMBDA_FUNCTION_NAME").await, json!("Misbehaving"));
    assert_eq!(variable("CARGO_MANIFEST_DIR").await, Value::Null, "the test's own variables stay outside");

    let environment = vec![("AWS_REGION".to_owned(), "eu-west-1".to_owned())];
    let refused = Host::start(vec![Function { environment, ..misbehaving() }], Options::default()).await;
    assert!(matches!(refused, Err(HostError::ReservedVariable { .. })));
}

#[tokio::test]
async fn the_runtime_learns_of_the_invocation() {
    let host = host_of(misbehaving()).await;
    let before = chrono::Utc::now().timestamp_millis();
    let invocation = host.invoke("Misbehaving", json!({"context": {}})).await.unwrap();
    let context = invocation.reply.unwrap();
    assert_eq!(context["request_id"], json!(invocation.request_id));
    assert_eq!(context["arn"], "arn:aws:lambda:us-east-1:123456789012:function:Misbehaving");
    assert!(context["trace"].as_str().unwrap().starts_with("Root=1-"));
    let left = context["deadline"].as_i64().unwrap() - before;
    assert!((8_000..20_000).contains(&left), "8 s from when the event was handed out, {left}");
}

#[tokio::test]
async fn observers_see_each_invocation_and_its_cost() {
    let host = host_of(misbehaving()).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    host.observe(move |invocation| sink.lock().unwrap().push(invocation.clone()));
    host.invoke("Misbehaving", json!({"echo": 1})).await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].payload.to_json(), json!({"echo": 1}));
    assert!(seen[0].billed >= seen[0].duration + seen[0].init.unwrap());
    #[cfg(target_os = "linux")]
    assert!(seen[0].memory_mb.unwrap() > 0 && seen[0].cpu.is_some());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn nothing_is_left_running() {
    let host = host_of(misbehaving()).await;
    let pid = host.invoke("Misbehaving", json!({"sleep_ms": 0})).await.unwrap().reply.unwrap();
    let running = || std::path::Path::new(&format!("/proc/{pid}/exe")).read_link().is_ok();
    assert!(running());
    let busy = tokio::spawn({
        let host = host.clone();
        async move { host.invoke("Misbehaving", json!({"sleep_ms": 60_000})).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    host.shutdown().await;
    assert_eq!(busy.await.unwrap().unwrap_err(), InvokeError::Stopped { function: "Misbehaving".into() });
    let again = host.invoke("Misbehaving", json!({"echo": 1})).await;
    assert_eq!(again.unwrap_err(), InvokeError::Stopped { function: "Misbehaving".into() });
    tokio::time::timeout(Duration::from_secs(5), async {
        while running() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_killed_process_is_an_error_of_the_invocation_and_the_next_one_starts_afresh() {
    let host = host_of(misbehaving()).await;
    host.kill("Misbehaving").unwrap();
    assert!(
        host.invoke("Misbehaving", json!({"echo": 1})).await.unwrap().reply.is_ok(),
        "nothing was at work"
    );
    let busy = tokio::spawn({
        let host = host.clone();
        async move { host.invoke("Misbehaving", json!({"sleep_ms": 60_000})).await.unwrap() }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    host.kill("misbehaving").unwrap();
    let killed = busy.await.unwrap().reply.unwrap_err();
    assert_eq!(killed.error_type, "Runtime.ExitError");
    assert!(killed.error_message.ends_with("Runtime exited with error: signal: killed"), "{killed}");
    let next = host.invoke("Misbehaving", json!({"echo": 1})).await.unwrap();
    assert!(next.cold && next.reply.is_ok());
}

#[tokio::test]
async fn a_function_that_is_deployed_again_has_its_new_settings_from_then_on() {
    let host = host_of(misbehaving()).await;
    let before = host.function("misbehaving").unwrap();
    let busy = tokio::spawn({
        let host = host.clone();
        async move { host.invoke("Misbehaving", json!({"sleep_ms": 400})).await.unwrap() }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let environment = vec![("GREETING".to_owned(), "hello".to_owned())];
    let timeout = Duration::from_millis(100);
    host.deploy(Function { timeout, environment, ..before.clone() }).unwrap();
    let greeting = host.invoke("Misbehaving", json!({"variable": "GREETING"})).await.unwrap();
    assert_eq!(greeting.reply, Ok(json!("hello")));
    let late = host.invoke("Misbehaving", json!({"sleep_ms": 60_000})).await.unwrap();
    assert_eq!(late.reply.unwrap_err().error_type, "Sandbox.Timedout");
    assert!(busy.await.unwrap().reply.is_ok(), "what is under way goes on as it was");

    host.deploy(before.clone()).unwrap();
    assert_eq!(host.function("Misbehaving").unwrap().timeout, before.timeout);
    let unknown = Function { name: "Nobody".to_owned(), ..before.clone() };
    assert!(matches!(host.deploy(unknown), Err(HostError::NoFunction(_))));
    let environment = vec![("AWS_REGION".to_owned(), "eu-west-1".to_owned())];
    assert!(host.deploy(Function { environment, ..before }).is_err());
}

#[tokio::test]
async fn a_function_finds_the_invoke_api_unless_it_is_told_another() {
    let host = host_of(misbehaving()).await;
    let variable = json!({"variable": "AWS_ENDPOINT_URL_LAMBDA"});
    let found = host.invoke("Misbehaving", &variable).await.unwrap();
    assert_eq!(found.reply, Ok(json!(host.url())));
    let environment = vec![("AWS_ENDPOINT_URL_LAMBDA".to_owned(), "http://127.0.0.1:1".to_owned())];
    let host = host_of(Function { environment, ..misbehaving() }).await;
    assert_eq!(host.invoke("Misbehaving", &variable).await.unwrap().reply, Ok(json!("http://127.0.0.1:1")));
}
