use serde::Deserialize;
use serde_json::{Value, json};

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Holder {
    #[serde(default, with = "one_or_many")]
    criteria: Vec<RoutingCriteria>,
}

fn criteria(json: Value) -> Vec<RoutingCriteria> {
    crate::from_value::<Holder>(json!({ "criteria": json })).unwrap().criteria
}

fn expression(json: Value) -> Expression {
    crate::from_value(json).unwrap()
}

fn naming_an_agent() -> Value {
    json!({"attributeCondition": {"matchCriteria": {"agentsCriteria": {"agentIds": ["a"]}}}})
}

#[test]
fn one_object_or_a_list() {
    let one = json!({"steps": [{"status": "EXPIRED"}], "index": 1});
    assert_eq!(criteria(one.clone()), criteria(json!([one])));
    assert_eq!(criteria(json!([one, one])).len(), 2);
    assert_eq!(criteria(json!(null)), []);
    assert_eq!(criteria(json!([])), []);
    assert!(criteria(one)[0].steps[0].is_expired());
}

#[test]
fn written_as_an_object_unless_there_are_several() {
    let one = json!({"steps": [{"status": "EXPIRED"}]});
    for sent in [one.clone(), json!([one, one])] {
        let holder = Holder { criteria: criteria(sent.clone()) };
        assert_eq!(serde_json::to_value(holder).unwrap(), json!({ "criteria": sent }));
    }
}

#[test]
fn an_error_names_the_step() {
    let error =
        crate::from_value::<Holder>(json!({"criteria": [{"steps": [{}, {"expiry": 5}]}]})).unwrap_err();
    assert_eq!(error.path(), "criteria[0].steps[1].expiry");
    let error = crate::from_value::<Holder>(json!({"criteria": "none"})).unwrap_err();
    assert_eq!(error.problem(), "invalid type: string, expected routing criteria, or a list of them");
}

#[test]
fn agents_may_be_named_at_any_depth() {
    let skill =
        json!({"attributeCondition": {"name": "Language", "value": "Spanish", "proficiencyLevel": 3.0}});
    assert!(expression(naming_an_agent()).names_agents());
    assert!(!expression(skill.clone()).names_agents());
    assert!(
        expression(json!({"orExpression": [skill, {"andExpression": [naming_an_agent()]}]})).names_agents()
    );
    assert!(!expression(json!({})).names_agents());
}

#[test]
fn excluding_an_agent_is_not_naming_one() {
    let excluded = naming_an_agent()["attributeCondition"].clone();
    assert!(!expression(json!({"notAttributeCondition": excluded})).names_agents());
}
