"""Goal P11: what the relay of tokens adds over direct Redis, with 20 answers streamed at once.

    python -m benchmarks.token_relay

One process publishes, as a worker does; another one follows, as a web process does, with a reader for each stream.
Ours publishes events with numbers and replay, which reach all readers of a process over one connection; the other side
is a bare PUBLISH, with a connection for each reader. Both take turns every second, on the same Redis.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import threading
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from uuid import UUID

import redis

from studyteddy.adapters.redis.connections import open_redis
from studyteddy.adapters.redis.events import RedisEvents
from studyteddy.domain.ids import UserId

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from engines.redis_server import RedisServer

STREAMS = 20
TOKENS_PER_SECOND = 30
ROUNDS = 10
OWNER = UserId(UUID(int=7))
TEXT = " photosynthesis"
GOAL_MS = 1.0
_WARM_UP = 1
"""Rounds that don't count."""


def publish(url: str) -> None:
    """The worker's side: a second of ours, a second of the other, each token with the time at which it left."""
    client, direct = open_redis(url), redis.Redis.from_url(url)
    events = RedisEvents(client)
    for turn in range(ROUNDS):
        for ours in (True, False):
            for token in range(TOKENS_PER_SECOND):
                until = time.monotonic() + 1 / TOKENS_PER_SECOND
                for stream in range(STREAMS):
                    left = time.monotonic_ns()
                    if ours:
                        data = {"round": turn, "left": left, "seq": token, "text": TEXT}
                        events.publish(OWNER, f"message:{stream}", "chat-delta", data)
                    else:
                        direct.publish(f"bare:{stream}", f"{turn} {left} {TEXT}")
                time.sleep(max(0.0, until - time.monotonic()))
    events.close()
    client.close()
    direct.close()


class Readers:
    """A reader for each stream, on either side; what each token took in milliseconds, by side and round."""

    def __init__(self, url: str) -> None:
        self.took: dict[str, dict[int, list[float]]] = {"ours": defaultdict(list), "bare": defaultdict(list)}
        self._events = RedisEvents(open_redis(url))
        self._direct = redis.Redis.from_url(url)
        self._threads = [
            threading.Thread(target=read, args=(stream,))
            for stream in range(STREAMS)
            for read in (self._ours, self._bare)
        ]
        self._ready = threading.Barrier(len(self._threads) + 1)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()
        self._ready.wait()

    def finish(self) -> None:
        for thread in self._threads:
            thread.join()
        self._events.close()
        self._direct.close()

    def _ours(self, stream: int) -> None:
        with closing(self._events.subscribe(OWNER, f"message:{stream}")) as subscription:
            self._ready.wait()
            for _ in range(ROUNDS * TOKENS_PER_SECOND):
                event = subscription.next(30)
                assert event is not None, "an event was lost"
                self._note("ours", int(str(event.data["round"])), int(str(event.data["left"])))

    def _bare(self, stream: int) -> None:
        with closing(self._direct.pubsub(ignore_subscribe_messages=True)) as pubsub:
            pubsub.subscribe(f"bare:{stream}")
            pubsub.get_message(timeout=5)
            self._ready.wait()
            left_to_come = ROUNDS * TOKENS_PER_SECOND
            while left_to_come:
                message = pubsub.get_message(timeout=30)
                if message is not None:
                    turn, left, _ = message["data"].split(b" ", 2)
                    self._note("bare", int(turn), int(left))
                    left_to_come -= 1

    def _note(self, side: str, turn: int, left: int) -> None:
        self.took[side][turn].append((time.monotonic_ns() - left) / 1e6)


def main() -> None:
    """Print both sides and what ours adds."""
    with RedisServer() as server:
        readers = Readers(server.url)
        readers.start()
        worker = multiprocessing.get_context("spawn").Process(target=publish, args=(server.url,))
        worker.start()
        worker.join()
        readers.finish()
    rounds = range(_WARM_UP, ROUNDS)
    medians = {side: [statistics.median(took[turn]) for turn in rounds] for side, took in readers.took.items()}
    added = [ours - bare for ours, bare in zip(medians["ours"], medians["bare"], strict=True)]
    print(f"P11 token relay, {STREAMS} streams of {TOKENS_PER_SECOND} tokens/s, p50 of {len(added)} rounds")
    for side, found in medians.items():
        tokens = sorted(token for turn in rounds for token in readers.took[side][turn])
        late = tokens[int(0.99 * len(tokens))]
        print(
            f"{side:6} {statistics.median(found):6.2f} ms    {min(found):.2f} to {max(found):.2f}    p99 {late:.1f} ms"
        )
    verdict = "reached" if statistics.median(added) <= GOAL_MS else "MISSED"
    print(
        f"added  {statistics.median(added):6.2f} ms    {min(added):.2f} to {max(added):.2f}"
        f"    goal <= {GOAL_MS:.0f} ms: {verdict}"
    )


if __name__ == "__main__":
    main()
