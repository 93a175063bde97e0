"""Workers die while they read documents: each document becomes ready all the same, and no chunk is there twice."""

from __future__ import annotations

import io
import os
import random
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa
from reportlab.pdfgen.canvas import Canvas

from e2e.production import Engines, ProductionServer
from e2e.server import eventually
from invariants import assert_invariants, files_in

LONG = bool(os.environ.get("DRILL"))
DOCUMENTS = 20 if LONG else 4
KILLS = 100 if LONG else 8
LEASE = "30s" if LONG else "3s"
"""The long form keeps the lease that is shipped."""
PAGES = 320
RESUMED_WITHIN = 60.0
_WORKER_LIVES = (0.5, 2.5)
"""Seconds between two kills: from the middle of the first document to its last pages."""

pytestmark = [pytest.mark.drill, pytest.mark.slow]


def book(number: int) -> bytes:
    """A PDF of 320 full pages that no other number has."""
    written = io.BytesIO()
    canvas = Canvas(written, invariant=1, pageCompression=1)
    for page in range(1, PAGES + 1):
        lines = canvas.beginText(40, 800)
        lines.setFont("Helvetica", 8)
        for line in range(60):
            lines.textLine(f"{number}.{page}.{line} Rivers carry sand and silt down to the sea, wave after wave.")
        canvas.drawText(lines)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


class Resumptions:
    """Looks at the job table all the while: how long a job whose worker was killed waits for its next one."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url, poolclass=sa.NullPool)
        self._orphans: dict[object, tuple[int, float]] = {}
        self._before: dict[object, int] = {}
        self.seconds: list[float] = []
        self._ending = threading.Event()
        self._lock = threading.Lock()

    def running(self) -> dict[object, int]:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.text("select id, attempts from jobs where status = 'running'"))
            return {row.id: row.attempts for row in rows}

    def left(self) -> int:
        """Jobs that are not over."""
        with self._engine.connect() as connection:
            query = "select count(*) from jobs where status in ('queued', 'running')"
            return int(connection.execute(sa.text(query)).scalar_one())

    def somebody_works(self) -> bool:
        """Whether a job was taken since the last kill."""
        return bool(self.running().items() - self._before.items())

    def killed(self) -> None:
        """A worker was killed just now: whatever runs may be an orphan, which its next attempt tells."""
        now = time.monotonic()
        with self._lock:
            self._before = self.running()
            for job, attempts in self._before.items():
                if self._orphans.get(job, (0, 0.0))[0] != attempts:
                    self._orphans[job] = (attempts, now)

    def _look(self) -> None:
        while not self._ending.wait(0.2):
            with self._engine.connect() as connection, self._lock:
                rows = connection.execute(sa.text("select id, attempts, status from jobs")).all()
                for job in rows:
                    attempts, since = self._orphans.get(job.id, (job.attempts, 0.0))
                    if job.attempts > attempts:
                        self.seconds.append(time.monotonic() - since)
                    if job.attempts > attempts or job.status not in ("queued", "running"):
                        self._orphans.pop(job.id, None)

    @contextmanager
    def watched(self) -> Iterator[None]:
        thread = threading.Thread(target=self._look)
        thread.start()
        try:
            yield
        finally:
            self._ending.set()
            thread.join()
            self._engine.dispose()


def kill_somebody(server: ProductionServer, chance: random.Random) -> str:
    """A child of the worker that reads, or the whole worker, which is then started again."""
    worker = psutil.Process(server.processes["ingest"].pid)
    children = [child for child in worker.children() if child.status() != psutil.STATUS_ZOMBIE]
    if children and chance.random() < 0.5:
        with suppress(psutil.NoSuchProcess):
            chance.choice(children).kill()
        return "children"
    for process in [worker, *worker.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    server.processes["ingest"].wait()
    server.again("ingest")
    return "workers"


def test_every_document_becomes_ready_however_often_its_worker_is_killed(tmp_path: Path, engines: Engines) -> None:
    chance = random.Random(20_261)
    with ProductionServer(tmp_path / "home", engines=engines, settings={"STUDYTEDDY_JOB_LEASE": LEASE}) as server:
        ada = server.person().program()

        def upload() -> None:
            number = len(documents)
            answer = ada.upload(f"book-{number}.pdf", book(number))
            assert answer.status == 202, answer
            documents.append(str(answer.json["document"]["id"]))

        documents: list[str] = []
        for _ in range(DOCUMENTS):
            upload()
        watch = Resumptions(server.database_url())
        kills = {"children": 0, "workers": 0}
        with watch.watched():
            while sum(kills.values()) < KILLS:
                if not watch.left():
                    upload()
                eventually(lambda: watch.somebody_works() or not watch.left(), seconds=120)
                time.sleep(chance.uniform(*_WORKER_LIVES))
                kills[kill_somebody(server, chance)] += 1
                watch.killed()
            ready = [ada.ready(document, seconds=600) for document in documents]
        waits = watch.seconds or [0.0]
        print(
            f"\n{len(documents)} documents, {kills} killed, all ready; {len(watch.seconds)} times a job waited for its"
            f" next worker, {statistics.median(waits):.1f} s in the middle, {max(waits):.1f} s at worst"
        )
        assert {document["page_count"] for document in ready} == {PAGES}
        assert len({document["chunk_count"] for document in ready}) <= 2, "books of one size have chunks of one number"
        assert max(waits) <= RESUMED_WITHIN
        assert_invariants(
            server.database_url(), acknowledged={"documents": set(documents)}, files=files_in(server.place.bucket)
        )
