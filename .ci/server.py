"""What the checks share: a server on loopback while a block runs, and a check that says what it saw."""

import contextlib
import os
import socket
import subprocess
import tempfile
import time

PATIENCE_SECONDS = 30


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextlib.contextmanager
def running(command, port, environment):
    """Runs the command while the block runs, which starts when the port answers.

    What the command prints is only shown when something goes wrong.
    """
    with tempfile.TemporaryFile() as log:
        environment = {**os.environ, **environment}
        process = subprocess.Popen([str(part) for part in command], env=environment, stdout=log, stderr=log)
        try:
            wait(process, port)
            yield
        except BaseException:
            log.seek(0)
            print(log.read().decode(errors="replace"), flush=True)
            raise
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def wait(process, port):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise SystemExit(f"{process.args[0]} does not answer on port {port}")


def check(what, fits):
    if not fits:
        raise SystemExit(f"not as it should be: {what}")
    print(f"as it should be: {what}", flush=True)
