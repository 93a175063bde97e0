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


SECRETS = """
import logging, structlog
from studyteddy.entrypoints.logging import configure_logging

configure_logging("info")
log = structlog.get_logger("secrets")
log.info("stated", password="hedgehogs", access_token="hedgehogs", S3_SECRET_KEY="hedgehogs", prompt_tokens=7)
log.info("stated", refresh_token="hedgehogs", reset_token="hedgehogs", Cookie="hedgehogs", ticket="hedgehogs")
refresh = "0198c6a000007000800000000000dead.hedgehogs-and-hedgehogs"
for name in ("teddy_hedgehogs-and_more", "ticket.hedgehogshedgehogs", refresh):
    logging.getLogger("library").warning("refused %s", name)
log.info("tried postgresql://teddy:hedgehogs@db:5432/study and redis://:hedgehogs@redis/0")
logging.getLogger("library").warning("sent %s", {"Authorization": "Bearer hedgehogs.hedgehogs"})
logging.getLogger("library").warning("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJoZWRnZWhvZ3MifQ.hedgehogs-hedgehogs")
try:
    raise ValueError("no route to https://teddy:hedgehogs@sentry/1")
except ValueError:
    log.exception("crashed")
"""


def test_secrets_are_hidden_wherever_they_stand() -> None:
    ran = subprocess.run([sys.executable, "-c", SECRETS], check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    assert len(lines) == 9
    assert "hedgehogs" not in ran.stderr
    assert lines[0]["prompt_tokens"] == 7
    assert lines[5]["event"] == "tried postgresql://teddy:***@db:5432/study and redis://:***@redis/0"


FORGED = """
import logging, structlog
from studyteddy.entrypoints.logging import configure_logging

configure_logging("info")
forged = 'a\\r\\n{"event": "forged"}\\x1b[2J\\u202eb\\u2028c\\x85d'
structlog.get_logger("x").info("stated", text=forged, **{forged: forged})
logging.getLogger("library").warning("stated %s", forged)
logging.getLogger("library").error("%s", forged, exc_info=ValueError(forged))
"""


def test_no_text_breaks_a_line_of_the_log_or_turns_its_reading_direction() -> None:
    ran = subprocess.run([sys.executable, "-c", FORGED], check=True, capture_output=True, text=True)
    lines = ran.stderr.split("\n")
    assert [json.loads(line)["event"].split()[0] for line in lines if line] == ["stated", "stated", "a"]
    assert ran.stderr.isascii()
    assert ran.stderr.replace("\n", "").isprintable()
