"""The process that reads one document: confined first, then one reader module, then frames on standard output.

Two threads share the work: the reader's, and one that finishes texts and writes frames. PDFium runs outside of the
interpreter's lock, so the second costs no time on a second processor.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from queue import SimpleQueue
from threading import Thread

from studyteddy.adapters.text_extraction import confinement
from studyteddy.adapters.text_extraction.frames import END, FAILED, HEAD, READY, SECTION, pack
from studyteddy.adapters.text_extraction.reading import Bounds, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from studyteddy.adapters.text_extraction.reading import Reading

    Outgoing = tuple[bytes, int, str, str, Callable[[str], str] | None]

BUFFERED = 1 << 16
"""Bytes that are collected before they are written: a page at a time would cost a system call and a wake-up each."""


def main(arguments: list[str]) -> None:
    """Read standard input by the module named first. The other arguments are limits, in the order used below."""
    module, memory, cpu_seconds, unpacked, entries, sections = arguments[0], *map(int, arguments[1:6])
    pipe = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # a library that prints must not write into the frames

    # Loaded while files may still be written, so that the interpreter can keep the compiled modules.
    reader = import_module(module)
    sys.dont_write_bytecode = True
    confinement.leave_network()
    confinement.limit_resources(memory=memory, cpu_seconds=cpu_seconds)
    outgoing: SimpleQueue[Outgoing] = SimpleQueue()
    writer = Thread(target=_write_all, args=(pipe, outgoing), daemon=True)
    writer.start()
    confinement.forbid_new_processes()
    confinement.refuse_side_effects()
    _write(pipe, pack(READY))
    os.dup2(nowhere, 2)  # what a reader complains about a document is nobody's business
    bounds = Bounds(unpacked=unpacked, entries=entries, sections=sections)
    try:
        _read(reader.read, bounds, outgoing)
    except Exception as fault:  # noqa: BLE001 - told to the parent
        outgoing.put((FAILED, 0, *_explained(fault), None))
    writer.join()


def _read(read: Callable[[bytes, Bounds], Reading], bounds: Bounds, outgoing: SimpleQueue[Outgoing]) -> None:
    with open(0, "rb", buffering=0, closefd=False) as source:
        content = source.readall()
    reading = read(content, bounds)
    outgoing.put((HEAD, reading.count, reading.title, reading.unit, None))
    for number, (label, text) in enumerate(reading.sections, start=1):
        outgoing.put((SECTION, number, label, text, reading.finish))
    outgoing.put((END, 0, "", "", None))


def _explained(fault: BaseException) -> tuple[str, str]:
    """Reason and detail. Parsers meet hostile bytes with every kind of exception, and all of them mean damage."""
    if isinstance(fault, Unreadable):
        return fault.reason, fault.detail
    if isinstance(fault, MemoryError):
        return "expands_too_much", "out of memory"
    return "corrupt", f"{type(fault).__name__}: {fault}"[:500]


def _write_all(pipe: int, outgoing: SimpleQueue[Outgoing]) -> None:
    """Write frames until the last one. Sections wait for each other until there is something to send."""
    parts: list[bytes] = []
    size = 0
    kind = READY
    while kind not in (END, FAILED):
        kind, number, first, second, finish = outgoing.get()
        try:
            frame = pack(kind, number, first, finish(second) if finish else second)
        except Exception as fault:  # noqa: BLE001 - told to the parent
            kind = FAILED
            frame = pack(FAILED, 0, *_explained(fault))
        parts.append(frame)
        size += len(frame)
        if size >= BUFFERED or kind != SECTION or number == 1:
            _write(pipe, b"".join(parts))
            parts, size = [], 0
    # Nothing is left to save: skipping the interpreter's clean-up frees the parent some milliseconds earlier.
    os._exit(0)


def _write(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(pipe, view) :]
    except BrokenPipeError:  # nobody waits for the rest
        os._exit(1)
