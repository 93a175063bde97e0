"""The directory of one PostgreSQL cluster, and the processes at work in it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from studyteddy.adapters.embedded_postgres.account import MAJOR_VERSION, Account, failure

if TYPE_CHECKING:
    import psutil

SUPERUSER = "studyteddy"

_STOP_SECONDS = 30.0
_ORPHAN_SECONDS = 3.0


class DataDirectory:
    """A cluster's files at ``path``, an absolute path without symbolic links."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def beside(self, suffix: str) -> Path:
        """A file that belongs to the directory and stands next to it."""
        return self.path.with_name(self.path.name + suffix)

    def initialise(self) -> None:
        """Make the directory where it is missing, all or nothing: a half-made one never gets its name."""
        if not (self.path / "PG_VERSION").exists():
            self._make()
        version = (self.path / "PG_VERSION").read_text().strip()
        if version != MAJOR_VERSION:
            raise failure(
                f"{self.path} was written by PostgreSQL {version}, and this is PostgreSQL {MAJOR_VERSION}. "
                "Export the data with the Study Teddy that wrote it, and import it into a new directory."
            )

    def _make(self) -> None:
        account = Account.owning(self.path)
        fresh = self.beside(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        account.give(fresh)
        made = subprocess.run(
            **account.run(
                "initdb",
                f"--pgdata={fresh}",
                f"--username={SUPERUSER}",
                "--auth=trust",  # nobody else gets as far as the socket
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                reaching=fresh,
            ),
            check=False,
            capture_output=True,
        )
        if made.returncode != 0:
            words = made.stderr.decode(errors="replace").strip()
            raise failure(f"PostgreSQL could not create {self.path}. It said: {words[-1000:]}")
        try:
            fresh.rename(self.path)
        except OSError as error:
            raise failure(f"{self.path} is not a PostgreSQL database. Choose an empty data directory.") from error
        parent = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)

    def state(self) -> list[str]:
        """The lines of ``postmaster.pid``: pid, data, start, port, socket directory, address, memory, status."""
        try:
            return [line.strip() for line in (self.path / "postmaster.pid").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def socket_directory(self) -> Path | None:
        """Where the server listens or, when it was killed, listened."""
        state = self.state()
        return Path(state[4]) if len(state) > 4 and state[4] else None

    def server(self) -> psutil.Process | None:
        """The running server, and not a stranger who got the number of a killed one."""
        pid = next(iter(self.state()), "")
        return next((one for one in self._processes() if str(one.pid) == pid), None)

    def shut_down(self) -> None:
        """Stop the server if one runs: open transactions are rolled back, the rest is safely on the disk."""
        import psutil

        server = self.server()
        if server is None:
            return
        try:
            server.send_signal(signal.SIGINT)
            server.wait(_STOP_SECONDS)
        except psutil.NoSuchProcess:  # it was dying by itself
            return
        except psutil.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)  # at once; the next start replays the log
            server.wait(_STOP_SECONDS)

    def clear_away_the_dead(self) -> None:
        """Free the way after a server that was killed.

        Its children end by themselves within moments, except in a long computation. None may be left, since
        they still write to the data. Its ``postmaster.pid`` stands in the way only when the number in it now
        belongs to somebody else; else PostgreSQL itself looks at it and judges better.
        """
        import psutil

        _, left = psutil.wait_procs(self._processes(), timeout=_ORPHAN_SECONDS)
        for process in left:
            process.kill()
        psutil.wait_procs(left, timeout=_ORPHAN_SECONDS)
        pid = next(iter(self.state()), "")
        if pid.isdigit() and psutil.pid_exists(int(pid)):
            (self.path / "postmaster.pid").unlink()

    def _processes(self) -> list[psutil.Process]:
        """The living processes of PostgreSQL that work here."""
        import psutil

        wanted = {"name": "postgres", "cwd": str(self.path)}
        return [
            process
            for process in psutil.process_iter([*wanted, "status"])
            if process.info["status"] != psutil.STATUS_ZOMBIE and wanted.items() <= process.info.items()
        ]
