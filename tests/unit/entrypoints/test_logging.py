from __future__ import annotations

import json
import subprocess
import sys

# In a process of its own, as logging belongs to the whole process.
PROGRAM = """
import logging, sys, structlog
from studyteddy.entrypoints.logging import configure_logging

def log_in(password):
    raise ZeroDivisionError

configure_logging("info")
try:
    log_in(sys.argv[1])
except ZeroDivisionError as error:
    structlog.get_logger("by structlog").error("crashed", exc_info=error)
    logging.getLogger("by the library").exception("crashed too")
"""


def test_a_crash_is_logged_with_its_lines_and_without_the_values_of_variables() -> None:
    run = [sys.executable, "-c", PROGRAM, "hedgehogs"]
    lines = subprocess.run(run, check=True, capture_output=True, text=True).stderr.splitlines()

    assert [json.loads(line)["event"] for line in lines] == ["crashed", "crashed too"]
    assert [json.loads(line)["exception"][0]["frames"][-1]["name"] for line in lines] == ["log_in", "log_in"]
    assert not [line for line in lines if "hedgehogs" in line]
