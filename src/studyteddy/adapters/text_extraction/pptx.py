"""PPTX: one section per slide, with its title first and the speaker's notes last."""

from __future__ import annotations

from studyteddy.adapters.text_extraction.cleaning import one_line, tidy
from studyteddy.adapters.text_extraction.ooxml import Package, local, relationship_id
from studyteddy.adapters.text_extraction.reading import Reading, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from studyteddy.adapters.text_extraction.reading import Bounds

_TITLES = ("title", "ctrTitle")
_FURNITURE = ("sldNum", "dt", "ftr", "hdr", "sldImg")
_GROUPS = ("grpSp", "AlternateContent", "Choice", "spTree")


def read(content: bytes, bounds: Bounds) -> Reading:
    """All slides, hidden ones too, in the order of the presentation."""
    package = Package(content, bounds)
    main = package.main_part("ppt")
    targets = package.relationships(main)
    listed = [relationship_id(element) for element in package.xml(main).iterfind("./{*}sldIdLst/{*}sldId")]
    names = [targets[identifier][1] for identifier in listed if identifier in targets]
    if len(names) > bounds.sections:
        raise Unreadable("too_many_pages", f"{len(names)} slides")
    slides = [_slide(package, name) for name in names]
    if not any(text for _, text in slides):
        raise Unreadable("no_text_layer", f"{len(slides)} slides without text")
    return Reading(title=package.title(), unit="slide", count=len(slides), sections=slides)


def _slide(package: Package, name: str) -> tuple[str, str]:
    title = ""
    texts: list[str] = []
    for tree in package.xml(name).iterfind("./{*}cSld/{*}spTree"):
        for kind, text in _shapes(tree, package, name):
            if kind in _TITLES and not title:
                title = one_line(text)
                texts.insert(0, title)
            else:
                texts.append(text)
    notes = _notes(package, name)
    if notes:
        texts.append(f"Notes: {notes}")
    return title[:200], tidy("\n\n".join(text for text in map(tidy, texts) if text))


def _shapes(tree: Element, package: Package, slide: str) -> Iterator[tuple[str, str]]:
    """Placeholder kind ("" for none) and text of each shape that says something."""
    for element in tree:
        tag = local(element)
        if tag in _GROUPS:
            yield from _shapes(element, package, slide)
        elif tag == "sp":
            kind = _placeholder(element)
            if kind not in _FURNITURE:
                yield kind, _paragraphs(element)
        elif tag == "graphicFrame":
            yield "", _table(element) or _diagram(element, package, slide)


def _placeholder(shape: Element) -> str:
    mark = shape.find("./{*}nvSpPr/{*}nvPr/{*}ph")
    return mark.get("type", "body") if mark is not None else ""


def _paragraphs(shape: Element) -> str:
    return "\n".join(_paragraph(paragraph) for paragraph in shape.iterfind("./{*}txBody/{*}p"))


def _paragraph(paragraph: Element) -> str:
    parts: list[str] = []
    for element in paragraph.iter():
        tag = local(element)
        if tag == "t":
            parts.append(element.text or "")
        elif tag == "br":
            parts.append("\n")
    return "".join(parts).rstrip()


def _table(frame: Element) -> str:
    rows = []
    for row in frame.iterfind(".//{*}tbl/{*}tr"):
        cells = [
            one_line(" ".join(_paragraph(part) for part in cell.iterfind("./{*}txBody/{*}p")))
            for cell in row.iterfind("./{*}tc")
        ]
        if any(cells):
            rows.append(" | ".join(cells))
    return "\n".join(rows)


def _diagram(frame: Element, package: Package, slide: str) -> str:
    """The texts of a SmartArt diagram, which live in a part of their own."""
    for element in frame.iterfind(".//{*}relIds"):
        identifier = next((value for key, value in element.attrib.items() if key.endswith("}dm")), "")
        target = package.relationships(slide).get(identifier)
        if target:
            root = package.xml(target[1])
            return "\n".join(filter(None, (_paragraph(part) for part in root.iterfind("./{*}ptLst/{*}pt/{*}t/{*}p"))))
    return ""


def _notes(package: Package, slide: str) -> str:
    root = package.related(slide, "notesSlide")
    if root is None:
        return ""
    texts = [_paragraphs(shape) for shape in root.iterfind(".//{*}sp") if _placeholder(shape) == "body"]
    return tidy("\n".join(texts))
