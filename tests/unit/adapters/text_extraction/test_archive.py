from __future__ import annotations

import io
import struct
import zipfile

import pytest

from studyteddy.adapters.text_extraction.archive import Archive, resolve
from studyteddy.adapters.text_extraction.reading import Bounds, Unreadable
from studyteddy.adapters.text_extraction.xml_parts import parse_xml
from studyteddy.testing.sample_documents import archive

BOUNDS = Bounds(unpacked=8 << 20, entries=5, sections=1)


def reason_for(content: bytes, member: str = "a") -> str:
    with pytest.raises(Unreadable) as refused:
        Archive(content, BOUNDS).read(member)
    return refused.value.reason


def test_members_are_read_by_name() -> None:
    opened = Archive(archive({"a": "one", "b/c": b"two"}), BOUNDS)
    assert (opened.read("a"), opened.read("b/c")) == (b"one", b"two")
    assert "b/c" in opened
    assert "c" not in opened


def test_more_members_than_allowed_are_refused() -> None:
    assert reason_for(archive({str(number): "" for number in range(6)})) == "expands_too_much"


def test_more_bytes_than_allowed_are_refused() -> None:
    assert reason_for(archive({"a": b"\0" * (8 << 20), "b": b"1"})) == "expands_too_much"


def test_an_extreme_ratio_is_refused() -> None:
    assert reason_for(archive({"a": b"\0" * (5 << 20)})) == "expands_too_much"


def test_a_small_file_may_shrink_as_far_as_it_likes() -> None:
    assert len(Archive(archive({"a": b"\0" * (1 << 20)}), BOUNDS).read("a")) == 1 << 20


def test_a_member_that_holds_more_than_it_says_is_refused() -> None:
    content = bytearray(archive({"a": b"\0" * 3_000_000}))
    size = struct.pack("<L", 3_000_000)
    for _ in range(2):  # in the member's own header and in the directory
        position = content.index(size)
        content[position : position + 4] = struct.pack("<L", 100)
    assert reason_for(bytes(content)) == "expands_too_much"


def test_reading_the_same_member_again_and_again_uses_up_the_allowance() -> None:
    opened = Archive(archive({"a": b"\0" * (3 << 20)}), BOUNDS)
    opened.read("a")
    opened.read("a")
    with pytest.raises(Unreadable, match="expands_too_much"):
        opened.read("a")


def test_a_member_under_a_password_is_encrypted() -> None:
    content = bytearray(archive({"a": "one"}))
    content[6] |= 1
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert reason_for(bytes(content)) == "encrypted"


def test_damage_is_corrupt() -> None:
    content = bytearray(archive({"a": "one " * 1000}))
    content[40] ^= 0xFF
    assert reason_for(bytes(content)) == "corrupt"
    assert reason_for(archive({"b": "one"})) == "corrupt"
    assert reason_for(b"PK\x03\x04 and nothing more") == "corrupt"


def test_names_that_lead_outside_are_only_names() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("../../evil", "x")
    assert "evil" not in Archive(buffer.getvalue(), BOUNDS)


def test_targets_are_resolved_inside_the_archive() -> None:
    assert resolve("OPS/book.opf", "text/one.xhtml") == "OPS/text/one.xhtml"
    assert resolve("ppt/slides/slide1.xml", "../notes/n1.xml") == "ppt/notes/n1.xml"
    assert resolve("word/document.xml", "/word/styles.xml") == "word/styles.xml"


@pytest.mark.parametrize(
    ("declarations", "reason"),
    [
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "corrupt"),
        ('<!DOCTYPE a [<!ENTITY x "lol">]>', "corrupt"),
        ('<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;">]>', "expands_too_much"),
        ('<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p.dtd"> %p;]>', "corrupt"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_is_refused(declarations: str, reason: str, encoding: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse_xml(f"{declarations}<a>&x;</a>".encode(encoding), "test")
    assert refused.value.reason == reason


def test_a_document_type_without_entities_is_harmless() -> None:
    assert parse_xml(b'<!DOCTYPE ncx PUBLIC "-//X//DTD//EN" "http://127.0.0.1:9/x.dtd"><ncx/>', "test").tag == "ncx"


@pytest.mark.parametrize("content", [b"", b"<a>", b"plain", b"\xff\xfe\x00", b"<a>&undeclared;</a>"])
def test_broken_xml_is_corrupt(content: bytes) -> None:
    with pytest.raises(Unreadable, match="corrupt"):
        parse_xml(content, "test")
