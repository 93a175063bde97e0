"""What somebody may keep is not exceeded, however many uploads come at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from e2e.server import OpenServer, Person, Server
from invariants import assert_invariants

DOCUMENTS, MEGABYTES = 5, 1
SETTINGS = {"STUDYTEDDY_DOCUMENTS_EACH": str(DOCUMENTS), "STUDYTEDDY_STORAGE_MB_EACH": str(MEGABYTES)}
AT_ONCE = 12


@pytest.fixture(scope="module")
def narrow(open_server: OpenServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Study Teddy with little room for each person."""
    with open_server(tmp_path_factory.mktemp("narrow") / "home", SETTINGS) as server:
        yield server
        assert_invariants(server.database_url(), at_rest=False)


@pytest.mark.parametrize(
    ("size", "kept", "refusal"),
    [(1_000, DOCUMENTS, (409, "quota_exceeded")), (300_000, 3, (413, "quota_exceeded"))],
    ids=["by number", "by size"],
)
def test_parallel_uploads_never_exceed_the_quota(
    narrow: Server, size: int, kept: int, refusal: tuple[int, str]
) -> None:
    ada = narrow.person(f"ada-{size}@example.org")

    def upload(number: int) -> tuple[int, str]:
        answer = ada.upload(f"{number}.txt", b"%04d rye " % number * (size // 9))
        return answer.status, "kept" if answer.status == 202 else answer.code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = Counter(threads.map(upload, range(AT_ONCE)))
    assert answers == {(202, "kept"): kept, refusal: AT_ONCE - kept}
    assert len(ada.everything("/documents")) == kept
    make_room(ada)
    assert upload(AT_ONCE) == (202, "kept")


def make_room(person: Person) -> None:
    first = person.everything("/documents")[0]["id"]
    assert person.delete(f"/documents/{first}").status == 204
