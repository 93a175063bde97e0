"""aimock, a server that speaks the protocol and is not ours; runs where Node is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

VERSION = "1.43.0"
ANSWER = "The human heart has four chambers [1]."
CARD = '{"front": "Chambers of the heart?", "back": "Four"}'
_CACHE = Path(__file__).parents[1] / ".cache" / f"aimock-{VERSION}"
_FIXTURES = {
    "fixtures": [
        {
            "match": {"userMessage": "please be too busy"},
            "response": {"error": {"message": "slow down", "type": "rate_limit_error"}, "status": 429, "retryAfter": 7},
        },
        {
            "match": {"userMessage": "please fail"},
            "response": {"error": {"message": "broken", "type": "server_error"}, "status": 500},
        },
        {
            "match": {"userMessage": "please reject the key"},
            "response": {"error": {"message": "bad key", "type": "invalid_request_error"}, "status": 401},
        },
        {
            "match": {"userMessage": "please break off"},
            "chunkSize": 5,
            "truncateAfterChunks": 3,
            "response": {"content": ANSWER},
        },
        {"match": {"userMessage": "make a card"}, "response": {"content": CARD}},
        {"match": {"endpoint": "chat"}, "chunkSize": 5, "response": {"content": ANSWER}},
    ]
}


@contextmanager
def running() -> Iterator[str]:
    """The base URL of an aimock. Skips the test, and says why, where it can't be had."""
    node, script = _node(), _installed()
    with tempfile.TemporaryDirectory() as folder:
        fixtures = Path(folder, "fixtures.json")
        fixtures.write_text(json.dumps(_FIXTURES), encoding="utf-8")
        command = [node, str(script), "--port", "0", "--fixtures", str(fixtures)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        # What hangs at the start is killed, so that reading its words ends.
        timer = threading.Timer(20, process.kill)
        timer.start()
        try:
            assert process.stdout is not None
            said = ""
            for line in process.stdout:
                said += line
                if address := re.search(r"listening on (http://[\d.:]+)", line):
                    timer.cancel()
                    draining = threading.Thread(target=process.stdout.read, daemon=True)
                    draining.start()
                    yield f"{address[1]}/v1"
                    break
            else:
                pytest.fail(f"aimock did not start: {said}")
        finally:
            timer.cancel()
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _node() -> str:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        pytest.skip(
            "aimock needs Node and npm, which are not here; the protocol server of these tests ran all the same"
        )
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    if version < (20, 15):
        pytest.skip(f"aimock needs Node 20.15 and this is {said.strip()}")
    return node


def _installed() -> Path:
    """The program, installed into the project's cache at the first use."""
    script = Path("node_modules", "@copilotkit", "aimock", "dist", "cli.js")
    if not (_CACHE / script).exists():
        _CACHE.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_CACHE.parent) as folder:
            command = ["npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", folder]
            try:
                subprocess.run(
                    [*command, f"@copilotkit/aimock@{VERSION}"], check=True, capture_output=True, timeout=60, text=True
                )
            except subprocess.SubprocessError as error:
                reason = getattr(error, "stderr", None) or error
                pytest.skip(f"aimock could not be installed, so only the protocol server of these tests ran: {reason}")
            whole = Path(folder, "whole")
            whole.mkdir()
            Path(folder, "node_modules").rename(whole / "node_modules")
            try:
                whole.rename(_CACHE)
            except OSError:  # another process was quicker
                if not (_CACHE / script).exists():
                    raise
    return _CACHE / script
