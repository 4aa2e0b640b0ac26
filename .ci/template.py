"""Translates template.yaml to CloudFormation, as the SAM transform does at deployment, and checks both.

cfn-lint reads the SAM file and the result: alone, the SAM file hides a wrong runtime or a misspelt property of an
event source. What no linter can know is checked against the rest of the repository: see the functions below.

    python template.py template.yaml target/ci/cloudformation.json
"""

import json
import pathlib
import re
import subprocess
import sys

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

# The translator and the linter want one; nothing in the template depends on it.
REGION = "us-east-1"

# Events that the rule has to let through, and others that it must not, of those in events/contact-events/.
WANTED = (
    "disconnected-abandoned",
    "disconnected-abandoned-transfer",
    "initiated-transfer",
    "routing-expired",
    "routing-expired-array",
)
UNWANTED = ("connected-to-agent", "disconnected-chat", "other-detail-type", "queued", "routing-expired-chat")


class NoManagedPolicies:
    """The translator looks up AWS's managed policies here. The template uses none."""

    def load(self):
        return {}


def main(template, output):
    root = pathlib.Path(template).parent
    sam = yaml_parse(pathlib.Path(template).read_text(encoding="utf-8"))
    problems = [*unknown_variables(sam, root), *binaries(sam, root)]
    # `sam build` and `sam package` put an S3 address here.
    sam["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"
    try:
        cloudformation = transform(sam, {}, NoManagedPolicies())
    except InvalidDocumentException as refused:
        problems += [cause.message for cause in refused.causes]
    else:
        problems += [*wildcards(cloudformation), *rule(cloudformation, root)]
    for problem in problems:
        print(f"{template}: {problem}", file=sys.stderr)
    if problems:
        return 1
    pathlib.Path(output).write_text(json.dumps(cloudformation, indent=2), encoding="utf-8")
    lint = [pathlib.Path(sys.executable).with_name("cfn-lint"), "--regions", REGION, "--non-zero-exit-code", "warning"]
    return max(subprocess.run([*lint, "--", file], check=False).returncode for file in (template, output))


def of_type(template, kind):
    return [resource for resource in template["Resources"].values() if resource["Type"] == kind]


def unknown_variables(sam, root):
    """Variables that the template sets and no function reads."""
    functions = [sam["Globals"]["Function"], *(f["Properties"] for f in of_type(sam, "AWS::Serverless::Function"))]
    variables = {name for f in functions for name in f.get("Environment", {}).get("Variables", {})}
    sources = [*root.glob("functions/*/src/**/*.rs"), *root.glob("shared/*/src/**/*.rs")]
    read = {word for file in sources for word in re.findall(r'"([A-Z_]+)"', file.read_text(encoding="utf-8"))}
    # Read by the TLS library.
    read.add("SSL_CERT_FILE")
    return [f"sets the variable {name}, which no function reads" for name in sorted(variables - read)]


def binaries(sam, root):
    """Every folder of functions/ is deployed once, built by cargo-lambda."""
    built = [function["Metadata"] for function in of_type(sam, "AWS::Serverless::Function")]
    for metadata in built:
        if metadata["BuildMethod"] != "rust-cargolambda":
            yield f"is not built by rust-cargolambda: {metadata}"
    deployed = sorted(metadata["BuildProperties"]["Binary"] for metadata in built)
    existing = sorted(folder.name for folder in root.glob("functions/*"))
    if deployed != existing:
        yield f"deploys the binaries {deployed}, but functions/ has {existing}"


# Actions that IAM knows no resources for: they are allowed for everything or not at all.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazontranscribe.html
WITHOUT_RESOURCES = {"transcribe:StartStreamTranscription", "transcribe:StartMedicalStreamTranscription"}


def wildcards(cloudformation):
    """Policies that allow all actions of a service, or an action on everything."""
    for logical_id, resource in cloudformation["Resources"].items():
        for statement in statements(resource.get("Properties", {})):
            actions = statement.get("Action", [])
            if WITHOUT_RESOURCES.issuperset([actions] if isinstance(actions, str) else actions):
                continue
            for key, forbidden in (("Action", r".*\*.*"), ("Resource", r"\*")):
                values = statement.get(key, [])
                for value in values if isinstance(values, list) else [values]:
                    if isinstance(value, str) and re.fullmatch(forbidden, value):
                        yield f"{logical_id} allows {key} {value}"


def statements(node):
    """All policy statements from here on, also those inside conditions."""
    if isinstance(node, dict) and "Effect" in node:
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from statements(child)


def rule(cloudformation, root):
    """Contact events that the EventBridge rule treats wrongly."""
    rules = [rule["Properties"] for rule in of_type(cloudformation, "AWS::Events::Rule")]
    patterns = [rule["EventPattern"] for rule in rules if "EventPattern" in rule]
    for name in (*WANTED, *UNWANTED):
        event = json.loads((root / f"events/contact-events/{name}.json").read_text(encoding="utf-8"))
        if any(matches(pattern, event) for pattern in patterns) != (name in WANTED):
            yield f"the event {name} {'does not reach' if name in WANTED else 'reaches'} the function"


def matches(pattern, event):
    """EventBridge's matching, as far as the template uses it. A value that is only known at deployment matches all."""
    if isinstance(pattern, dict):
        fields = {key: value for key, value in pattern.items() if key != "$or"}
        if not isinstance(event, dict) or not all(key in event and matches(fields[key], event[key]) for key in fields):
            return False
        return any(matches(other, event) for other in pattern["$or"]) if "$or" in pattern else True
    return event in pattern or any(isinstance(value, dict) for value in pattern)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
