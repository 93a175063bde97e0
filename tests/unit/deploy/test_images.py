from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from studyteddy.entrypoints.gunicorn_server import GRACE_SECONDS, KEEP_ALIVE_SECONDS
from studyteddy.entrypoints.settings import Settings
from unit.deploy.files import DOCKER, KUBERNETES, PROJECT, compose

DOCKERFILES = sorted(DOCKER.glob("*.Dockerfile"))
LINES = {path.name: re.sub(r"\\\n\s*", " ", path.read_text()).splitlines() for path in DOCKERFILES}


def stages(name: str) -> dict[str, list[str]]:
    """The lines of each stage; one without a name goes by its image."""
    found: dict[str, list[str]] = {}
    for line in LINES[name]:
        if line.startswith("FROM "):
            words = line.split()
            found[words[-1]] = []
            current = found[words[-1]]
        if found:
            current.append(line)
    return found


@pytest.mark.parametrize("name", sorted(LINES))
def test_an_image_ends_as_an_account_with_a_number_and_tells_how_it_is(name: str) -> None:
    last = stages(name)
    for stage in ("embedded", "production") if name.startswith("api") else (list(last)[-1],):
        lines = last[stage] + (last["runtime"] if name.startswith("api") else [])
        users = [line.split()[1] for line in lines if line.startswith("USER ")]
        assert users, stage
        assert int(users[-1].partition(":")[0]) > 0
        assert any(line.startswith("HEALTHCHECK ") for line in lines), stage
        assert any(line.startswith("STOPSIGNAL ") for line in lines), stage
        assert any(line.startswith("LABEL ") for line in lines), stage


def test_what_is_installed_is_locked_by_hash_and_compiled_elsewhere() -> None:
    installs = [line for lines in LINES.values() for line in lines if " install " in line and "pip" in line.split()]
    assert len(installs) == 5
    for line in installs:
        assert "--require-hashes --only-binary :all:" in line or "--no-deps --no-index" in line, line
    for stage in ("runtime", "embedded", "production"):
        assert not any("apt-get" in line or "pip install" in line for line in stages("api.Dockerfile")[stage])


def test_every_file_that_is_copied_exists_and_gets_into_the_build() -> None:
    allowed = [line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = []
    for lines in LINES.values():
        for line in lines:
            if line.startswith("COPY ") and "--from=" not in line:
                words = [word for word in line.split()[1:-1] if not word.startswith("--")]
                copied += [word for word in words if "[" not in word]
    assert copied
    for path in copied:
        assert list(PROJECT.glob(path)), path
        assert any(path == one or path.startswith(f"{one}/") for one in allowed) or path.startswith("requirements/")


def test_compose_builds_what_there_is() -> None:
    for name in ("compose.yaml", "compose.prod.yaml"):
        for service in compose(name)["services"].values():
            build = service.get("build")
            if build is None:
                continue
            dockerfile = (DOCKER / build["context"] / build["dockerfile"]).resolve()
            assert dockerfile in DOCKERFILES
            assert build.get("target", list(stages(dockerfile.name))[-1]) in stages(dockerfile.name)


def test_nobody_writes_to_a_connection_that_gunicorn_is_closing() -> None:
    for path in (DOCKER / "nginx/upstreams.conf", KUBERNETES / "base/upstreams.conf"):
        (kept,) = re.findall(r"keepalive_timeout (\d+)s", path.read_text())
        assert int(kept) < KEEP_ALIVE_SECONDS


def test_processes_get_the_time_that_they_take_to_stop() -> None:
    for name in ("api", "sockets"):
        assert (
            int(compose("compose.prod.yaml")["services"][name]["stop_grace_period"].removesuffix("s")) > GRACE_SECONDS
        )


def test_the_routes_of_nginx_are_those_of_the_application() -> None:
    site = (DOCKER / "nginx/site.conf").read_text()
    prefix = Settings(_env_file=None).api_prefix
    for route in ("ws", "documents", "ask"):
        assert f"location = /{prefix}/{route} {{" in site


@pytest.mark.parametrize(("megabytes", "limit"), [(None, "51m"), ("", "51m"), ("200", "201m")])
def test_uploads_are_limited_a_bit_above_the_setting(
    megabytes: str | None, limit: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("nginx")
    script = (DOCKER / "nginx/upload-limit.sh").read_text().replace("/tmp/", f"{place}/")
    environment = {"PATH": "/usr/bin:/bin"} | ({} if megabytes is None else {"STUDYTEDDY_MAX_UPLOAD_MB": megabytes})
    subprocess.run(["sh", "-c", script], check=True, env=environment)
    assert (place / "upload.conf").read_text() == f"client_max_body_size {limit};\n"


def test_the_pooler_gives_a_connection_for_one_transaction() -> None:
    given = dict(re.findall(r"^(\w+) = ?(.*)$", (DOCKER / "pgbouncer/pgbouncer.ini").read_text(), re.MULTILINE))
    assert given["pool_mode"] == "transaction"


def test_old_backups_go_once_a_new_one_is_written(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    old, recent = backups / "studyteddy-20260101T000000Z.backup", backups / "studyteddy-20260102T000000Z.backup"
    for path, days in ((old, 20), (recent, 5)):
        path.touch()
        os.utime(path, (time.time() - days * 86_400,) * 2)
    script = (DOCKER / "backup.sh").read_text().replace("/backups", str(backups))
    for code, kept in ((1, 2), (0, 2)):
        stand_in = tmp_path / "studyteddy"
        stand_in.write_text(f'#!/bin/sh\n[ {code} = 0 ] && echo "$1" >"$2"\nexit {code}\n')
        stand_in.chmod(0o755)
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
        done = subprocess.run(["sh", "-c", script, "backup", "14"], check=False, env=environment)
        assert (done.returncode, len(list(backups.iterdir()))) == (code, kept)
    assert not old.exists()
    assert recent.exists()
