from __future__ import annotations

import pytest

from studyteddy.domain.errors import Conflict, TooLarge
from studyteddy.domain.storage_quota import MEGABYTE, NO_QUOTA, StorageQuota, StorageUse

QUOTA = StorageQuota(documents=3, megabytes=2)


def test_without_a_quota_everything_fits() -> None:
    NO_QUOTA.check(StorageUse(10**9, 10**15))


def test_the_last_document_and_the_last_byte_fit() -> None:
    QUOTA.check(StorageUse(3, 2 * MEGABYTE))


def test_one_document_more_is_refused_with_the_numbers() -> None:
    with pytest.raises(Conflict, match=r"3 documents.*number 4") as refused:
        QUOTA.check(StorageUse(3, 0).with_file(1))
    assert refused.value.code == "quota_exceeded"


def test_one_byte_more_is_refused_with_the_numbers() -> None:
    with pytest.raises(TooLarge, match=r"2 MB of documents.*2\.5 MB") as refused:
        QUOTA.check(StorageUse(1, 2 * MEGABYTE).with_file(MEGABYTE // 2))
    assert refused.value.code == "quota_exceeded"
