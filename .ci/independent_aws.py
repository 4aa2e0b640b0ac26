"""Runs the credential, table and queue clients of lambda-kit against moto, then looks at what has arrived there.

    python independent_aws.py target/debug/examples/aws_check
"""

import base64
import json
import os
import pathlib
import secrets
import subprocess
import sys
import time

import boto3

from server import check, free_port, running

REGION = "us-east-1"
KEYS = {name: secrets.token_hex(16) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
CENTER = "Sales"
# Any text will do: what is checked is that it comes back as it is.
PRIVATE_KEY = f"-----BEGIN CHECK-----\n{secrets.token_hex(64)}\n-----END CHECK-----"
SETTINGS = {
    "SALESFORCE_ORG_ID": "00D000000000001AAA",
    "CALL_CENTER_API_NAME": CENTER,
    "SCRT_ENDPOINT_BASE": "https://example.my.salesforce-scrt.com/telephony/v1",
}


def main(*command):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = pathlib.Path(sys.executable).with_name("moto_server")
    with running([server, "-H", "127.0.0.1", "-p", port], port, KEYS):
        session = boto3.session.Session(*KEYS.values(), region_name=REGION)
        services = ("secretsmanager", "ssm", "dynamodb", "sqs")
        clients = {name: session.client(name, endpoint_url=url) for name in services}
        environment = {**KEYS, "AWS_REGION": REGION, "AWS_ENDPOINT_URL": url, **prepare(clients)}
        subprocess.run(command, env={**os.environ, **environment}, check=True)
        look(clients, environment)


def prepare(clients):
    """Puts in what an account holds, and returns the variables that tell the functions."""
    document = {
        **SETTINGS,
        f"{CENTER}-scrt-jwt-auth-private-key": PRIVATE_KEY,
        "SALESFORCE_AUTH_ENDPOINT": "https://login.salesforce.com/services/oauth2/token",
        "SALESFORCE_REST_API_ENDPOINT_BASE": "https://example.my.salesforce.com/services/data/v66.0",
        f"{CENTER}-salesforce-rest-api-auth-private-key": PRIVATE_KEY,
        f"{CENTER}-salesforce-rest-api-auth-consumer-key": "consumer",
        f"{CENTER}-salesforce-rest-api-subject": "user",
        f"{CENTER}-salesforce-rest-api-audience": "https://login.salesforce.com",
    }
    for name in (f"{CENTER}-salesforce-secret", "other-secret", "other-deleted"):
        clients["secretsmanager"].create_secret(Name=name, SecretString=json.dumps(document))
    clients["secretsmanager"].delete_secret(SecretId="other-deleted")
    clients["ssm"].put_parameter(Name="private-key", Value=PRIVATE_KEY, Type="SecureString")
    clients["dynamodb"].create_table(
        TableName="CallState",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return {
        **SETTINGS,
        "SECRET_NAME": f"{CENTER}-salesforce-secret",
        "ALLOWED_SECRETS": "other-*",
        "OTHER_SECRET": "other-secret",
        "DELETED_SECRET": "other-deleted",
        "PRIVATE_KEY": PRIVATE_KEY,
        "PRIVATE_KEY_PARAM_NAME": "private-key",
        "STATE_TABLE": "CallState",
        "DEAD_LETTER_QUEUE_URL": clients["sqs"].create_queue(QueueName="dead-letters")["QueueUrl"],
    }


def look(clients, environment):
    """Every item will be removed some day, and every dead letter can be put together again."""
    items = clients["dynamodb"].scan(TableName="CallState")["Items"]
    for item in items:
        days = (int(item["expiresAt"]["N"]) - time.time()) / 86400
        check(f"{item['pk']['S']} expires in {days:.1f} days", 14 < days < 366)
    check(f"{len(items)} items in the table", len(items) == 2)
    records = {}
    arrived = letters(clients["sqs"], environment["DEAD_LETTER_QUEUE_URL"])
    for letter in sorted(arrived, key=lambda letter: letter["part"]):
        records.setdefault(letter["id"], []).append(letter)
    check(f"dead letters {sorted(records)}", sorted(records) == ["bytes", "large", "text"])
    check("the text", content(records["text"]) == b'{"ContactId":1}')
    check("the bytes", content(records["bytes"]) == bytes([0, 255]))
    large = 'é"\\\n'.encode() * 100_000
    check(f"the large one, in {len(records['large'])} parts", content(records["large"]) == large)


def letters(sqs, url):
    while True:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages", [])
        if not messages:
            return
        for message in messages:
            yield json.loads(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def content(parts):
    check("all parts are there", [part["part"] for part in parts] == list(range(1, parts[0]["of"] + 1)))
    joined = "".join(part["record"]["content"] for part in parts)
    return base64.b64decode(joined) if parts[0]["record"]["encoding"] == "base64" else joined.encode()


if __name__ == "__main__":
    main(*sys.argv[1:])
