from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from studyteddy.entrypoints.commands.worker import Role
from studyteddy.entrypoints.settings import Pooler, Profile, Settings
from unit.deploy.files import DOCKER, commands, compose, example, filled_in, names_of_settings, references

PRODUCTION: dict[str, Any] = compose("compose.prod.yaml")
SERVICES: dict[str, dict[str, Any]] = PRODUCTION["services"]
OURS = {name: one for name, one in SERVICES.items() if "STUDYTEDDY_PROFILE" in (one.get("environment") or {})}
ONCE = {"migrate", "bucket", "backup"}
ENGINES = {"postgres", "pgbouncer", "queue", "cache", "objects"}
REQUIRED = [name for name, default in references("compose.prod.yaml").items() if default is None]
FILLED = {name: f"Kd8vQ2x7mZpL4wR9tYb3nHc6jF5sGa1uE{number:02}" for number, name in enumerate(REQUIRED)} | {
    "PUBLIC_URL": "https://study.example.org",
}


def settings_of(service: dict[str, Any]) -> Settings:
    given = {name: filled_in(value, FILLED) for name, value in service["environment"].items()}
    return Settings(_env_file=None, **{name: value for name, value in given.items() if value})


def test_only_nginx_is_published() -> None:
    assert [name for name, one in SERVICES.items() if one.get("ports")] == ["web"]
    assert [port.partition(":")[2] for port in compose("compose.yaml")["services"]["studyteddy"]["ports"]] == [
        "${PORT:-8000}:8000"
    ]
    assert compose("compose.yaml")["services"]["studyteddy"]["ports"][0].startswith("127.0.0.1:")
    assert set(compose("compose.tls.yaml")["services"]) == {"web"}


def test_the_engines_are_in_a_network_without_a_way_out() -> None:
    assert PRODUCTION["networks"]["engines"] == {"internal": True}
    for name in ENGINES:
        assert SERVICES[name]["networks"] == ["engines"], name
    assert SERVICES["web"]["networks"] == ["front"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_held_on_a_short_leash(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["restart"] == ("no" if name in ONCE else "unless-stopped")
    if name not in ONCE:
        assert "memory" in service["deploy"]["resources"]["limits"]
        assert service["stop_grace_period"]


def test_what_is_not_built_here_is_pinned_and_not_root() -> None:
    for name, service in SERVICES.items():
        image = service["image"]
        if image.startswith("${STUDYTEDDY_"):
            continue
        assert re.fullmatch(r"[a-z/]+:[a-z0-9.-]*\d[a-z0-9.-]*", image), name
        assert int(service["user"].partition(":")[0]) > 0, name


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_process_gets_only_settings_that_exist_and_all_that_it_needs(name: str) -> None:
    assert OURS[name]["environment"].keys() <= names_of_settings()
    settings = settings_of(OURS[name])
    assert (settings.profile, settings.database_pooler) == (Profile.PRODUCTION, Pooler.TRANSACTION)
    assert settings.in_bucket
    assert settings.trusted_proxies == 1
    assert settings.metrics_token


def test_addresses_lead_to_services_of_the_same_file() -> None:
    settings = settings_of(SERVICES["api"])
    for url in (
        settings.database_url,
        settings.database_direct_url,
        settings.redis_url,
        settings.redis_cache_url,
        settings.s3_endpoint_url,
    ):
        assert url is not None
        assert urlsplit(url).hostname in ENGINES, url
    assert urlsplit(settings.database_url or "").hostname == "pgbouncer"
    assert urlsplit(settings.database_direct_url or "").hostname == "postgres"


def test_no_secret_stands_in_a_file() -> None:
    for path in [*DOCKER.glob("compose*.yaml"), DOCKER / ".env.example"]:
        for line in path.read_text().splitlines():
            assert not re.search(r"://[^/]*:[^$/]+@", line), f"{path.name}: {line}"
            found = re.match(r"(?:# )?\s*\w*(PASSWORD|SECRET|TOKEN|_KEY|DSN|AUTH)\w*\s*[:=]\s*(\S.*)$", line)
            if found is None or "TOKENS_PER_DAY" in line:
                continue
            assert re.fullmatch(r"\$\{\w+(:[?-][^}]*)?\}", found.group(2)), f"{path.name}: {line}"
    assert "://studyteddy:${DATABASE_PASSWORD" in (DOCKER / "compose.prod.yaml").read_text()


def test_the_example_names_all_that_the_files_take_and_nothing_else() -> None:
    taken = references("compose.prod.yaml") | references("compose.tls.yaml")
    assert taken.keys() | {"DATABASE_PASSWORD"} == example().keys()
    unset = {name for name, value in example().items() if not value}
    assert {name for name, default in taken.items() if default is None} <= unset


def test_every_command_exists() -> None:
    roles = set()
    for name, service in OURS.items():
        if "entrypoint" in service:
            continue
        command = service["command"]
        assert command[0] in commands(), name
        if command[0] == "worker":
            roles.add(command[1])
    assert roles == {role.value for role in Role} - {"all"}
    assert SERVICES["sockets"]["command"] == ["serve", "--sockets"]


def test_there_are_two_of_what_must_not_be_missing_and_one_clock() -> None:
    replicas = {name: one.get("deploy", {}).get("replicas", 1) for name, one in SERVICES.items()}
    assert (replicas["api"], replicas["worker-ingest"], replicas["beat"]) == (2, 2, 1)


def test_everything_waits_for_what_it_needs() -> None:
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in SERVICES
            if how["condition"] == "service_completed_successfully":
                assert SERVICES[needed]["restart"] == "no", (name, needed)
            else:
                assert how["condition"] == "service_healthy"
                built = "build" in SERVICES[needed]
                assert SERVICES[needed].get("healthcheck", {"test": built}).get("test"), (name, needed)
    for name in OURS.keys() - ONCE:
        assert {"migrate", "bucket"} <= SERVICES[name]["depends_on"].keys(), name


def test_the_queue_keeps_and_the_cache_forgets() -> None:
    queue, cache = (" ".join(SERVICES[name]["command"]) for name in ("queue", "cache"))
    assert "--appendonly yes" in queue
    assert "--maxmemory-policy noeviction" in queue
    assert SERVICES["queue"]["volumes"] == ["queue:/data"]
    assert "--maxmemory-policy volatile-ttl" in cache
    assert SERVICES["cache"]["volumes"] == []


def test_nginx_and_the_application_take_uploads_by_the_same_setting() -> None:
    assert (
        SERVICES["web"]["environment"]["STUDYTEDDY_MAX_UPLOAD_MB"]
        == (SERVICES["api"]["environment"]["STUDYTEDDY_MAX_UPLOAD_MB"])
    )
    script = (DOCKER / "nginx/upload-limit.sh").read_text()
    (default,) = re.findall(r"STUDYTEDDY_MAX_UPLOAD_MB:-(\d+)", script)
    assert int(default) == Settings(_env_file=None).max_upload_mb


def test_a_backup_is_made_when_asked_for() -> None:
    assert SERVICES["backup"]["profiles"] == ["backup"]
    assert SERVICES["backup"]["volumes"] == ["backups:/backups"]
    assert {"backup", "restore"} <= commands()
