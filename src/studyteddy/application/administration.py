"""What administrators do: roles, disabled accounts, other people's log-ins, the health of the queue."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from studyteddy.application.ports.clock import Clock
from studyteddy.application.ports.jobs import QueueHealth
from studyteddy.application.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from studyteddy.domain.accounts import User, UserRole
from studyteddy.domain.administration import administered
from studyteddy.domain.ids import UserId
from studyteddy.domain.security_events import SecurityEventKind
from studyteddy.domain.versions import check_version


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministerUser:
    """Set the roles of an account, disable or enable it. A disabled one is shut at once and its log-ins are ended; its
    data stay. ``actor`` is the administrator, None for an operator. Raises what ``administered`` raises.
    """

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(
        self,
        *,
        user_id: UserId,
        actor: UserId | None = None,
        version: int | None = None,
        roles: AbstractSet[UserRole] | None = None,
        disabled: bool | None = None,
    ) -> User:
        now = self.clock()
        with self.unit_of_work() as uow:
            admins = uow.users.hold_admins()
            user = uow.users.get(user_id)
            check_version(user.version, version)
            changed = administered(user, roles=roles, disabled=disabled, actor=actor, admins=admins, now=now)
            if changed is not user:
                uow.users.save(changed)
                _note(uow, user, changed, actor, now)
                uow.commit()
        return changed


def _note(uow: UnitOfWork, before: User, after: User, actor: UserId | None, now: datetime) -> None:
    if after.roles != before.roles:
        roles = ", ".join(sorted(after.roles))
        uow.security_events.add(SecurityEventKind.ROLES_CHANGED, owner=after.id, at=now, actor=actor, detail=roles)
    if after.disabled and not before.disabled:
        uow.auth_sessions.end_all(after.id, now)
        uow.security_events.add(SecurityEventKind.ACCOUNT_DISABLED, owner=after.id, at=now, actor=actor)
    if before.disabled and not after.disabled:
        uow.security_events.add(SecurityEventKind.ACCOUNT_ENABLED, owner=after.id, at=now, actor=actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLogIns:
    """Log somebody out everywhere. Their API tokens stay: those end when the account is disabled."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self, *, user_id: UserId, actor: UserId) -> None:
        now = self.clock()
        with self.unit_of_work() as uow:
            uow.users.get(user_id)
            if uow.auth_sessions.end_all(user_id, now):
                uow.security_events.add(
                    SecurityEventKind.LOGGED_OUT, owner=user_id, at=now, actor=actor, detail="all devices"
                )
            uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class GetQueueHealth:
    """How the jobs of each kind fare, whoever they are for."""

    unit_of_work: UnitOfWorkFactory
    clock: Clock

    def __call__(self) -> Sequence[QueueHealth]:
        with self.unit_of_work() as uow:
            return uow.jobs.health(now=self.clock())
