from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from builders import PASSWORD
from portability import CALENDAR_HASH, TOKEN_HASH, Place, furnish, lines
from studyteddy.adapters.account_archive.archives import ZipArchives
from studyteddy.adapters.account_archive.reading import Bounds
from studyteddy.adapters.system_clock import new_id
from studyteddy.application.portability.importing import ImportIds
from studyteddy.domain.documents import DocumentFilter, DocumentOrder
from studyteddy.domain.errors import Conflict, Invalid, TooLarge
from studyteddy.domain.ids import JobId, UserId
from studyteddy.domain.notifications import NotificationKind, Preferences
from studyteddy.domain.paging import PageRequest
from studyteddy.domain.portability import Kind
from studyteddy.domain.storage_quota import StorageQuota, StorageUse
from studyteddy.domain.tasks.task import TaskFilter, TaskOrder
from studyteddy.domain.tutor.hints import Ladder
from studyteddy.domain.tutor.quiz import Quiz


@pytest.fixture(scope="module")
def old() -> tuple[Place, UserId, bytes]:
    place = Place()
    ada = place.newcomer()
    furnish(place, ada)
    return place, ada, place.exported(ada)


@pytest.fixture
def file(old: tuple[Place, UserId, bytes]) -> bytes:
    return old[2]


@pytest.fixture
def place() -> Place:
    return Place()


def everything(place: Place, owner: UserId) -> dict[str, list[Any]]:
    with place.teddy.unit_of_work() as uow:
        found: dict[str, list[Any]] = {kind.value: list(uow.belongings.things(owner, kind)) for kind in Kind}
        return found | {"review": list(uow.belongings.reviews(owner))}


def remade(file: bytes, change: Callable[[dict[str, bytes]], None], *, honest: bool = True) -> bytes:
    """The archive with other members; with checksums of its own unless it is not ``honest``."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if honest and "manifest.json" in members:
        manifest = json.loads(members["manifest.json"])
        told = {name: content for name, content in members.items() if name != "manifest.json"}
        manifest["members"] = {
            name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in told.items()
        }
        content = {
            name: one["sha256"]
            for name, one in manifest["members"].items()
            if name.endswith(".jsonl") or name.startswith("documents/") or name == "settings.json"
        }
        sums = "".join(f"{content[name]}  {name}\n" for name in sorted(content))
        manifest["content_sha256"] = hashlib.sha256(sums.encode()).hexdigest()
        members["manifest.json"] = json.dumps(manifest).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content_ in members.items():
            archive.writestr(name, content_)
    return made.getvalue()


def changed(name: str, before: str, after: str) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        text = members[name].decode()
        assert before in text
        members[name] = text.replace(before, after, 1).encode()

    return change


def test_what_was_exported_and_imported_is_exported_alike(file: bytes, place: Place) -> None:
    bea = place.newcomer("bea@example.org")
    told = place.imported(bea, file)
    again = place.contents(place.exported(bea))
    assert again == place.contents(file) == told
    assert again.counts["review"] == 14
    assert all(again.counts.values())


def test_an_import_gives_new_ids_and_keeps_what_refers_to_what(old: tuple[Place, UserId, bytes], place: Place) -> None:
    before = everything(old[0], old[1])
    bea = place.newcomer("bea@example.org")
    place.imported(bea, old[2])
    place.teddy.run_jobs()
    after = everything(place, bea)
    assert {name: len(rows) for name, rows in after.items()} == {name: len(rows) for name, rows in before.items()}
    ids = [{row.id for rows in found.values() for row in rows} for found in (before, after)]
    assert not ids[0] & ids[1]
    assert {row.owner for rows in after.values() for row in rows} == {bea}
    decks = {deck.id: deck.name for deck in after["deck"]}
    assert [(decks[card.deck_id], card.front, card.schedule, card.version) for card in after["card"]] == [
        ("Bread", card.front, card.schedule, card.version) for card in before["card"]
    ]
    last = {review.id: review for review in after["review"]}
    assert [card.last_review_id and last[card.last_review_id].card_id == card.id for card in after["card"]] == [
        True,
        True,
        True,
        None,
    ]
    document = after["document"][0]
    cited = [one for message in after["message"] for one in message.citations if one.document_id == document.id]
    assert cited
    assert [one.quote for message in after["message"] for one in message.citations] == [
        one.quote for message in before["message"] for one in message.citations
    ]
    passage = place.teddy.read_page(owner=bea, document_id=document.id, number=1, chunk=cited[0].chunk_id).passage
    assert passage is not None
    with place.teddy.unit_of_work() as uow:
        user = uow.users.get(bea)
    assert (user.display_name, user.time_zone, user.day_starts_at, user.email) == (
        "Ada L.",
        "Europe/Berlin",
        3,
        "bea@example.org",
    )


def test_wishes_come_along(old: tuple[Place, UserId, bytes], place: Place) -> None:
    bea = place.newcomer("bea@example.org")
    place.imported(bea, old[2])
    told = []
    for where, who in ((old[0], old[1]), (place, bea)):
        with where.teddy.unit_of_work() as uow:
            told.append(uow.notification_settings.get(who))
    assert (told[0].reminder_hour, told[0].quiet_hours, told[0].switch(NotificationKind.LEECH).in_app) == (
        19,
        None,
        False,
    )
    assert replace(told[1], switches={}) == replace(told[0], switches={})
    assert all(told[1].switch(kind) == told[0].switch(kind) for kind in NotificationKind)


def test_a_quiz_and_a_ladder_go_on_where_they_were(old: tuple[Place, UserId, bytes], place: Place) -> None:
    bea = place.newcomer("bea@example.org")
    place.imported(bea, old[2])
    before, after = (
        [message.stage for message in everything(where, who)["message"] if message.stage is not None]
        for where, who in ((old[0], old[1]), (place, bea))
    )
    (ladder, quiz), (same_ladder, same_quiz) = before, after
    assert (isinstance(ladder, Ladder), isinstance(quiz, Quiz)) == (True, True)
    document = everything(place, bea)["document"][0].id
    assert same_ladder.passage.document_id == same_quiz.question.passage.document_id == document
    assert replace(same_ladder, passage=ladder.passage) == ladder
    assert replace(same_ladder.passage, document_id=ladder.passage.document_id, chunk_id=ladder.passage.chunk_id) == (
        ladder.passage
    )
    assert replace(same_quiz, question=quiz.question) == quiz
    place.teddy.run_jobs()
    chunk = same_ladder.passage.chunk_id
    assert place.teddy.read_page(owner=bea, document_id=document, number=1, chunk=chunk).passage is not None


def test_an_export_of_the_first_form_is_taken_as_well(file: bytes, place: Place) -> None:
    def older(members: dict[str, bytes]) -> None:
        settings = json.loads(members["settings.json"])
        del settings["notifications"]
        members["settings.json"] = json.dumps(settings).encode()
        messages = [json.loads(line) for line in members["messages.jsonl"].splitlines()]
        for message in messages:
            del message["stage"], message["feedback_reason"]
        members["messages.jsonl"] = b"".join(json.dumps(message).encode() + b"\n" for message in messages)
        _without_burials_and_flags(members)
        members["manifest.json"] = members["manifest.json"].replace(b'"version": 3', b'"version": 1')

    bea = place.newcomer("bea@example.org")
    place.imported(bea, remade(file, older))
    with place.teddy.unit_of_work() as uow:
        assert uow.notification_settings.get(bea) == Preferences()
    assert len(everything(place, bea)["message"]) == len(list(lines(file, "messages.jsonl")))


def _without_burials_and_flags(members: dict[str, bytes]) -> None:
    cards = [json.loads(line) for line in members["cards.jsonl"].splitlines()]
    for card in cards:
        del card["buried_until"], card["flag"]
    members["cards.jsonl"] = b"".join(json.dumps(card).encode() + b"\n" for card in cards)


def test_a_rating_keeps_its_reason(file: bytes, place: Place) -> None:
    bea = place.newcomer("bea@example.org")
    place.imported(bea, file)
    rated = [(one.feedback_rating, one.feedback_reason) for one in everything(place, bea)["message"]]
    assert (2, "Too short") in rated


def test_cards_keep_their_burials_and_flags_where_the_form_knows_them(file: bytes, place: Place) -> None:
    def second_form(members: dict[str, bytes]) -> None:
        _without_burials_and_flags(members)
        members["manifest.json"] = members["manifest.json"].replace(b'"version": 3', b'"version": 2')

    def told(owner: UserId) -> list[tuple[date | None, int]]:
        return [(card.buried_until, card.flag) for card in everything(place, owner)["card"]]

    bea, cleo = place.newcomer("bea@example.org"), place.newcomer("cleo@example.org")
    place.imported(bea, file)
    place.imported(cleo, remade(file, second_form))
    written = [json.loads(line) for line in lines(file, "cards.jsonl")]
    assert [(until and until.isoformat(), flag) for until, flag in told(bea)] == [
        (card["buried_until"], card["flag"]) for card in written
    ]
    assert any(card["buried_until"] and card["flag"] == 5 for card in written)
    assert set(told(cleo)) == {(None, 0)}


def test_what_is_kept_of_a_person_and_can_not_be_taken_along_is_told(file: bytes) -> None:
    about = json.loads("\n".join(lines(file, "account.json")))
    assert about["api_tokens"] == [
        {
            "name": "A script",
            "scopes": ["read"],
            "created_at": "2026-03-02T09:30:00Z",
            "expires_at": None,
            "last_used_at": None,
        }
    ]
    assert about["calendar_feed_since"] == "2026-03-02T09:30:00Z"
    assert [one["kind"] for one in about["notifications"]] == ["document_ready", "document_ready", "leech"]
    assert [one["kind"] for one in about["security_events"]] == ["registered"]


def test_an_import_into_an_account_that_holds_something_is_refused(file: bytes, place: Place) -> None:
    bea = place.newcomer()
    place.teddy.add_task(owner=bea, title="Mine")
    with pytest.raises(Conflict) as refused:
        place.imported(bea, file)
    assert refused.value.code == "account_not_empty"
    assert len(everything(place, bea)["task"]) == 1


def test_an_import_that_runs_twice_is_done_once(file: bytes, place: Place) -> None:
    bea, job_id = place.newcomer(), JobId(new_id())
    place.imported(bea, file, job_id)
    place.imported(bea, file, job_id)
    assert place.contents(place.exported(bea)) == place.contents(file)


def test_an_export_of_nothing_is_an_export(place: Place) -> None:
    ada, bea = place.newcomer(), place.newcomer("bea@example.org")
    empty = place.exported(ada)
    place.imported(bea, empty)
    assert place.contents(place.exported(bea)) == place.contents(empty)


def test_an_export_holds_no_secret_and_nothing_of_others(old: tuple[Place, UserId, bytes]) -> None:
    place, ada, file = old
    other = place.teddy.register(email="bob@example.org", password=PASSWORD, display_name="Bob the quincunx")
    place.teddy.add_task(owner=other.user.id, title="quincunx")
    with place.teddy.unit_of_work() as uow:
        secret = uow.users.get(ada).password_hash
    with zipfile.ZipFile(io.BytesIO(place.exported(ada))) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist()).decode()
    hidden = (secret, TOKEN_HASH, CALENDAR_HASH, "quincunx", str(ada))
    assert [found for found in hidden if found in text] == []
    assert place.contents(place.exported(ada)).sums == place.contents(file).sums


def test_the_originals_are_in_it_under_names_of_ours(file: bytes) -> None:
    document = json.loads(next(iter(lines(file, "documents.jsonl"))))
    assert document["filename"] == "Br\u00f6t.MD"
    assert next(iter(lines(file, f"documents/{document['id']}.md"))).startswith("A levain is")


def test_spreadsheets_are_given_no_formulas(file: bytes) -> None:
    tasks = list(csv.DictReader(lines(file, "tasks.csv")))
    assert (tasks[0]["title"], tasks[0]["description"]) == ("'=Feed it", "'+1")
    cards = list(csv.DictReader(lines(file, "decks/1.csv")))
    assert (cards[0]["front"], cards[0]["back"]) == ("'-0?", '\'@"0",')
    assert json.loads(next(iter(lines(file, "tasks.jsonl"))))["title"] == "=Feed it"


def _twice(members: dict[str, bytes]) -> None:
    members["documents.jsonl"] += members["documents.jsonl"]


def _without(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.pop(name) and None


def _with(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.update({name: b"x"})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_with("../../evil.txt"), "damaged_export"),
        (_with("documents/../../evil.txt"), "damaged_export"),
        (_with("/etc/passwd"), "damaged_export"),
        (_with("documents\\1.txt"), "damaged_export"),
        (_without("manifest.json"), "not_an_export"),
        (_without("cards.jsonl"), "damaged_export"),
        (_without("documents/1.md"), "damaged_export"),
        (_twice, "damaged_export"),
        (changed("manifest.json", '"version": 3', '"version": 4'), "newer_export"),
        (changed("manifest.json", "studyteddy-account", "other"), "not_an_export"),
        (changed("cards.jsonl", '"interval_days":', '"interval_days":1'), "log_mismatch"),
        (changed("cards.jsonl", '"deck":1', '"deck":7'), "damaged_export"),
        (changed("cards.jsonl", '"deck":1', '"deck":99999999999'), "damaged_export"),
        (changed("cards.jsonl", '"front":', '"owner":"x","front":'), "damaged_export"),
        (changed("cards.jsonl", "{", "[" * 100_000), "damaged_export"),
        (changed("cards.jsonl", '"flag":5', '"flag":8'), "damaged_export"),
        (changed("reviews.jsonl", '"number":2', '"number":3'), "damaged_export"),
        (changed("reviews.jsonl", '"card":1', '"card":9'), "log_mismatch"),
        (changed("tasks.jsonl", '"title":"=Feed it"', '"title":""'), "damaged_export"),
        (changed("tasks.jsonl", '"title":"=Feed it"', '"title":"\\ud800"'), "damaged_export"),
        (changed("tasks.jsonl", '"created_at":"2026', '"created_at":"9999-99'), "damaged_export"),
        (changed("documents.jsonl", '"size":', '"size":1'), "damaged_export"),
        (changed("settings.json", "Europe/Berlin", "Nowhere/Else"), "damaged_export"),
        (changed("settings.json", '"reminder_hour": 19', '"reminder_hour": 99'), "damaged_export"),
        (changed("settings.json", '"leech"', '"loach"'), "damaged_export"),
        (changed("messages.jsonl", '"position":2', '"position":1'), "damaged_export"),
        (changed("messages.jsonl", '"feedback_rating":2', '"feedback_rating":null'), "damaged_export"),
        (changed("messages.jsonl", '"rung":1', '"rung":9'), "damaged_export"),
        (changed("messages.jsonl", '"sentence":{"start":', '"sentence":{"start":7'), "damaged_export"),
        (changed("messages.jsonl", '"asked":["', '"asked":["\\u0000'), "damaged_export"),
        (changed("messages.jsonl", '"quote":"', '"quote":"\\u0000'), "damaged_export"),
    ],
)
def test_a_made_up_archive_is_refused_and_nothing_of_it_stays(
    file: bytes, place: Place, change: Callable[[dict[str, bytes]], None], code: str
) -> None:
    bea = place.newcomer()
    with pytest.raises(Invalid) as refused:
        place.imported(bea, remade(file, change))
    assert refused.value.code == code
    assert not any(everything(place, bea).values())
    assert not place.objects._objects
    place.imported(bea, file)


def test_an_archive_that_was_tampered_with_is_refused(file: bytes, place: Place) -> None:
    for name, before, after in (("cards.jsonl", "?", "!"), ("documents/1.md", "levain", "LEVAIN")):
        with pytest.raises(Invalid) as refused:
            place.imported(
                place.newcomer(f"{name[:5]}@example.org"), remade(file, changed(name, before, after), honest=False)
            )
        assert refused.value.code == "damaged_export"


@pytest.mark.parametrize("bounds", [Bounds(members=5), Bounds(records=1_000), Bounds(originals=50)])
def test_what_would_unpack_to_too_much_is_refused_before_it_is_unpacked(file: bytes, bounds: Bounds) -> None:
    place = Place(archives=ZipArchives(bounds))
    with pytest.raises(TooLarge) as refused:
        place.imported(place.newcomer(), file)
    assert refused.value.code == "expands_too_much"


def test_a_member_that_is_larger_than_it_says_is_refused(file: bytes, place: Place) -> None:
    """The sizes of the directory are made smaller; what lies behind them stays."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        entry = archive.getinfo("messages.jsonl")
    directory = file.rindex(b"PK\x01\x02", 0, file.rindex(b"messages.jsonl"))
    size = entry.file_size.to_bytes(4, "little")
    at = file.index(size, directory)
    with pytest.raises(Invalid) as refused:
        place.imported(place.newcomer(), file[:at] + (7).to_bytes(4, "little") + file[at + 4 :])
    assert refused.value.code == "damaged_export"


def test_a_member_that_is_twice_there_is_refused(file: bytes, place: Place) -> None:
    made = io.BytesIO(file)
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("cards.jsonl", b"")
    with pytest.raises(Invalid) as refused:
        place.imported(place.newcomer(), made.getvalue())
    assert refused.value.code == "damaged_export"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x05\x06" + b"\0" * 18, b"PK\x05\x06" + b"\xff" * 18])
def test_other_files_are_no_exports(place: Place, content: bytes) -> None:
    with pytest.raises((Invalid, TooLarge)) as refused:
        place.imported(place.newcomer(), content)
    assert refused.value.code in ("not_an_export", "expands_too_much")


def test_a_document_whose_bytes_were_gone_is_left_out(place: Place) -> None:
    ada = place.newcomer()
    furnish(place, ada)
    found = place.teddy.list_documents(
        owner=ada, wanted=DocumentFilter(), order=DocumentOrder.TITLE, request=PageRequest()
    )
    place.objects.delete(found.items[0].storage_key)
    file = place.exported(ada)
    assert place.contents(file).lacking == (1,)
    bea = place.newcomer("bea@example.org")
    place.imported(bea, file)
    assert not everything(place, bea)["document"]
    tasks = place.teddy.list_tasks(owner=bea, wanted=TaskFilter(), order=TaskOrder.TITLE, request=PageRequest())
    assert len(tasks.items) == 2


def two_documents() -> bytes:
    place = Place()
    ada = place.newcomer()
    for name in (b"Rye", b"Oats"):
        place.teddy.add_document(owner=ada, filename=f"{name!r}.txt", content=io.BytesIO(name * 200_000))
    return place.exported(ada)


@pytest.mark.parametrize("quota", [StorageQuota(documents=1), StorageQuota(megabytes=1)])
def test_an_import_beyond_the_quota_is_refused_and_nothing_of_it_stays(quota: StorageQuota) -> None:
    place = Place(quota=quota)
    bea = place.newcomer("bea@example.org")
    with pytest.raises((Conflict, TooLarge)) as refused:
        place.imported(bea, two_documents())
    assert (refused.value.code, "You may keep 1" in refused.value.message) == ("quota_exceeded", True)
    assert not any(everything(place, bea).values())
    assert not place.objects._objects


def test_the_job_of_an_import_beyond_the_quota_says_so() -> None:
    place = Place(quota=StorageQuota(documents=1))
    bea = place.newcomer("bea@example.org")
    place.request(owner=bea, content=io.BytesIO(two_documents()))
    with place.teddy.unit_of_work() as uow:
        job = uow.jobs.of_subject(bea, bea)[0]
    with pytest.raises(Conflict) as refused:
        place.job.run(job, lambda _: True)
    assert refused.value.code == "quota_exceeded"
    assert not place.objects._objects


def test_an_import_just_within_the_quota_is_taken() -> None:
    place = Place(quota=StorageQuota(documents=2, megabytes=2))
    bea = place.newcomer("bea@example.org")
    place.imported(bea, two_documents())
    assert len(everything(place, bea)["document"]) == 2


def test_a_quota_that_is_used_up_meanwhile_refuses_an_import_at_its_end() -> None:
    place = Place()
    bea = place.newcomer("bea@example.org")

    class Shrinking(StorageQuota):
        """A quota that is smaller each time it is asked for."""

        asked = [2, 1]  # noqa: RUF012 - of this test alone

        def check(self, use: StorageUse) -> None:
            StorageQuota(documents=self.asked.pop(0)).check(use)

    with pytest.raises(Conflict) as refused:
        replace(place.take_in, quota=Shrinking())(
            owner=bea, content=io.BytesIO(two_documents()), ids=ImportIds(JobId(new_id())), beat=lambda _: True
        )
    assert refused.value.code == "quota_exceeded"
    assert not place.objects._objects
