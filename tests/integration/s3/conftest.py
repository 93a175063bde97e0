from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from engines.s3_server import S3Bucket
from studyteddy.adapters import s3_objects
from studyteddy.adapters.s3_objects import S3Objects

Opened = Callable[..., S3Objects]


@pytest.fixture
def opened(s3: S3Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Opens the bucket of this test, with some of its settings changed; closed again after it."""
    monkeypatch.setattr(s3_objects, "READ_SECONDS", 0.5)
    monkeypatch.setattr(s3_objects, "PAUSE_SECONDS", 1e-9)  # so that nothing has to wait for it
    everything: list[S3Objects] = []

    def open_it(bucket: str = s3.name, **changes: str | None) -> S3Objects:
        server = s3.server
        settings: dict[str, str | None] = {
            "region": server.region,
            "endpoint_url": server.endpoint,
            "access_key": server.access_key,
            "secret_key": server.secret_key,
        }
        everything.append(S3Objects.open_bucket(bucket, **settings | changes))  # type: ignore[arg-type]
        return everything[-1]

    yield open_it
    for objects in everything:
        objects.close()
