"""What happened to an account, told to its owner."""

from __future__ import annotations

from dataclasses import dataclass

from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.ids import UserId
from studyteddy.domain.paging import Page, PageRequest
from studyteddy.domain.security_events import SecurityEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSecurityEvents:
    """A page of the security events of an account, newest first; ``NotFound`` for an unknown account."""

    unit_of_work: UnitOfWorkFactory

    def __call__(self, *, owner: UserId, request: PageRequest) -> Page[SecurityEvent]:
        with self.unit_of_work() as uow:
            uow.users.get(owner)
            return uow.security_events.page(owner, request)
