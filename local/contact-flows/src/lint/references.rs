//! What a block refers to, and parameters that nothing here acts upon.

use super::{Findings, Severity};
use crate::action::{Action, GetParticipantInput, InputMode};
use crate::flow::Block;
use crate::library::{Library, Resolved};
use crate::text::Text;

pub(super) fn check(block: &Block, library: &Library, findings: &mut Findings<'_>) {
    let mut unknown = Vec::new();
    block.action.texts(&mut |text| {
        unknown.extend(text.references().filter(|reference| !reference.is_known()).map(ToString::to_string));
    });
    unknown.sort();
    unknown.dedup();
    for reference in unknown {
        let sentence =
            format!("{} is nothing that Amazon Connect documents", crate::place::printable(&reference));
        findings.add(Severity::Warning, block, sentence, "check how it is spelled; it will be empty");
    }
    for text in flows(&block.action) {
        leads_to(block, text, library, findings);
    }
    if let Action::GetParticipantInput(GetParticipantInput {
        mode: InputMode::Store { encrypted: true, .. },
        ..
    }) = &block.action
    {
        let sentence = "the input is encrypted with a key of the instance, which is not done here";
        findings.add(
            Severity::Note,
            block,
            sentence,
            "a run stops here; take InputEncryption out of a copy to run it",
        );
    }
    if !block.ignored.is_empty() {
        let names: Vec<String> = block.ignored.iter().map(|name| crate::place::printable(name)).collect();
        let sentence = format!("nothing here acts upon {}", names.join(", "));
        findings.add(Severity::Note, block, sentence, "what they do in Amazon Connect is not played");
    }
}

/// The flows that an action refers to.
fn flows(action: &Action) -> Vec<&Text> {
    match action {
        Action::TransferToFlow(it) => vec![&it.flow],
        Action::InvokeFlowModule(it) => vec![&it.module],
        Action::UpdateContactEventHooks(it) => it.hooks.iter().map(|(_, flow)| flow).collect(),
        Action::CreateCallbackContact(it) => it.flow.iter().collect(),
        _ => Vec::new(),
    }
}

fn leads_to(block: &Block, text: &Text, library: &Library, findings: &mut Findings<'_>) {
    let Some(reference) = text.literal() else { return };
    if let Resolved::Unknown = library.resolve(reference, block.named.as_deref()) {
        let name = block.named.as_deref().unwrap_or(reference);
        let sentence = format!("the flow {} is not here", crate::place::printable(name));
        findings.add(Severity::Note, block, sentence, "check its export together with this one");
    }
}
