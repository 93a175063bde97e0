"""Uploaded bytes in a bucket of any S3-compatible store. boto3 is imported when a bucket is opened."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from studyteddy.adapters.circuit_breaker import CircuitBreaker
from studyteddy.domain.errors import NotFound, StudyTeddyError, Unavailable

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError
    from mypy_boto3_s3 import S3Client

log = logging.getLogger(__name__)

CONNECT_SECONDS = 2.0
READ_SECONDS = 10.0
"""The longest silence of a store, for which a request of ours has to wait; three tries end within a minute."""
TRIES = 3
PAUSE_SECONDS = 10.0
"""For so long a store is left alone after all tries failed: a hung one holds up few, and the rest are told at once."""
CONNECTIONS = 32
PART = 8 << 20
"""Bytes that go in one piece. A larger object is sent in parts of this size, one after the other."""
_IN_MEMORY = 1 << 20
_PIECE = 1 << 20
_SOON = 10.0
_LATER = 60.0
_AWAY = "can't be reached or broke off; try again later"
_CLOCK = frozenset({"RequestTimeTooSkewed", "RequestExpired"})


class S3Objects:
    """The ports ``ObjectStore`` and ``DownloadLinks``.

    An object appears under its key only when the store has all of it. ``open`` fetches the whole object first, small
    ones into memory and large ones into a temporary file, so that a reader can seek, never sees half of it, and holds
    no connection however slow it is. What a killed process left half sent is up to the bucket's life-cycle rule.
    """

    def __init__(self, client: S3Client, bucket: str, breaker: CircuitBreaker) -> None:
        self._client = client
        self._bucket = bucket
        self._breaker = breaker

    @classmethod
    def open_bucket(
        cls, bucket: str, *, region: str, endpoint_url: str | None, access_key: str | None, secret_key: str | None
    ) -> S3Objects:
        """A client of the bucket; nothing is connected yet. Without keys, those of the machine's role are looked up."""
        import boto3
        from botocore.config import Config

        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            # The newer default adds trailers that many stores don't understand.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": TRIES},
            max_pool_connections=CONNECTIONS,
        )
        with _faults(bucket):
            session = boto3.session.Session(
                aws_access_key_id=access_key, aws_secret_access_key=secret_key, region_name=region
            )
            client = session.client("s3", endpoint_url=endpoint_url, config=config)
        return cls(client, bucket, CircuitBreaker(failures=1, pause=PAUSE_SECONDS))

    def put(self, key: str, content: BinaryIO) -> None:
        from boto3.s3.transfer import TransferConfig

        # Without threads a large object takes the memory of one part, and a failure gives up its parts before we go on.
        transfer = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, use_threads=False)
        with self._asked():
            source: Any = _Source(content)
            self._client.upload_fileobj(source, self._bucket, key, Config=transfer)

    def open(self, key: str) -> BinaryIO:
        spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
        try:
            with self._asked():
                self._fetch(key, spool)  # type: ignore[arg-type]
        except OSError as fault:
            spool.close()
            raise _out_of_room() from fault
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        return spool  # type: ignore[return-value]

    def _fetch(self, key: str, spool: BinaryIO) -> None:
        """All bytes of the object; from the start again where the store breaks off, which its client does not do."""
        from botocore.exceptions import HTTPClientError, IncompleteReadError

        for left in reversed(range(TRIES)):
            spool.seek(0)
            spool.truncate()
            body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
            try:
                with body:
                    shutil.copyfileobj(body, spool, _PIECE)
                return
            except (HTTPClientError, IncompleteReadError):
                if not left:
                    raise

    def delete(self, key: str) -> None:
        with self._asked():
            try:
                self._client.delete_object(Bucket=self._bucket, Key=key)
            except self._client.exceptions.NoSuchKey:
                return

    def keys(self, prefix: str) -> Iterator[str]:
        token: dict[str, Any] = {}
        while True:
            with self._asked(missing=_no_bucket(self._bucket)):
                found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=prefix, **token)
            yield from (one["Key"] for one in found.get("Contents", []))
            if not found.get("IsTruncated"):
                return
            token = {"ContinuationToken": found["NextContinuationToken"]}

    def link(self, key: str, *, filename: str, media_type: str, lifetime: timedelta) -> str:
        """See ``DownloadLinks.link``. The link is signed here; the store isn't asked."""
        ascii_name = "".join(letter if letter.isascii() and letter.isprintable() else "_" for letter in filename)
        plain = ascii_name.replace("\\", "_").replace('"', "_")
        disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
        with _faults(self._bucket):
            return self._client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": key,
                    "ResponseContentDisposition": disposition,
                    "ResponseContentType": media_type,
                    "ResponseCacheControl": "private, no-store",
                },
                ExpiresIn=int(lifetime.total_seconds()),
            )

    def check(self) -> None:
        """See ``ObjectStore.check``: whether the bucket is there and our keys open it."""
        with self._asked(missing=_no_bucket(self._bucket)):
            self._client.head_bucket(Bucket=self._bucket)

    def close(self) -> None:
        """Close the connections that are kept for the next request."""
        self._client.close()

    @contextmanager
    def _asked(self, missing: StudyTeddyError | None = None) -> Iterator[None]:
        """Ask the store, unless it is being left alone; see ``_faults``."""
        if not self._breaker.allows():
            raise _unavailable(_AWAY, max(1.0, self._breaker.remaining()))
        try:
            with _faults(self._bucket, missing):
                yield
        except StudyTeddyError as fault:
            if _is_outage(fault.__cause__):
                self._breaker.failed()
            elif fault.__cause__ is not None:  # it was the store that answered, and not the source that broke off
                self._breaker.succeeded()
            raise
        self._breaker.succeeded()


@contextmanager
def _faults(bucket: str, missing: StudyTeddyError | None = None) -> Iterator[None]:
    """The store's failures in the words of the core; ``missing`` is said for a 404 without a reason."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as fault:
        raise _refused(fault, bucket, missing) from fault
    except BotoCoreError as fault:
        raise _unreachable(fault) from fault


class _Source:
    """A stream that can only be read: its faults come out as they are, and nobody closes it but its owner."""

    def __init__(self, content: BinaryIO) -> None:
        self.read = content.read


def _refused(fault: ClientError, bucket: str, missing: StudyTeddyError | None) -> StudyTeddyError:
    code = fault.response.get("Error", {}).get("Code", "")
    status = fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "NoSuchBucket":
        return _no_bucket(bucket)
    if status == 404:
        return missing or NotFound("The bytes of this file are gone.")
    log.warning("the file store answered %s to %s: %s", status, fault.operation_name, code)
    if code in _CLOCK:
        return _unavailable("finds that this server's clock is wrong; set the clock", _LATER)
    if status in {401, 403}:
        return _unavailable(
            "refuses us; check S3_ACCESS_KEY and S3_SECRET_KEY, and that they may read, write, list and delete in "
            "S3_BUCKET",
            _LATER,
        )
    if status in {301, 307, 400}:
        return _unavailable(f"does not take our requests ({code}); check S3_ENDPOINT_URL and S3_REGION", _LATER)
    return _unavailable("is out of order or overloaded; try again later", _SOON)


def _unreachable(fault: BotoCoreError) -> StudyTeddyError:
    from botocore.exceptions import NoCredentialsError, PartialCredentialsError

    log.warning("the file store: %s", fault)
    if isinstance(fault, (NoCredentialsError, PartialCredentialsError)):
        return _unavailable("needs keys; set S3_ACCESS_KEY and S3_SECRET_KEY", _LATER)
    if _is_outage(fault):
        return _unavailable(_AWAY, _SOON)
    return _unavailable("can't be used as it is set; check the settings that begin with S3_", _LATER)


def _is_outage(fault: BaseException | None) -> bool:
    """Whether the store is away or out of order, rather than of another opinion."""
    from botocore import exceptions as sdk

    if isinstance(fault, sdk.ClientError):
        return int(fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) >= 500
    return isinstance(fault, (sdk.ConnectionError, sdk.HTTPClientError, sdk.IncompleteReadError))


def _no_bucket(bucket: str) -> StudyTeddyError:
    return _unavailable(f"has no bucket {bucket}; make it, or correct S3_BUCKET", _LATER)


def _out_of_room() -> StudyTeddyError:
    return Unavailable(
        "The file could not be fetched: the server's disk is full or out of order. Try again later.",
        code="storage_unavailable",
        retry_after=_LATER,
    )


def _unavailable(words: str, retry_after: float) -> StudyTeddyError:
    return Unavailable(f"The file store {words}.", code="storage_unavailable", retry_after=retry_after)
