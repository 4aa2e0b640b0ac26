"""Runs the voice-call binary under AWS's own Runtime Interface Emulator: a runtime API that is not ours.

    python emulator.py target/tools/aws-lambda-rie target/debug/voice-call events/voice-call
"""

import json
import pathlib
import sys
import urllib.request

from server import free_port, running

# Configured as template.yaml does, in an account where nobody answers: 9 is the discard port.
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_REGION": "us-east-1",
    "AWS_LAMBDA_FUNCTION_NAME": "ServiceCloudVoice-InvokeTelephonyIntegrationApiFunction",
    "AWS_LAMBDA_FUNCTION_TIMEOUT": "8",
    "CREDENTIAL_SOURCE": "secretsmanager",
    "SECRET_NAME": "ServiceCloudVoice-salesforce-secret",
}

# The events, in order, and what the reply must have under each key. An error does not end the function.
EXPECTED = {
    "warm-up": {"statusCode": "200", "message": "Keep Lambda Warm"},
    "unknown-method": {"errorType": "UnsupportedMethod", "errorMessage": "createVoicecall"},
    "unknown-method-on-error-reply": {"success": "false", "errorCode": "UnsupportedMethod"},
    "create-voice-call": {"errorType": "SecretUnavailable", "errorMessage": "secretsmanager:GetSecretValue"},
}


def main(emulator, binary, events):
    port = free_port()
    command = [
        pathlib.Path(emulator).resolve(),
        *("--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
        *("--runtime-api-address", f"127.0.0.1:{free_port()}"),
        pathlib.Path(binary).resolve(),
    ]
    with running(command, port, ENVIRONMENT):
        for name, expected in EXPECTED.items():
            reply = invoke(port, pathlib.Path(events, f"{name}.json").read_bytes())
            print(f"{name}: {json.dumps(reply)}", flush=True)
            for key, value in expected.items():
                if value not in str(reply.get(key)):
                    raise SystemExit(f"{name}: expected {value!r} in {key}")


def invoke(port, event):
    url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
    with urllib.request.urlopen(urllib.request.Request(url, data=event), timeout=20) as reply:
        return json.load(reply)


if __name__ == "__main__":
    main(*sys.argv[1:])
