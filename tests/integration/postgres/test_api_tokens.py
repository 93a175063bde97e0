from __future__ import annotations

from uuid import uuid4

import pytest

from builders import new_secret
from studyteddy.application.api_tokens import MakeApiToken
from studyteddy.application.ports.unit_of_work import UnitOfWorkFactory
from studyteddy.domain.api_tokens import MOST_EACH
from studyteddy.domain.errors import StudyTeddyError
from studyteddy.domain.permissions import Scope
from studyteddy.testing.accounts import NOW, add_user, an_auth_session, at_once, commit
from studyteddy.testing.api_tokens import ApiTokensContract


class TestPostgresApiTokens(ApiTokensContract):
    @pytest.fixture
    def unit_of_work(self, postgres: UnitOfWorkFactory) -> UnitOfWorkFactory:
        return postgres


def test_nobody_gets_more_than_fifty_tokens_however_many_they_ask_for_at_once(postgres: UnitOfWorkFactory) -> None:
    owner = add_user(postgres)
    session = an_auth_session(owner)
    commit(postgres, lambda uow: uow.auth_sessions.add(session))
    make = MakeApiToken(unit_of_work=postgres, new_secret=new_secret, new_id=uuid4, clock=lambda: NOW)

    def made(number: int) -> str:
        make(owner=owner, session_id=session.id, name=f"Script {number}", scopes=frozenset({Scope.READ}))
        return "made"

    for number in range(MOST_EACH - 3):
        made(number)
    answers = at_once(12, made)
    refused = [answer.code for answer in answers if isinstance(answer, StudyTeddyError)]
    assert (answers.count("made"), refused) == (3, ["too_many_api_tokens"] * 9)
    with postgres() as uow:
        assert len(uow.api_tokens.of(owner)) == MOST_EACH
