//! What an object and its fields are like.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::resource::{Call, Reply, Resource};
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::schema::{Access, FieldKind, FieldSchema, ObjectKind, ObjectSchema};

pub(super) const RESOURCES: &[Resource] = &[
    Resource { method: Method::GET, path: "/sobjects", operation: Operation::DescribeGlobal, run: all },
    Resource {
        method: Method::GET,
        path: "/sobjects/{object}/describe",
        operation: Operation::Describe,
        run: whole,
    },
    Resource { method: Method::GET, path: "/sobjects/{object}", operation: Operation::Describe, run: basic },
];

fn all(call: &Call<'_>) -> Result<Reply, Refusal> {
    let objects: Vec<_> = call.schema().objects().iter().map(|object| summary(call, object)).collect();
    Ok(Reply::ok(json!({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": objects})))
}

fn basic(call: &Call<'_>) -> Result<Reply, Refusal> {
    Ok(Reply::ok(json!({"objectDescribe": summary(call, call.object()?), "recentItems": []})))
}

fn whole(call: &Call<'_>) -> Result<Reply, Refusal> {
    let object = call.object()?;
    let mut described = summary(call, object);
    let fields: Vec<_> = object.fields.iter().map(|each| field(object, each)).collect();
    let children: Vec<_> = object
        .children
        .iter()
        .map(|child| {
            json!({
                "cascadeDelete": false,
                "childSObject": child.child_object,
                "deprecatedAndHidden": false,
                "field": child.field,
                "junctionIdListNames": [],
                "junctionReferenceTo": [],
                "relationshipName": child.relationship_name,
                "restrictedDelete": false,
            })
        })
        .collect();
    described.insert("fields".to_owned(), fields.into());
    described.insert("childRelationships".to_owned(), children.into());
    described.insert("recordTypeInfos".to_owned(), json!([]));
    described.insert("supportedScopes".to_owned(), json!([{"label": "All", "name": "everything"}]));
    Ok(Reply::ok(Value::Object(described)))
}

fn summary(call: &Call<'_>, object: &ObjectSchema) -> Map<String, Value> {
    let record = object.kind == ObjectKind::Record;
    let base = call.path(&format!("/sobjects/{}", object.name));
    let summary = json!({
        "activateable": false,
        "createable": true,
        "custom": object.is_custom(),
        "customSetting": false,
        "deletable": record,
        "deprecatedAndHidden": false,
        "feedEnabled": false,
        "keyPrefix": object.key_prefix,
        "label": object.label,
        "labelPlural": object.label_plural,
        "layoutable": record,
        "mergeable": false,
        "name": object.name,
        "queryable": record,
        "replicateable": record,
        "retrieveable": record,
        "searchable": record,
        "triggerable": true,
        "undeletable": false,
        "updateable": record,
        "urls": {
            "sobject": base,
            "describe": format!("{base}/describe"),
            "rowTemplate": format!("{base}/{{ID}}"),
        },
    });
    match summary {
        Value::Object(summary) => summary,
        _ => Map::new(),
    }
}

fn field(object: &ObjectSchema, field: &FieldSchema) -> Value {
    let (values, restricted) = match &field.kind {
        FieldKind::Picklist { values, restricted } | FieldKind::MultiPicklist { values, restricted } => {
            (values.as_slice(), *restricted)
        }
        _ => (&[][..], false),
    };
    let values: Vec<_> = values
        .iter()
        .map(|value| {
            let default = field.default.as_ref().is_some_and(|default| default == value);
            json!({"active": true, "defaultValue": default, "label": value, "validFor": null, "value": value})
        })
        .collect();
    let length = match field.kind {
        FieldKind::Id | FieldKind::Reference => 18,
        FieldKind::AutoNumber { .. } => 30,
        _ => field.kind.length().unwrap_or(0),
    };
    let whole = field.kind == FieldKind::Integer;
    let decimal = field.kind.is_number() && !whole;
    let long = length > 255;
    json!({
        "autoNumber": matches!(field.kind, FieldKind::AutoNumber { .. }),
        "byteLength": length * 3,
        "calculated": field.formula.is_some(),
        "caseSensitive": false,
        "createable": field.access != Access::Read,
        "custom": field.is_custom(),
        "defaultValue": field.default,
        "defaultedOnCreate": field.default.is_some() || field.access == Access::Read,
        "deprecatedAndHidden": false,
        "digits": if whole { 9 } else { 0 },
        "externalId": field.external_id,
        "filterable": !long,
        "groupable": !long && !decimal,
        "idLookup": field.id_lookup || field.external_id,
        "inlineHelpText": null,
        "label": field.label,
        "length": length,
        "name": field.name,
        "nameField": field.name == object.name_field,
        "namePointing": field.reference_to.len() > 1,
        "nillable": field.nillable,
        "permissionable": field.access == Access::Write && field.nillable,
        "picklistValues": values,
        "polymorphicForeignKey": field.reference_to.len() > 1,
        "precision": if decimal { 18 } else { 0 },
        "referenceTo": field.reference_to,
        "relationshipName": field.relationship_name,
        "restrictedPicklist": restricted,
        "scale": if decimal { 2 } else { 0 },
        "soapType": soap_type(&field.kind),
        "sortable": !long,
        "type": field.kind.api_name(),
        "unique": field.unique,
        "updateable": field.access == Access::Write,
    })
}

fn soap_type(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Id | FieldKind::Reference => "tns:ID",
        FieldKind::Boolean => "xsd:boolean",
        FieldKind::Integer => "xsd:int",
        FieldKind::Date => "xsd:date",
        FieldKind::DateTime => "xsd:dateTime",
        kind if kind.is_number() => "xsd:double",
        _ => "xsd:string",
    }
}
