"""A reader that does what a hijacked one might do. The document says what."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from studyteddy.adapters.text_extraction.reading import Bounds, Reading


def read(content: bytes, bounds: Bounds) -> Reading:
    deed, *arguments = content.decode().split()
    result = globals()[f"do_{deed}"](*arguments)
    return result if isinstance(result, Reading) else one(str(result))


def one(text: str, *, count: int = 1) -> Reading:
    return Reading(title="", unit="section", count=count, sections=[("", text)])


def do_connect() -> None:
    socket.create_connection(("127.0.0.1", 9), timeout=1)


def do_run() -> None:
    subprocess.run(["/bin/true"], check=True)


def do_shell() -> None:
    os.system("true")


def do_fork() -> None:
    os.fork()


def do_kill() -> None:
    os.kill(os.getppid(), 9)


def do_peek() -> str:
    return Path("/etc/passwd").read_text()


def do_write() -> None:
    Path("written-by-a-document").write_text("x")


def do_remove() -> None:
    Path(__file__).unlink()


def do_environment() -> str:
    return " ".join(sorted(os.environ))


def do_call_home(port: str) -> str:
    """Connect through the C library, which the audit hook doesn't see."""
    libc = ctypes.CDLL(None)
    address = (
        socket.AF_INET.to_bytes(2, sys.byteorder) + int(port).to_bytes(2, "big") + bytes((127, 0, 0, 1)) + bytes(8)
    )
    handle = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    return "connected" if libc.connect(handle, address, len(address)) == 0 else "unreachable"


def do_memory() -> None:
    bytearray(3 << 30)


def do_spin() -> None:
    while True:
        pass


def do_sleep() -> None:
    time.sleep(60)


def do_abort() -> None:
    os.abort()


def do_crash() -> None:
    ctypes.string_at(0)


def do_exit() -> None:
    os._exit(3)


def do_recurse() -> None:
    do_recurse()


def do_noise() -> None:
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, b"\xff" * 4096)
        except OSError:
            continue


def do_flood() -> Reading:
    return one("x" * (100 << 20))


def do_endless() -> Reading:
    def sections() -> Iterator[tuple[str, str]]:
        while True:
            yield "", "again"

    return Reading(title="", unit="section", count=2, sections=sections())


def do_piles() -> Reading:
    return Reading(title="", unit="section", count=1999, sections=(("", "x" * 1_000_000) for _ in range(1999)))


def do_many() -> Reading:
    return one("", count=1 << 31)


def do_short() -> Reading:
    return one("only one", count=3)


def do_late() -> Reading:
    def sections() -> Iterator[tuple[str, str]]:
        yield "", "the first one"
        raise ValueError("something is wrong further down")

    return Reading(title="", unit="section", count=2, sections=sections())


def do_unit() -> Reading:
    return Reading(title="", unit="chapter of doom", count=1, sections=[("", "x")])


def do_surrogates() -> Reading:
    return one("a\ud800b")


def do_chatter() -> Reading:
    print("x" * 1_000_000)
    print("x" * 1_000_000, file=sys.stderr)
    return one("still here")
