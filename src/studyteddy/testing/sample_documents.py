"""Small documents made of nothing but the standard library, for the tests of readers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A zip with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            package.writestr(name, content, compress_type=method)
    return buffer.getvalue()


def pdf(pages: Sequence[Sequence[str]], *, title: str = "") -> bytes:
    """A PDF with these lines on its pages, in characters of Windows-1252."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for index, lines in enumerate(pages):
        content = b"BT /F1 11 Tf 14 TL 72 770 Td " + b" ".join(_shown(line) for line in lines) + b" ET"
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 842]/Resources<</Font<</F1 3 0 R>>>>"
            b"/Contents %d 0 R>>" % (5 + 2 * index)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    objects.append(b"<</Title(%s)>>" % _escaped(title))
    return _assembled(objects)


def _shown(line: str) -> bytes:
    return b"(%s) Tj T*" % _escaped(line)


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _assembled(objects: Sequence[bytes]) -> bytes:
    """A file of these objects. The last one is the information dictionary."""
    body = b"%PDF-1.7\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, count - 1, len(body))
    )


def docx(body: str, parts: Mapping[str, str] | None = None) -> bytes:
    """A DOCX whose body is this WordprocessingML (prefix ``w``); ``parts`` are files of the folder ``word``."""
    others = dict(parts or {})
    links = {name: name.removesuffix(".xml") for name in others}
    return archive(
        {
            "_rels/.rels": _relationships({"word/document.xml": "officeDocument"}),
            "word/_rels/document.xml.rels": _relationships(links),
            "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
            **{f"word/{name}": content for name, content in others.items()},
        }
    )


def paragraph(text: str, style: str = "") -> str:
    """A paragraph of WordprocessingML. The styles of ``STYLES`` are known by their ids."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


STYLES = f"""<w:styles xmlns:w="{_WORD}">
<w:style w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="Own"><w:name w:val="My chapter"/><w:basedOn w:val="berschrift1"/></w:style>
<w:style w:styleId="Bullet"><w:name w:val="List Bullet"/></w:style>
</w:styles>"""
"""Styles as a German Word writes them: the ids are translated, the names are not."""


def pptx(slides: Sequence[str], notes: Mapping[int, str] | None = None) -> bytes:
    """A PPTX whose slides hold these shapes (prefixes ``a``, ``p``, ``r``); ``notes`` by slide number from 1."""
    notes = notes or {}
    names = [f"slides/slide{number}.xml" for number in range(1, len(slides) + 1)]
    identifiers = "".join(f'<p:sldId id="{255 + number}" r:id="r{number}"/>' for number in range(1, len(slides) + 1))
    members = {
        "_rels/.rels": _relationships({"ppt/presentation.xml": "officeDocument"}),
        "ppt/_rels/presentation.xml.rels": _relationships(dict.fromkeys(names, "slide")),
        "ppt/presentation.xml": _slide_part("presentation", f"<p:sldIdLst>{identifiers}</p:sldIdLst>"),
    }
    for number, shapes in enumerate(slides, start=1):
        members[f"ppt/slides/slide{number}.xml"] = _slide_part("sld", f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>")
        if number in notes:
            links = {f"../notesSlides/notesSlide{number}.xml": "notesSlide"}
            members[f"ppt/slides/_rels/slide{number}.xml.rels"] = _relationships(links)
            tree = f"<p:cSld><p:spTree>{shape(notes[number], 'body')}</p:spTree></p:cSld>"
            members[f"ppt/notesSlides/notesSlide{number}.xml"] = _slide_part("notes", tree)
    return archive(members)


def shape(text: str, placeholder: str = "") -> str:
    """A shape with a paragraph for each line of the text."""
    kind = f'<p:ph type="{placeholder}"/>' if placeholder else ""
    lines = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in text.split("\n"))
    return f"<p:sp><p:nvSpPr><p:nvPr>{kind}</p:nvPr></p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"


def _slide_part(tag: str, content: str) -> str:
    return f'<p:{tag} xmlns:a="{_DRAWING}" xmlns:p="{_SLIDES}" xmlns:r="{_OFFICE}">{content}</p:{tag}>'


def _relationships(targets: Mapping[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets.items(), start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def epub(chapters: Sequence[tuple[str, str]], *, title: str = "", more: Mapping[str, str] | None = None) -> bytes:
    """An EPUB of (title in the table of contents, XHTML of the body); an empty title gives no entry there."""
    names = [f"chapter{number}.xhtml" for number in range(1, len(chapters) + 1)]
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names)
    links = "".join(f'<li><a href="{n}">{t}</a></li>' for n, (t, _) in zip(names, chapters, strict=True) if t)
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    pages = {
        f"OPS/{name}": f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{body}</body></html>'
        for name, (_, body) in zip(names, chapters, strict=True)
    }
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
            "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>{title}</dc:title></metadata>'
            f'<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>{items}'
            f"</manifest><spine>{spine}</spine></package>",
            "OPS/nav.xhtml": f"<html><body><nav><ol>{links}</ol></nav></body></html>",
            **pages,
            **(more or {}),
        }
    )
