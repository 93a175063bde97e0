"""Check that every question's evidence really stands where the question says it does.

Usage: check.py [DOCUMENTS_FOLDER]
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DEFAULT_DOCUMENTS = HERE.parents[1] / "../shared/data/documents"
UNANSWERABLE = "unanswerable.jsonl"
SPLITS = ("tune", "held_out")
KINDS = ("far", "near", "lure")
MAX_EVIDENCE_WORDS = 12
_TYPOGRAPHY = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})


def folded(text: str) -> str:
    """Text without regard to case, runs of white space and the shape of quotation marks."""
    return " ".join(text.translate(_TYPOGRAPHY).casefold().split())


def _pdf_pages(path: Path) -> list[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def _pptx_pages(path: Path) -> list[str]:
    from pptx import Presentation

    return ["\n".join(_shape_texts(slide.shapes)) for slide in Presentation(str(path)).slides]


def _shape_texts(shapes: Any) -> Iterator[str]:
    for shape in shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if getattr(shape, "has_table", False):
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        if hasattr(shape, "shapes"):
            yield from _shape_texts(shape.shapes)


def _docx_pages(path: Path) -> list[str]:
    from docx import Document
    from docx.table import Table

    texts: list[str] = []
    for block in Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            texts.extend(cell.text for row in block.rows for cell in row.cells)
        else:
            texts.append(block.text)
    return ["\n".join(texts)]


def _epub_pages(path: Path) -> list[str]:
    from selectolax.lexbor import LexborHTMLParser

    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xhtml", ".html", ".htm"))]
        bodies = [LexborHTMLParser(archive.read(name).decode("utf-8")).body for name in names]
    return ["\n".join(body.text() for body in bodies if body is not None)]


def _plain_pages(path: Path) -> list[str]:
    return [path.read_text(encoding="utf-8")]


_READERS: dict[str, Callable[[Path], list[str]]] = {
    ".pdf": _pdf_pages,
    ".pptx": _pptx_pages,
    ".docx": _docx_pages,
    ".epub": _epub_pages,
    ".md": _plain_pages,
}


@cache
def pages_of(path: Path) -> tuple[str, ...]:
    """The folded text of each page or slide; one text for formats that have no pages."""
    return tuple(folded(text) for text in _READERS[path.suffix](path))


def answerable_fault(row: dict[str, Any], documents: Path) -> str | None:
    """What is wrong with an answerable question, or None."""
    if set(row) != {"question", "file", "pages", "evidence", "split"}:
        return f"unexpected fields {sorted(row)}"
    path = documents / row["file"]
    if not path.is_file():
        return f"no such document {row['file']}"
    evidence = folded(row["evidence"])
    if not 1 <= len(evidence.split()) <= MAX_EVIDENCE_WORDS:
        return f"evidence must have 1 to {MAX_EVIDENCE_WORDS} words"
    pages, numbers = pages_of(path), row["pages"]
    if path.suffix in (".pdf", ".pptx"):
        if not numbers or any(not 1 <= number <= len(pages) for number in numbers):
            return f"pages {numbers} must lie in 1..{len(pages)}"
        if evidence not in pages[numbers[0] - 1]:
            found = [number for number, text in enumerate(pages, start=1) if evidence in text]
            return f"evidence {row['evidence']!r} is not on page {numbers[0]}, but on {found}"
        return None
    if numbers is not None:
        return "a format without pages needs pages null"
    return None if evidence in pages[0] else f"evidence {row['evidence']!r} is not in the document"


def unanswerable_fault(row: dict[str, Any], documents: Path) -> str | None:
    """What is wrong with an unanswerable question, or None."""
    if set(row) != {"question", "kind", "file", "split"}:
        return f"unexpected fields {sorted(row)}"
    if row["kind"] not in KINDS:
        return f"unknown kind {row['kind']!r}"
    if (row["kind"] == "lure") != (row["file"] is not None):
        return "a lure, and only a lure, names the document it lures to"
    if row["file"] is not None and not (documents / row["file"]).is_file():
        return f"no such document {row['file']}"
    return None


def faults(documents: Path) -> Iterator[str]:
    """Every fault in the question files, as one line each."""
    seen: Counter[str] = Counter()
    for source in sorted(HERE.glob("*.jsonl")):
        check = unanswerable_fault if source.name == UNANSWERABLE else answerable_fault
        splits: Counter[str] = Counter()
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1):
            row = json.loads(line)
            splits[row.get("split", "")] += 1
            seen[folded(row["question"])] += 1
            fault = check(row, documents)
            if fault is not None:
                yield f"{source.name}:{number}: {fault}"
        if set(splits) - set(SPLITS) or abs(splits["tune"] - splits["held_out"]) > 1:
            yield f"{source.name}: splits are not half and half: {dict(splits)}"
    yield from (f"asked {count} times: {question}" for question, count in seen.items() if count > 1)


def main(arguments: list[str]) -> int:
    """Print the faults; 0 if there are none, else 1."""
    found = list(faults(Path(arguments[0]) if arguments else DEFAULT_DOCUMENTS))
    print("\n".join(found) if found else "no faults")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
