"""Limits that the child process lays upon itself before it looks at a byte of the document.

Kernel limits hold for native code too. The audit hook holds for Python code only: it is the second fence where the
kernel doesn't let an ordinary user leave the network.
"""

from __future__ import annotations

import os
import resource
import sys

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_NO_NEW_PRIVS = 38

_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.kill",
    "pty.spawn",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "shutil.",
    "ftplib.",
    "http.",
    "smtplib.",
    "urllib.",
    "webbrowser.",
    "mmap.",
)


def limit_resources(*, memory: int, cpu_seconds: int) -> None:
    """Bound address space, processor time, open files, core dumps and written files."""
    for name, soft, hard in (
        ("RLIMIT_AS", memory, memory),
        ("RLIMIT_CPU", cpu_seconds, cpu_seconds + 5),
        ("RLIMIT_NOFILE", 64, 64),
        ("RLIMIT_CORE", 0, 0),
        ("RLIMIT_FSIZE", 0, 0),
    ):
        _limit(name, soft, hard)


def forbid_new_processes() -> None:
    """No further process or thread. Holds for ordinary users; the superuser is beyond this limit."""
    _limit("RLIMIT_NPROC", 0, 0)


def _limit(name: str, soft: int, hard: int) -> None:
    kind = getattr(resource, name, None)
    if kind is None:
        return
    _, ceiling = resource.getrlimit(kind)
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    try:
        resource.setrlimit(kind, (soft, hard))
    except (ValueError, OSError):
        if name in ("RLIMIT_CPU", "RLIMIT_CORE"):  # every system offers these: without them something is wrong
            raise


def leave_network() -> bool:
    """Move into a network namespace of its own, without any interface. False where the kernel refuses."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)


def refuse_side_effects() -> None:
    """Refuse sockets, programs, signals, changes of files, and reading any file but this program's own modules."""
    places = [*sys.path, sys.base_prefix]
    roots = tuple(f"{place.rstrip('/')}/" for entry in places if entry for place in (entry, os.path.realpath(entry)))

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, mode = arguments[0], arguments[1]
            if isinstance(path, int):
                return
            if (mode is None or mode in ("r", "rb")) and os.fsdecode(path).startswith(roots):  # type: ignore[arg-type]
                return
            raise PermissionError(f"reading a document may not open {path!r}")
        if event.startswith(_REFUSED):
            raise PermissionError(f"reading a document may not use {event}")

    sys.addaudithook(hook)
