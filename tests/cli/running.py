"""Run the real command as a user does, in a process of its own."""

import os
import pty
import subprocess
import sys

COMMAND = (sys.executable, "-c", "from curtilage.cli.main import main; main()")


def run(*arguments, given=b"", **environment):
    """Return the finished command; its output is bytes."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], input=given, capture_output=True, env={**os.environ, **environment}
    )


def run_on_a_terminal(*arguments, **environment):
    """Return what a terminal of 100 columns was sent, and the exit status."""
    here, there = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=there,
        stdout=there,
        stderr=there,
        env={**clean, "TERM": "xterm-256color", "COLUMNS": "100", **environment},
    )
    os.close(there)
    sent = b""
    while True:
        try:
            chunk = os.read(here, 65536)
        except OSError:
            chunk = b""
        if not chunk:
            break
        sent += chunk
    os.close(here)
    return sent.decode(), process.wait()
