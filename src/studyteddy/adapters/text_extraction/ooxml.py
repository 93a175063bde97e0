"""The Office Open XML package: parts, their relationships, and the title among the core properties."""

from __future__ import annotations

from studyteddy.adapters.text_extraction.archive import Archive, resolve
from studyteddy.adapters.text_extraction.cleaning import meaningful_title
from studyteddy.adapters.text_extraction.reading import Unreadable
from studyteddy.adapters.text_extraction.xml_parts import parse_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from studyteddy.adapters.text_extraction.reading import Bounds

RELATIONSHIP_ID = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def local(element: Element) -> str:
    """The tag without its namespace: files of the strict and the transitional flavour differ only there."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :]


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its local name."""
    for key, value in element.attrib.items():
        if key[key.rfind("}") + 1 :] == name:
            return value
    return None


def relationship_id(element: Element) -> str:
    """The ``r:id`` of an element, or ""."""
    return next((element.attrib[key] for key in RELATIONSHIP_ID if key in element.attrib), "")


class Package:
    """An opened package. Relationships that point outside of it don't exist here."""

    def __init__(self, content: bytes, bounds: Bounds) -> None:
        if content.startswith(_OLE):
            reason = "encrypted" if _ENCRYPTED_STREAM in content else "type_mismatch"
            raise Unreadable(reason, "an OLE container")
        self._archive = Archive(content, bounds)

    def main_part(self, folder: str) -> str:
        """The name of the main document part, which must lie in ``folder`` ("word" or "ppt")."""
        targets = [target for kind, target in self.relationships("").values() if kind == "officeDocument"]
        name = targets[0] if targets else ""
        if name not in self._archive or not name.startswith(folder + "/"):
            raise Unreadable("type_mismatch", f"main part {name!r} instead of one in {folder}/")
        return name

    def xml(self, name: str) -> Element:
        """The root element of a part."""
        return parse_xml(self._archive.read(name), name)

    def relationships(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id to (kind, part name) of the parts that ``part`` refers to inside the package."""
        folder, _, name = part.rpartition("/")
        listing = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if listing not in self._archive:
            return {}
        found = {}
        for element in self.xml(listing):
            kind, target = element.get("Type", ""), element.get("Target", "")
            if element.get("TargetMode") != "External" and target:
                found[element.get("Id", "")] = (kind.rpartition("/")[2], resolve(part, target))
        return found

    def related(self, part: str, kind: str) -> Element | None:
        """The first part of this kind that ``part`` refers to, or None."""
        for found, name in self.relationships(part).values():
            if found == kind and name in self._archive:
                return self.xml(name)
        return None

    def title(self) -> str:
        """The title among the core properties, or ""."""
        properties = self.related("", "core-properties")
        return meaningful_title(properties.findtext(_DC_TITLE)) if properties is not None else ""
