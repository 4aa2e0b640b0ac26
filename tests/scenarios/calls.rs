//! Every scripted call that ships, over the real binaries.

use contact_center::script::Script;

use crate::support::{center, root};

#[tokio::test(flavor = "multi_thread")]
async fn every_scripted_call_leaves_behind_what_it_says() {
    let folder = root().join("local/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    assert!(files.len() >= 6);
    for file in files {
        let script = Script::read(&file).unwrap();
        // Each in a contact center of its own: what one call breaks is no part of the next.
        let center = center().await;
        let outcome = center.play(&script).await.unwrap();
        assert!(!outcome.checks.is_empty(), "{} expects nothing", script.name);
        assert!(outcome.failures().is_empty(), "{}: {:#?}", script.name, outcome.failures());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_can_be_played_again_where_others_were_played() {
    let center = center().await;
    for name in
        ["flow-case-found", "flow-case-opened", "flow-outbound", "flow-omni-agent", "case-opened"].repeat(2)
    {
        let script = Script::read(&root().join(format!("local/scenarios/{name}.yaml"))).unwrap();
        let outcome = center.play(&script).await.unwrap();
        assert!(outcome.failures().is_empty(), "{name}: {:#?}", outcome.failures());
    }
}
