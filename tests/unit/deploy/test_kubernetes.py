from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from studyteddy.entrypoints.gunicorn_server import GRACE_SECONDS
from studyteddy.entrypoints.settings import Settings
from unit.deploy.files import KUBERNETES, OVERLAYS, base, commands, kubernetes, names_of_settings, pods

PODS = pods(base())
SECRET: dict[str, str] = yaml.safe_load((KUBERNETES / "secret.example.yaml").read_text())["stringData"]
KUSTOMIZATION = yaml.safe_load((KUBERNETES / "base/kustomization.yaml").read_text())
SETTINGS = dict(line.split("=", 1) for line in KUSTOMIZATION["configMapGenerator"][0]["literals"])
FILLED = {
    "DATABASE_URL": "postgresql://u:p@pooler/studyteddy",
    "DATABASE_DIRECT_URL": "postgresql://u:p@database/studyteddy",
    "REDIS_URL": "redis://queue/0",
    "REDIS_CACHE_URL": "redis://cache/0",
    "JWT_SECRET": "Kd8vQ2x7mZpL4wR9tYb3nHc6jF5sGa1uE0oWiXy",
}


def of(kind: str) -> list[dict[str, Any]]:
    return [one for one in base() if one["kind"] == kind]


@pytest.mark.parametrize("name", sorted(PODS))
def test_a_pod_has_no_rights_to_lose(name: str) -> None:
    pod = PODS[name]
    context = pod["securityContext"]
    assert context["runAsNonRoot"] is True
    assert context["runAsUser"] > 0
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
        assert "memory" in container["resources"]["limits"]
    assert "hostPath" not in str(pod["volumes"])


@pytest.mark.parametrize("name", sorted(PODS))
def test_services_of_the_cluster_set_no_settings_of_ours(name: str) -> None:
    # A service "api" would put API_PORT=tcp://... into every environment, and that is the name of a setting.
    assert "API_PORT" in names_of_settings()
    assert PODS[name]["enableServiceLinks"] is False


def test_processes_get_only_settings_that_exist_and_all_that_they_need() -> None:
    assert SETTINGS.keys() | SECRET.keys() <= names_of_settings()
    assert FILLED.keys() <= SECRET.keys()
    settings = Settings(_env_file=None, **SETTINGS, **FILLED)
    assert settings.trusted_proxies == 1
    for name, pod in PODS.items():
        if name == "web":
            continue
        (container,) = pod["containers"]
        assert container["envFrom"] == [
            {"configMapRef": {"name": "settings"}},
            {"secretRef": {"name": "studyteddy"}},
        ], name


def test_no_secret_stands_in_a_file_and_the_example_is_not_applied() -> None:
    assert set(SECRET.values()) == {""}
    assert not of("Secret")
    assert not SETTINGS.keys() & {name for name in SECRET if re.search("SECRET|KEY|TOKEN|URL|DSN", name)}
    for overlay in OVERLAYS:
        written = (KUBERNETES / "overlays" / overlay / "kustomization.yaml").read_text()
        assert not re.search("secretGenerator|PASSWORD|JWT|_KEY", written)


def test_every_command_exists() -> None:
    for name, pod in PODS.items():
        (container,) = pod["containers"]
        if name == "backup":
            assert container["command"] == ["studyteddy-backup"]
        elif name != "web":
            assert container["args"][0] in commands(), name
    assert PODS["beat"]["containers"][0]["args"] == ["worker", "beat"]


def test_a_pod_may_take_the_time_that_it_needs_to_stop() -> None:
    for name in ("api", "sockets"):
        slept = int(PODS[name]["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
        assert PODS[name]["terminationGracePeriodSeconds"] > GRACE_SECONDS + slept
    nginx = (KUBERNETES.parents[1] / "docker/nginx/nginx.conf").read_text()
    (patience,) = re.findall(r"worker_shutdown_timeout (\d+)s", nginx)
    slept = int(PODS["web"]["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert PODS["web"]["terminationGracePeriodSeconds"] > int(patience) + slept


def test_web_processes_are_asked_how_they_are() -> None:
    for name, port in (("api", 8000), ("sockets", 8001)):
        (container,) = PODS[name]["containers"]
        for probe, path in (("startup", "live"), ("liveness", "live"), ("readiness", "ready")):
            asked = container[f"{probe}Probe"]["httpGet"]
            assert asked == {"path": f"/health/{path}", "port": port}


def test_there_is_one_clock_which_never_runs_twice() -> None:
    (beat,) = [one for one in of("Deployment") if one["metadata"]["name"] == "beat"]
    assert (beat["spec"]["replicas"], beat["spec"]["strategy"]["type"]) == (1, "Recreate")


def test_selectors_find_pods() -> None:
    labels = {one["metadata"]["name"]: one["spec"]["template"]["metadata"]["labels"] for one in of("Deployment")}
    for kind in ("Service", "PodDisruptionBudget"):
        for one in of(kind):
            wanted = one["spec"]["selector"].get("matchLabels", one["spec"]["selector"])
            assert wanted == labels[one["metadata"]["name"]]
    for one in of("HorizontalPodAutoscaler"):
        assert one["spec"]["scaleTargetRef"]["name"] in labels
        (deployment,) = [d for d in of("Deployment") if d["metadata"]["name"] == one["spec"]["scaleTargetRef"]["name"]]
        assert "replicas" not in deployment["spec"], "it would undo what the autoscaler did"


def test_nothing_gets_in_but_what_is_named() -> None:
    policies = {one["metadata"]["name"]: one["spec"] for one in of("NetworkPolicy")}
    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    entrances = {name: spec["ingress"] for name, spec in policies.items() if "ingress" in spec}
    assert entrances.keys() == {"web", "application"}
    assert all(rule["from"] for rules in entrances.values() for rule in rules)
    (way_out,) = [rule for rule in policies["engines"]["egress"] if rule["ports"] == [{"protocol": "TCP", "port": 443}]]
    assert way_out["to"][0]["ipBlock"]["except"] == ["169.254.0.0/16"]


def test_the_ingress_takes_what_nginx_takes_and_waits_as_long() -> None:
    (ingress,) = of("Ingress")
    notes = {name.rpartition("/")[2]: value for name, value in ingress["metadata"]["annotations"].items()}
    assert int(notes["proxy-body-size"].removesuffix("m")) > int(SETTINGS["STUDYTEDDY_MAX_UPLOAD_MB"]) + 1
    site = (KUBERNETES.parents[1] / "docker/nginx/site.conf").read_text()
    assert int(notes["proxy-read-timeout"]) > max(map(int, re.findall(r"proxy_read_timeout (\d+)s", site)))
    (backend,) = {
        path["backend"]["service"]["name"] for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]
    }
    assert backend == "web"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_names_images_by_version_and_its_own_address(overlay: str) -> None:
    built = kubernetes(overlay)
    namespaces = {one["metadata"].get("namespace", one["metadata"]["name"]) for one in built}
    assert len(namespaces) == 1
    for name, pod in pods(built).items():
        for container in pod["containers"]:
            assert re.fullmatch(r"[a-z.]+/studyteddy/(api|web):\d+\.\d+\.\d+", container["image"]), name
    (settings,) = [one["data"] for one in built if one["metadata"]["name"].startswith("settings-")]
    (ingress,) = [one for one in built if one["kind"] == "Ingress"]
    assert settings["PUBLIC_URL"] == f"https://{ingress['spec']['rules'][0]['host']}"
    assert settings.keys() >= SETTINGS.keys()


def test_a_roll_out_stops_where_the_database_was_not_brought_up_to_date(tmp_path: Path) -> None:
    whole = rolled_out(tmp_path / "whole", fails_at="nothing")
    broken = rolled_out(tmp_path / "broken", fails_at="wait")
    order = [next(word for word in ("apply", "delete", "wait", "rollout", "logs") if word in call) for call in whole[1]]
    assert whole[0] == 0
    assert order == ["apply", "delete", "apply", "wait", "apply", *["rollout"] * 7]
    assert broken[0] == 1
    assert [call for call in broken[1] if "component!=migrate" in call or "rollout" in call] == []


def rolled_out(place: Path, *, fails_at: str) -> tuple[int, list[str]]:
    """The exit code and the calls of kubectl, which is a stand-in that fails where it is told to."""
    place.mkdir()
    stand_in = place / "kubectl"
    stand_in.write_text(f'#!/bin/sh\necho "$*" >>{place}/calls\ncase "$*" in *" {fails_at} "*) exit 1 ;; esac\n')
    stand_in.chmod(0o755)
    environment = {**os.environ, "PATH": f"{place}:/usr/bin:/bin"}
    shell = shutil.which("sh") or "/bin/sh"
    done = subprocess.run(
        [shell, KUBERNETES / "roll-out", "staging"], check=False, env=environment, capture_output=True
    )
    return done.returncode, (place / "calls").read_text().splitlines()
