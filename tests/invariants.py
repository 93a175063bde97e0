"""What holds in every database of ours, whatever was killed, cut off or sent twice before.

``assert_invariants`` is called at the end of each drill, once nothing is left to be done; it names each rule that is
broken and the rows that break it.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from engines.s3_server import S3Bucket
from studyteddy.domain.scheduling import SCHEDULERS, Schedule, SchedulerName, replay

_OPEN = "status in ('queued', 'running')"
_TOLD = 3
_REST_SECONDS = 60

RULES: dict[str, str] = {
    "a job is queued, running, done, failed or cancelled": """
        select id from jobs where status not in ('queued', 'running', 'done', 'failed', 'cancelled')""",
    "a running job has a live lease": """
        select id from jobs where status = 'running' and (lease_until is null or lease_until < now())""",
    "a job that is over has no lease": f"""
        select id from jobs where not {_OPEN} and lease_until is not null""",
    "a failed job says why": """
        select id from jobs where status = 'failed' and coalesce(error, '') = ''""",
    "a cancelled job was told to stop, or says why": """
        select id from jobs where status = 'cancelled' and not cancel_requested and coalesce(error, '') = ''""",
    "a job that is done is done to the end": """
        select id from jobs where status = 'done' and progress <> 100""",
    "a document that waits has a job that reads it": f"""
        select d.id from documents d where d.status in ('queued', 'processing') and not exists (
            select from jobs j where j.subject_id = d.id and j.kind = 'ingest_document' and j.{_OPEN})""",
    "a failed document says why": """
        select id from documents where status = 'failed' and coalesce(error, '') = ''""",
    "an answer that runs has a job that gives it": f"""
        select m.id from messages m where m.status in ('queued', 'streaming') and not exists (
            select from jobs j where j.subject_id = m.id and j.kind = 'answer_question' and j.{_OPEN})""",
    "the pieces of an answer are numbered without a gap": """
        select message_id from answer_deltas group by message_id having min(seq) <> 1 or max(seq) <> count(*)""",
    "the messages of a thread are numbered without a gap": """
        select thread_id from messages group by thread_id
        having max(position) - min(position) + 1 <> count(*) or count(distinct position) <> count(*)""",
    "a thread counts its messages": """
        select t.id from threads t
        where t.message_count <> (select count(*) from messages m where m.thread_id = t.id)""",
    "a ready document has as many chunks as it says, in a row": """
        select d.id from documents d left join chunks c on c.document_id = d.id where d.status = 'ready'
        group by d.id having count(c.id) <> d.chunk_count or coalesce(max(c.position) + 1, 0) <> count(c.id)
            or count(distinct c.position) <> count(c.id)""",
    "a ready document is searched as a whole": """
        select id from documents where status = 'ready' and indexed_chunks <> chunk_count""",
    "a word is counted once for each chunk": """
        select document_id from document_terms, unnest(postings) as posting
        group by document_id, term, posting >> 32 having count(*) > 1""",
    "search knows no chunk that is not there": """
        select t.document_id from document_terms t, unnest(t.postings) as posting
        where not exists (
            select from chunks c where c.document_id = t.document_id and c.position = (posting >> 32)::int)""",
    "the frequencies of a word add up": """
        select document_id from document_terms,
            lateral (select sum(posting >> 16 & 65535), max(posting >> 16 & 65535) from unnest(postings) as posting)
            as told (total, most)
        where occurrences < total or occurrences > total and most < 65535""",
    "a document that is embedded has a vector for each chunk": """
        select d.id from documents d where d.status = 'ready' and d.embedded_by is not null and d.chunk_count <> (
            select count(*) from chunk_embeddings e join chunks c on c.id = e.chunk_id
            where c.document_id = d.id and e.model = d.embedded_by and e.text_digest = md5(c.text)::uuid)""",
    "a vector belongs to a chunk": """
        select e.chunk_id from chunk_embeddings e
        where not exists (select from chunks c where c.id = e.chunk_id and c.document_id = e.document_id)""",
    "a chunk belongs to a document": """
        select c.id from chunks c where not exists (select from documents d where d.id = c.document_id)""",
    "a section belongs to a document": """
        select document_id from document_sections s
        where not exists (select from documents d where d.id = s.document_id)""",
    "a word belongs to a document of its owner": """
        select document_id from document_terms t
        where not exists (select from documents d where d.id = t.document_id and d.owner = t.owner)""",
    "a vector belongs to a document of its owner": """
        select document_id from chunk_embeddings e
        where not exists (select from documents d where d.id = e.document_id and d.owner = e.owner)""",
    "a card is in a deck of its owner": """
        select c.id from cards c join decks d on d.id = c.deck_id where c.owner <> d.owner""",
    "a proposed card is for a deck of its owner": """
        select p.id from card_proposals p join decks d on d.id = p.deck_id where p.owner <> d.owner""",
    "a card comes from a document of its owner": """
        select c.id from cards c join documents d on d.id = c.source_document_id where c.owner <> d.owner""",
    "a review is of a card of its owner": """
        select r.id from reviews r join cards c on c.id = r.card_id where r.owner <> c.owner""",
    "a message is in a thread of its owner": """
        select m.id from messages m join threads t on t.id = m.thread_id where m.owner <> t.owner""",
    "a thread is about documents of its owner": """
        select t.id from threads t join documents d on d.id = any(t.document_ids) where t.owner <> d.owner""",
    "a job works on what its owner has": """
        select j.id from jobs j join (
            select id, owner from documents union all select id, owner from messages union all
            select id, owner from decks) as s on s.id = j.subject_id
        where s.owner <> j.owner""",
    "a study session is for a task of its owner": """
        select s.id from study_sessions s join tasks t on t.id = s.task_id where s.owner <> t.owner""",
    "a task goes on as a task of its owner": """
        select t.id from tasks t join tasks n on n.id = t.continued_by where t.owner <> n.owner""",
}
"""Each rule by its name, and a query for the rows that break it."""

AT_REST: dict[str, str] = {
    "no job is left": f"select id from jobs where {_OPEN}",
    "no document is left unread": "select id from documents where status in ('queued', 'processing')",
    "no answer is left without an end": "select id from messages where status in ('queued', 'streaming')",
}
"""What holds too once everything had time to finish."""

_CARDS = """
    select c.*, d.scheduler from cards c join decks d on d.id = c.deck_id
    where c.last_review_id is not null or c.due_on is not null or exists (select from reviews r where r.card_id = c.id)
    order by c.id"""
_LOG = "select id, card_id, quality, study_day, undone_at from reviews order by card_id, seq"


@dataclass(frozen=True)
class Violation:
    """A rule, and some of what breaks it."""

    rule: str
    rows: tuple[str, ...]

    def __str__(self) -> str:
        more = f" and {len(self.rows) - _TOLD} more" if len(self.rows) > _TOLD else ""
        return f"{self.rule}: {', '.join(self.rows[:_TOLD])}{more}"


def violations(
    connection: sa.Connection,
    *,
    acknowledged: Mapping[str, Collection[str]] | None = None,
    files: Mapping[str, int] | None = None,
    at_rest: bool = True,
) -> list[Violation]:
    """All rules that are broken in the transaction of ``connection``.

    ``acknowledged`` are the ids that somebody was told of, by table. ``files`` are the sizes of the stored files by
    key, where those are to be looked at.
    """
    rules = {**RULES, **(AT_REST if at_rest else {})}
    found = {rule: [str(row[0]) for row in connection.execute(sa.text(query))] for rule, query in rules.items()}
    found["a card stands as its log replays"] = list(_cards_unlike_their_log(connection))
    for table, ids in (acknowledged or {}).items():
        found[f"all that was acknowledged is in {table}"] = list(_missing(connection, table, ids))
    if files is not None:
        found |= _file_faults(connection, files)
    return [Violation(rule, tuple(rows)) for rule, rows in found.items() if rows]


def assert_invariants(
    url: str,
    *,
    acknowledged: Mapping[str, Collection[str]] | None = None,
    files: Mapping[str, int] | None = None,
    at_rest: bool = True,
) -> None:
    """Fail with all that ``violations`` finds in one snapshot of the database at ``url``.

    With ``at_rest``, what is still to be done gets a minute for it first: a letter to somebody who has just registered
    may wait behind what a drill did. What is left after that is a fault.
    """
    engine = sa.create_engine(url, isolation_level="REPEATABLE READ", poolclass=sa.NullPool)
    with engine.connect() as connection:
        if at_rest:
            let_it_finish(connection)
        broken = violations(connection, acknowledged=acknowledged, files=files, at_rest=at_rest)
    assert not broken, "\n".join(map(str, broken))


def let_it_finish(connection: sa.Connection) -> None:
    """Wait until nothing is left to be done, a minute at most; somebody has to be there who does it."""
    until = time.monotonic() + _REST_SECONDS
    while time.monotonic() < until:
        left = any(connection.execute(sa.text(query)).first() for query in AT_REST.values())
        connection.rollback()  # the next look is at what is there then
        if not left:
            return
        time.sleep(0.1)


def files_in(bucket: S3Bucket) -> dict[str, int]:
    """The sizes of the files in a bucket."""
    pages = bucket.server.client.get_paginator("list_objects_v2").paginate(Bucket=bucket.name)
    return {entry["Key"]: entry["Size"] for page in pages for entry in page.get("Contents", [])}


def files_under(directory: Path) -> dict[str, int]:
    """The sizes of the files in a data directory, half-written ones included."""
    found = (path for path in directory.rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): path.stat().st_size for path in found}


def _missing(connection: sa.Connection, table: str, ids: Collection[str]) -> Iterator[str]:
    wanted = iter(sorted(set(ids)))
    query = sa.text(f'select id from "{table}" where id = any(:ids)')
    while some := list(islice(wanted, 5_000)):
        there = {str(row.id) for row in connection.execute(query, {"ids": [UUID(one) for one in some]})}
        yield from (one for one in some if one not in there)


def _cards_unlike_their_log(connection: sa.Connection) -> Iterator[str]:
    rows = connection.execute(sa.text(_LOG))
    logs = {card_id: list(passes) for card_id, passes in groupby(rows, key=attrgetter("card_id"))}
    for card in connection.execute(sa.text(_CARDS)):
        log = logs.get(card.id, [])
        standing = [row.id for row in log if row.undone_at is None]
        replayed = replay(log, SCHEDULERS[SchedulerName(card.scheduler)])
        kept = Schedule(**{name: getattr(card, name) for name in Schedule.__slots__})
        if kept != replayed or card.last_review_id != (standing[-1] if standing else None):
            yield str(card.id)


def _file_faults(connection: sa.Connection, files: Mapping[str, int]) -> dict[str, list[str]]:
    rows = connection.execute(sa.text("select owner || '/' || sha256 || '-' || id as key, size from documents"))
    named = {str(row.key): int(row.size) for row in rows}
    return {
        "a document has its file": sorted(named.keys() - files.keys()),
        "a file has its document": sorted(files.keys() - named.keys()),
        "a file is as long as its document says": sorted(
            key for key in named.keys() & files.keys() if named[key] != files[key]
        ),
    }
