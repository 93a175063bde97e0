"""The process that reads one document: confined first, then one reader module, then frames on standard output."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from studyteddy.adapters.text_extraction.frames import END, FAILED, HEAD, READY, SECTION, pack
from studyteddy.adapters.text_extraction.reading import Bounds, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from studyteddy.adapters.text_extraction.reading import Reading

BUFFERED = 1 << 16
"""Bytes that are collected before they are written: a page at a time would cost a system call and a wake-up each."""


def main(arguments: list[str]) -> None:
    """Read standard input as ``arguments[0]`` says. The other arguments are limits, in the order used below."""
    module, memory, cpu_seconds, unpacked, entries, sections = arguments[0], *map(int, arguments[1:6])
    pipe = os.dup(1)
    os.dup2(2, 1)  # a library that prints must not write into the frames

    from studyteddy.adapters.text_extraction import confinement

    confinement.leave_network()
    confinement.limit_resources(memory=memory, cpu_seconds=cpu_seconds)
    confinement.refuse_side_effects()
    reader = import_module(f"studyteddy.adapters.text_extraction.{module}")
    _write(pipe, pack(READY))
    try:
        content = _read_all()
        _send(pipe, reader.read(content, Bounds(unpacked=unpacked, entries=entries, sections=sections)))
    except Unreadable as fault:
        _write(pipe, pack(FAILED, 0, fault.reason, fault.detail))
    except MemoryError:
        _write(pipe, pack(FAILED, 0, "expands_too_much", "out of memory"))
    except Exception as fault:
        # Parsers meet hostile bytes with every kind of exception; the process has no other work that this could hide.
        _write(pipe, pack(FAILED, 0, "corrupt", f"{type(fault).__name__}: {fault}"[:500]))
    # Nothing is left to save: skipping the interpreter's clean-up frees the parent some milliseconds earlier.
    os._exit(0)


def _send(pipe: int, reading: Reading) -> None:
    parts = [pack(HEAD, reading.count, reading.title, reading.unit)]
    size, number = 0, 0
    for label, text in reading.sections:
        number += 1
        frame = pack(SECTION, number, label, text)
        parts.append(frame)
        size += len(frame)
        if size >= BUFFERED or number == 1:
            _write(pipe, b"".join(parts))
            parts, size = [], 0
    parts.append(pack(END))
    _write(pipe, b"".join(parts))


def _read_all() -> bytes:
    with open(0, "rb", buffering=0, closefd=False) as source:
        return source.readall()


def _write(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]
