"""Puts the built web application into the wheel and the source distribution.

It lies in ``src/studyteddy/_web``, which git ignores. In a clone with Node it is built when its sources have changed; a
source distribution brings it along, so that a wheel is made of one without Node. ``STUDYTEDDY_WEB=skip`` leaves it out:
such a package serves the API alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGES = "src/studyteddy/_web"


class WebApplication(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or os.environ.get("STUDYTEDDY_WEB") == "skip":
            return
        root = Path(self.root)
        if (root / "web/package.json").is_file() and shutil.which("node") and shutil.which("npm"):
            subprocess.run(["sh", "scripts/web"], cwd=root, check=True)  # noqa: S607
        if not (root / PAGES / "index.html").is_file():
            raise SystemExit(
                "The web application is not built, and Node >= 20.9 with npm was not found to build it. "
                "Run `make web` first, which fetches Node, or set STUDYTEDDY_WEB=skip for a package with the API alone."
            )
        build_data["artifacts"].append(f"{PAGES}/**")
