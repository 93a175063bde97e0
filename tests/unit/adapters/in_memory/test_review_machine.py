from __future__ import annotations

import functools

from hypothesis import settings

from review_machine import ReviewMachine
from studyteddy.adapters.in_memory.store import Store
from studyteddy.adapters.in_memory.unit_of_work import InMemoryUnitOfWork


class InMemoryReviewMachine(ReviewMachine):
    unit_of_work = functools.partial(InMemoryUnitOfWork, Store())


TestInMemoryReviewMachine = InMemoryReviewMachine.TestCase
TestInMemoryReviewMachine.settings = settings(max_examples=40, stateful_step_count=30)
