"""EPUB: one section per document of the spine, in reading order, labelled with its title in the table of contents."""

from __future__ import annotations

from urllib.parse import unquote

from studyteddy.adapters.text_extraction.archive import Archive, resolve
from studyteddy.adapters.text_extraction.cleaning import meaningful_title, one_line, tidy
from studyteddy.adapters.text_extraction.encoding import decode
from studyteddy.adapters.text_extraction.html import blocks_of, parse
from studyteddy.adapters.text_extraction.outline import BODY
from studyteddy.adapters.text_extraction.reading import Reading, Unreadable
from studyteddy.adapters.text_extraction.xml_parts import parse_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from studyteddy.adapters.text_extraction.reading import Bounds

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_DC_TITLE = ".//{http://purl.org/dc/elements/1.1/}title"
_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document")


def read(content: bytes, bounds: Bounds) -> Reading:
    """All documents of the spine. A cover without text stays as an empty section."""
    archive = Archive(content, bounds)
    if _CONTAINER not in archive:
        raise Unreadable("type_mismatch", "a zip without an EPUB container")
    _refuse_locked(archive)
    root = parse_xml(archive.read(_CONTAINER), _CONTAINER).find(".//{*}rootfile")
    name = unquote(root.get("full-path", "")) if root is not None else ""
    package = parse_xml(archive.read(name), name)
    manifest = {item.get("id", ""): item for item in package.iterfind("./{*}manifest/{*}item")}
    spine = [manifest.get(item.get("idref", "")) for item in package.iterfind("./{*}spine/{*}itemref")]
    pages = [_member(name, item) for item in spine if item is not None and item.get("media-type") in _PAGES]
    if len(pages) > bounds.sections:
        raise Unreadable("too_many_pages", f"{len(pages)} sections")
    labels = _labels(archive, name, package, manifest)
    sections = [_section(archive, page, labels.get(page, "")) for page in pages]
    if not any(text for _, text in sections):
        raise Unreadable("no_text_layer", f"{len(pages)} sections without text")
    return Reading(
        title=meaningful_title(package.findtext(_DC_TITLE)), unit="section", count=len(sections), sections=sections
    )


def _refuse_locked(archive: Archive) -> None:
    """Books under copy protection name the algorithm for each locked file; scrambled fonts are no obstacle."""
    if _ENCRYPTION not in archive:
        return
    for method in parse_xml(archive.read(_ENCRYPTION), _ENCRYPTION).iterfind(".//{*}EncryptionMethod"):
        if method.get("Algorithm") not in _FONT_SCRAMBLING:
            raise Unreadable("encrypted", "copy protection")


def _member(package: str, item: Element) -> str:
    return resolve(package, unquote(item.get("href", "")))


def _section(archive: Archive, page: str, label: str) -> tuple[str, str]:
    if page not in archive:
        raise Unreadable("corrupt", f"{page} is missing")
    blocks = [(level, tidy(text)) for level, text in blocks_of(parse(decode(archive.read(page), markup=True)))]
    heading = next((one_line(text) for level, text in blocks if level > BODY and text), "")
    return (label or heading)[:200], "\n\n".join(text for _, text in blocks if text)


def _labels(archive: Archive, package_name: str, package: Element, manifest: dict[str, Element]) -> dict[str, str]:
    """Page to the first title that the table of contents gives it: EPUB 3 navigation, else EPUB 2's NCX."""
    navigation = next((item for item in manifest.values() if "nav" in item.get("properties", "").split()), None)
    toc = manifest.get(next((spine.get("toc", "") for spine in package.iterfind("./{*}spine")), ""))
    listing = toc if navigation is None else navigation
    source = _member(package_name, listing) if listing is not None else ""
    if source not in archive:
        return {}
    data = archive.read(source)
    found: dict[str, str] = {}
    for target, label in _ncx(data, source) if navigation is None else _navigation(data):
        page = resolve(source, unquote(target.partition("#")[0]))
        if label and page not in found:
            found[page] = label
    return found


def _navigation(data: bytes) -> list[tuple[str, str]]:
    links = parse(decode(data, markup=True)).css("nav a[href]")
    return [(link.attributes.get("href") or "", one_line(link.text())) for link in links]


def _ncx(data: bytes, name: str) -> list[tuple[str, str]]:
    points = parse_xml(data, name).iterfind(".//{*}navPoint")
    return [(_source(point), one_line(point.findtext("./{*}navLabel/{*}text") or "")) for point in points]


def _source(point: Element) -> str:
    content = point.find("./{*}content")
    return content.get("src", "") if content is not None else ""
