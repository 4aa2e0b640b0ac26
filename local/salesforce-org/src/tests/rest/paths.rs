//! Paths as clients may send them.

use super::Session;

#[tokio::test]
async fn no_path_brings_the_org_down() {
    let session = Session::start().await;
    for path in [
        "/sobjects/%FF/%00",
        "/sobjects/Account/%F0%9F%92%A5%F0%9F%92%A5%F0%9F%92%A5%F0%9F%92%A5",
        "/sobjects/Account/ééééééééé",
        "/sobjects/../../../etc/passwd",
        "/sobjects/Account/Id/é",
        "/sobjects/Account/Name'/x",
        "/sobjects//Account///",
        "/composite/sobjects/Account?ids=é,éé&fields=Name",
        "/sobjects/Account?_HttpMethod=%00",
    ] {
        let (status, _) = session.get(path).await;
        assert!(!status.is_server_error(), "{path}: {status}");
    }
    let url = format!("{}/services/data/v66.5/sobjects", session.harness.org.url());
    let reply = session.harness.http.get(url).send().await.unwrap();
    assert_eq!(reply.status(), 401, "who has no session is told nothing else");
}
