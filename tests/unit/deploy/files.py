"""The container files, read as an engine would read them."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import AliasChoices

from studyteddy.entrypoints.settings import Settings

PROJECT = Path(__file__).parents[3]
DOCKER = PROJECT / "docker"
KUBERNETES = PROJECT / "deploy" / "k8s"
OVERLAYS = ("staging", "production")

_REFERENCE = re.compile(r"\$\{([A-Z0-9_]+)(?:(:[-?])([^}]*))?\}")


def compose(name: str) -> dict[str, Any]:
    """A compose file with anchors and merges resolved, and references to the environment as they stand."""
    read: dict[str, Any] = yaml.safe_load((DOCKER / name).read_text())
    return read


def references(name: str) -> dict[str, str | None]:
    """What a compose file takes from the environment, each with its default; None where it has to be there."""
    found: dict[str, str | None] = {}
    for variable, how, default in _REFERENCE.findall((DOCKER / name).read_text()):
        if how == ":?":
            found[variable] = None
        elif how:
            found.setdefault(variable, default)
    return found


def filled_in(text: str, environment: dict[str, str]) -> str:
    """A value of a compose file with its references replaced."""
    return _REFERENCE.sub(lambda match: environment.get(match[1]) or (match[3] if match[2] == ":-" else ""), text)


def example() -> dict[str, str]:
    """docker/.env.example: what can be set, with what stands there."""
    lines = (DOCKER / ".env.example").read_text().splitlines()
    return dict(line.removeprefix("# ").split("=", 1) for line in lines if re.match(r"(# )?[A-Z0-9_]+=", line))


@cache
def kubernetes(overlay: str) -> list[dict[str, Any]]:
    """What kustomize makes of an overlay. Skips the test where there is no kubectl."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not installed")
    folder = KUBERNETES / "overlays" / overlay
    built = subprocess.run([kubectl, "kustomize", folder], check=True, capture_output=True, text=True).stdout
    return [one for one in yaml.safe_load_all(built) if one]


def base() -> list[dict[str, Any]]:
    """The manifests of the base as they are written."""
    paths = [path for path in sorted((KUBERNETES / "base").glob("*.yaml")) if path.name != "kustomization.yaml"]
    return [one for path in paths for one in yaml.safe_load_all(path.read_text()) if one]


def pods(manifests: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The pod templates' specs by the names of their owners."""
    found = {}
    for one in manifests:
        if one["kind"] in ("Deployment", "Job"):
            found[one["metadata"]["name"]] = one["spec"]["template"]["spec"]
        elif one["kind"] == "CronJob":
            found[one["metadata"]["name"]] = one["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return found


def names_of_settings() -> set[str]:
    """Every name under which a setting may be given."""
    names: set[str] = set()
    for field in Settings.model_fields.values():
        alias = field.validation_alias
        names |= {str(one) for one in alias.choices} if isinstance(alias, AliasChoices) else {str(alias)}
    return names


def commands() -> set[str]:
    """The commands of the program."""
    from studyteddy.entrypoints.commands.program import program

    return {str(one.name or getattr(one.callback, "__name__", "")) for one in program.registered_commands}
