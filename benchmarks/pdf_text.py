"""Goal P8, first half: text of a PDF at no less than 0.9x of a bare pypdfium2 loop.

python benchmarks/pdf_text.py [FILE.pdf ...]

Both sides run in turns. Ours is the whole way that a document takes: a fresh confined process, the text of all pages
made readable, the sections back in this process. The bare side opens the file and asks for each page's text in this
process, warm from the round before.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2

from studyteddy.adapters.text_extraction.sandboxed import SandboxedExtractor
from studyteddy.domain.documents import MediaType

ROUNDS = 11
GOAL = 0.9
BOOKS = Path(__file__).resolve().parents[2] / "shared" / "data" / "documents"
DEFAULT = ("thinkpython2.pdf", "lessig-freeculture.pdf", "geotopo-de.pdf")


def bare(path: Path) -> int:
    """Pages whose text was read by a plain loop over pypdfium2."""
    document = pypdfium2.PdfDocument(path)
    count = len(document)
    for index in range(count):
        page = document[index]
        text_page = page.get_textpage()
        text_page.get_text_bounded()
        text_page.close()
        page.close()
    document.close()
    return count


def ours(path: Path) -> int:
    """Pages whose text came through the sandbox."""
    with path.open("rb") as content:
        return sum(1 for _ in SandboxedExtractor().extract(content, MediaType.PDF).sections)


def cost(read: Callable[[Path], int], path: Path) -> tuple[float, float]:
    """Seconds on the clock and of the processors, those of ended children included."""
    began, used = time.perf_counter(), _processor_seconds()
    read(path)
    return time.perf_counter() - began, _processor_seconds() - used


def _processor_seconds() -> float:
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main(arguments: list[str]) -> None:
    """Print a row for each file."""
    files = [Path(argument) for argument in arguments] or [BOOKS / name for name in DEFAULT if (BOOKS / name).exists()]
    if not files:
        print(f"P8 skipped: no PDF given and {BOOKS} is missing")
        return
    print(f"P8 PDF text, goal >= {GOAL}x of a bare pypdfium2 loop, {ROUNDS} rounds in turns")
    for path in files:
        pages = bare(path)
        rounds = [(cost(bare, path), cost(ours, path)) for _ in range(ROUNDS)]
        ratios = sorted(plain[0] / own[0] for plain, own in rounds)
        processor = statistics.median(plain[1] / own[1] for plain, own in rounds)
        middle = f"{ratios[ROUNDS // 4]:.2f}..{ratios[-1 - ROUNDS // 4]:.2f}"
        own, plain = (pages / statistics.median(pair[side][0] for pair in rounds) for side in (1, 0))
        print(
            f"{path.name}: {statistics.median(ratios):.2f}x (middle half {middle}), {processor:.2f}x of the processor, "
            f"ours {own:.0f} pages/s, bare {plain:.0f} pages/s, {pages} pages"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
