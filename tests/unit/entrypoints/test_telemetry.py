from __future__ import annotations

import json
import subprocess
import sys

import pytest

from studyteddy.entrypoints import telemetry
from studyteddy.entrypoints.faults import SettingsFault
from studyteddy.entrypoints.settings import Settings

PROGRAM = """
import json, sys
from pathlib import Path
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.settings import Settings
from studyteddy.entrypoints.web_app import describe

describe(Container(settings=Settings(_env_file=None, STUDYTEDDY_HOME=Path(sys.argv[1]))))
print(json.dumps([name for name in sys.modules if name.startswith(("sentry_sdk", "opentelemetry"))]))
"""


def test_unless_it_is_asked_for_nothing_of_it_is_loaded(tmp_path: object) -> None:
    run = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    assert json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout) == []


def test_what_is_asked_for_but_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Settings(
        _env_file=None, SENTRY_DSN="http://key@127.0.0.1/1", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1"
    )
    telemetry.require_packages(asked)
    # What is installed can't be taken away for a test.
    monkeypatch.setattr(telemetry, "find_spec", lambda name: None)
    with pytest.raises(SettingsFault) as fault:
        telemetry.require_packages(asked)
    assert [line.partition(":")[0] for line in fault.value.faults] == ["SENTRY_DSN", "OTEL_EXPORTER_OTLP_ENDPOINT"]
    assert all("studyteddy[observability]" in line for line in fault.value.faults)
    telemetry.require_packages(Settings(_env_file=None))
