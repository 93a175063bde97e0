"""The checker of invariants: a healthy database passes, and each single fault is told by its rule."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from invariants import AT_REST, RULES, Violation, assert_invariants, files_under, violations
from studyteddy.domain.scheduling import Rating
from studyteddy.entrypoints.container import Container
from studyteddy.entrypoints.settings import Settings

NOTES = (
    b"# Rivers\n\nRivers carry sand and silt down to the sea, where the waves sort them by size and weight.\n\n" * 30
)
NOBODY = "0198c6a0-0000-7000-8000-00000000dead"
# Made as in the search by meaning, of which a database without a model has nothing.
EMBED = """
with made as (
    insert into chunk_embeddings
    select c.id, d.owner, d.id, 'model', 2, md5(c.text)::uuid, '[1,0]'::halfvec
    from chunks c join documents d on d.id = c.document_id)
update documents set embedded_by = 'model'
"""
OTHER = "(select id from users where email like 'bob%')"

FAULTS: dict[str, str] = {
    "a job is queued, running, done, failed or cancelled": "update jobs set status = 'lost'",
    "a running job has a live lease": """
        update jobs set status = 'running', lease_until = now() - interval '1 s' where kind = 'propose_cards'""",
    "a job that is over has no lease": "update jobs set lease_until = now()",
    "a failed job says why": "update jobs set status = 'failed'",
    "a cancelled job was told to stop, or says why": "update jobs set status = 'cancelled'",
    "a job that is done is done to the end": "update jobs set progress = 50",
    "a document that waits has a job that reads it": "update documents set status = 'processing'",
    "a failed document says why": "update documents set status = 'failed'",
    "an answer that runs has a job that gives it": "update messages set status = 'streaming' where role = 'assistant'",
    "the pieces of an answer are numbered without a gap": """
        insert into answer_deltas select id, 90, 'x' from messages where role = 'assistant'""",
    "the messages of a thread are numbered without a gap": "update messages set position = 7 where position = 1",
    "a thread counts its messages": "update threads set message_count = message_count + 1",
    "a ready document has as many chunks as it says, in a row": "update chunks set position = 900 where position = 1",
    "a ready document is searched as a whole": "update documents set indexed_chunks = indexed_chunks - 1",
    "a word is counted once for each chunk": """
        insert into document_terms select owner, term, document_id, 70, occurrences, postings from document_terms""",
    "search knows no chunk that is not there": """
        update document_terms set postings[1] = postings[1] + (900::bigint << 32)""",
    "the frequencies of a word add up": "update document_terms set occurrences = occurrences + 1",
    "a document that is embedded has a vector for each chunk": """
        delete from chunk_embeddings where chunk_id = (select min(chunk_id::text)::uuid from chunk_embeddings)""",
    "a vector belongs to a chunk": "update chunk_embeddings set chunk_id = gen_random_uuid()",
    "a chunk belongs to a document": "update chunks set document_id = gen_random_uuid(), position = position + 800",
    "a section belongs to a document": "update document_sections set document_id = gen_random_uuid()",
    "a word belongs to a document of its owner": f"update document_terms set owner = {OTHER}",
    "a vector belongs to a document of its owner": f"update chunk_embeddings set owner = {OTHER}",
    "a card is in a deck of its owner": f"update cards set owner = {OTHER}",
    "a proposed card is for a deck of its owner": f"update card_proposals set owner = {OTHER}",
    "a card comes from a document of its owner": f"""
        update cards set source_document_id = d.id from documents d
        where d.owner = {OTHER} and cards.owner <> d.owner""",
    "a review is of a card of its owner": f"update reviews set owner = {OTHER}",
    "a message is in a thread of its owner": f"update messages set owner = {OTHER}",
    "a thread is about documents of its owner": f"""
        update threads set document_ids = array[d.id] from documents d where d.owner = {OTHER}""",
    "a job works on what its owner has": f"update jobs set owner = {OTHER}",
    "a study session is for a task of its owner": f"""
        update study_sessions set task_id = t.id from tasks t where t.owner = {OTHER}""",
    "a task goes on as a task of its owner": f"""
        update tasks set continued_by = t.id from tasks t where t.owner = {OTHER} and tasks.owner <> t.owner""",
    "no job is left": "update jobs set status = 'queued'",
    "no document is left unread": "update documents set status = 'queued'",
    "no answer is left without an end": "update messages set status = 'queued' where role = 'assistant'",
    "a card stands as its log replays": "update cards set interval_days = interval_days + 1",
}
"""For each rule a change that breaks it."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("studyteddy") / "objects"


@pytest.fixture(scope="module")
def url(postgres_url: str, database_url: str, files: Path) -> str:
    """A database in which two people did a little of everything."""
    settings = Settings(
        _env_file=None, DATABASE_URL=database_url, STUDYTEDDY_HOME=str(files.parent), STUDYTEDDY_BCRYPT_ROUNDS="4"
    )
    container = Container(settings=settings)
    container.init_resources()
    for name in ("ada", "bob"):
        live(container, name)
    container.shutdown_resources()
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text(EMBED))
    engine.dispose()
    return database_url


def live(container: Container, name: str) -> None:
    user = container.add_user()(email=f"{name}@example.org", password="seven purple hedgehogs", display_name=name)
    task = container.add_task()(owner=user.id, title="Read")
    container.start_study_session()(owner=user.id, task_id=task.id)
    document = container.add_document()(owner=user.id, filename="rivers.md", content=BytesIO(NOTES)).document
    deck = container.add_deck()(owner=user.id, name="Rivers").deck
    run = container.run_next_job()
    while run():
        continue
    card, _ = container.add_cards()(
        owner=user.id, deck_id=deck.id, cards=[{"front": "What?", "back": "Sand."}, {"front": "Where?", "back": "Sea."}]
    )
    for rating in (Rating.AGAIN, Rating.GOOD):
        container.review_card()(student=user, card_id=card.id, rating=rating)
    container.ask_tutor()(owner=user.id, question="What do rivers carry?")
    container.request_cards()(owner=user.id, document_id=document.id, deck_id=deck.id, count=2)
    while run():
        continue


@pytest.fixture
def connection(url: str) -> Iterator[sa.Connection]:
    """A transaction that is rolled back, with whatever was broken in it."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


def test_what_was_never_disturbed_breaks_no_rule(url: str, files: Path, connection: sa.Connection) -> None:
    tasks = [str(task) for task in connection.scalars(sa.text("select id from tasks"))]
    assert_invariants(url, acknowledged={"tasks": tasks}, files=files_under(files))


def test_each_rule_looks_at_something(connection: sa.Connection) -> None:
    for table in ("jobs", "documents", "chunks", "document_terms", "chunk_embeddings", "messages", "reviews", "cards"):
        assert connection.scalar(sa.text(f"select count(*) from {table}")), table
    assert connection.scalar(sa.text("select count(*) from card_proposals"))
    assert connection.scalar(sa.text("select count(*) from study_sessions where task_id is not null"))


def test_there_is_a_fault_for_every_rule() -> None:
    assert FAULTS.keys() == {*RULES, *AT_REST, "a card stands as its log replays"}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_told_by_its_rule(connection: sa.Connection, rule: str) -> None:
    assert violations(connection) == []
    connection.execute(sa.text(FAULTS[rule]))
    assert rule in {violation.rule for violation in violations(connection)}


def test_work_under_way_is_no_fault_before_everything_is_at_rest(connection: sa.Connection) -> None:
    connection.execute(
        sa.text("update jobs set status = 'running', progress = 10, lease_until = now() + interval '1 minute'")
    )
    assert violations(connection, at_rest=False) == []
    assert {violation.rule for violation in violations(connection)} == {"no job is left"}


def test_what_was_acknowledged_and_is_not_there_is_told(connection: sa.Connection) -> None:
    known = [str(one) for one in connection.scalars(sa.text("select id from tasks"))]
    assert violations(connection, acknowledged={"tasks": known, "documents": []}) == []
    lost = violations(connection, acknowledged={"tasks": [*known, NOBODY]})
    assert lost == [Violation("all that was acknowledged is in tasks", (NOBODY,))]


def test_files_without_documents_and_documents_without_files_are_told(connection: sa.Connection, files: Path) -> None:
    there = files_under(files)
    assert violations(connection, files=there) == []
    first, second = sorted(there)
    without = {key: size for key, size in there.items() if key != first}
    assert [str(one) for one in violations(connection, files=without)] == [f"a document has its file: {first}"]
    strange = str(uuid4())
    assert [str(one) for one in violations(connection, files={**there, strange: 1})] == [
        f"a file has its document: {strange}"
    ]
    cut = {**there, second: there[second] - 1}
    assert [one.rule for one in violations(connection, files=cut)] == ["a file is as long as its document says"]


def test_a_broken_rule_fails_with_its_name_and_a_few_rows(url: str) -> None:
    gone = [str(uuid4()) for _ in range(5)]
    with pytest.raises(AssertionError, match=r"all that was acknowledged is in tasks: .* and 2 more"):
        assert_invariants(url, acknowledged={"tasks": gone})
