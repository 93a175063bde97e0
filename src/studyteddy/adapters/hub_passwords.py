"""Passwords in a process of greenlets, where a quarter of a second of arithmetic would hold up everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from studyteddy.application.ports.security import PasswordHasher

T = TypeVar("T")


class HubPasswords:
    """The ``PasswordHasher`` port over another one, which is called in native threads beside gevent's hub."""

    def __init__(self, inner: PasswordHasher) -> None:
        self._inner = inner

    def hash(self, password: str) -> str:
        return _aside(lambda: self._inner.hash(password))

    def verify(self, password: str, password_hash: str | None) -> bool:
        return _aside(lambda: self._inner.verify(password, password_hash))


def _aside(work: Callable[[], T]) -> T:
    import gevent

    done: T = gevent.get_hub().threadpool.apply(work)
    return done
