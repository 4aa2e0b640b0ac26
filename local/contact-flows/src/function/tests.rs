use super::*;

#[test]
fn a_function_is_known_by_the_logical_id_in_its_name() {
    let ours = Functions::of_the_suite();
    let telephony = Some("InvokeTelephonyIntegrationApiFunction");
    for (name, logical_id) in [
        ("InvokeTelephonyIntegrationApiFunction", telephony),
        ("LocalContactCenter-InvokeTelephonyIntegrationApiFunction", telephony),
        ("LocalContactCenter-InvokeTelephonyIntegrationApiFunction:active", telephony),
        ("stack-InvokeTelephonyIntegrationApiFunction-1J0Z4OSTRRRQW", telephony),
        // CloudFormation cut this one.
        ("botta-ltm-stack-InvokeTelephonyIntegrationApiFunct-1J0Z4OSTRRRQW", telephony),
        (
            "botta-ltm-stack-InvokeSalesforceRestApiFunction-1179ZKOGVWFZP",
            Some("InvokeSalesforceRestApiFunction"),
        ),
        ("HVCC-kvsConsumerTrigger", Some("kvsConsumerTrigger")),
        ("MyInvokeSalesforceRestApiFunction", None),
        ("InvokeSalesforceRestApiFunction-mine", None),
        ("InvokeSalesforce-1J0Z4OSTRRRQW", None),
        // Too short to have been cut.
        ("stack-InvokeTelephonyIntegration-1J0Z4OSTRRRQW", None),
        ("other", None),
        ("", None),
    ] {
        assert_eq!(ours.resolve(name), logical_id, "{name}");
        let arn = format!("arn:aws:lambda:us-west-2:123456789012:function:{name}");
        assert_eq!(ours.resolve(&arn), logical_id, "{arn}");
    }
}

#[test]
fn an_override_comes_first() {
    let functions = Functions::of_the_suite()
        .with_override("state-lookup", "InvokeSalesforceRestApiFunction")
        .with_override("arn:aws:lambda:us-west-2:1:function:kvsConsumerTrigger", "own");
    assert_eq!(
        functions.resolve("arn:aws:lambda:us-east-1:2:function:state-lookup:live"),
        Some("InvokeSalesforceRestApiFunction")
    );
    assert_eq!(functions.resolve("arn:aws:lambda:us-west-2:1:function:kvsConsumerTrigger"), Some("own"));
    assert_eq!(
        functions.resolve("arn:aws:lambda:us-west-2:2:function:kvsConsumerTrigger"),
        Some("kvsConsumerTrigger")
    );
}
