from __future__ import annotations

import io
import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans, sampled_from
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from schemathesis import BaseSchema, GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth

from apps import BASE, MemoryApp, Visitor
from studyteddy.adapters.in_memory.mailer import InMemoryMailer
from studyteddy.adapters.in_memory.objects import InMemoryObjects
from studyteddy.domain.accounts import UserRole
from studyteddy.domain.errors import StudyTeddyError
from studyteddy.domain.ids import UserId

pytestmark = [
    pytest.mark.embedded_only("in the process of the test, which looks at every answer"),
    *([pytest.mark.drill] if "DRILL" in os.environ else []),
]

PROJECT = Path(__file__).parents[2]
KEPT = PROJECT / "docs" / "api" / "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
ROLES = (UserRole.STUDENT, UserRole.ADMIN)
PUBLIC = {
    "register_user",
    "log_in_user",
    "refresh_session",
    "verify_email",
    "forgot_password",
    "reset_password",
    "list_providers",
    "start_google",
    "finish_google",
    "show_letters",
    "stop_letters",
    "read_calendar",
    "download_export",
}
DRILL = "DRILL" in os.environ
EXAMPLES = {GenerationMode.POSITIVE: 600, GenerationMode.NEGATIVE: 400} if DRILL else {
    GenerationMode.POSITIVE: 120, GenerationMode.NEGATIVE: 80,
}  # fmt: skip
"""A thousand for each operation in a drill, two hundred in a test: first the edges, as each role, then others."""
WALKS = 150 if DRILL else 4
"""For each role."""
PROFILE = settings(derandomize=not DRILL, deadline=None, database=None, suppress_health_check=list(HealthCheck))
NOTES = b"# Osmosis\n\nOsmosis is the movement of water through a membrane towards the higher solute concentration."


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryApp]:
    """The application in memory, with a runner that reads documents and answers questions."""
    made = MemoryApp(tmp_path_factory.mktemp("home"), objects=InMemoryObjects(), mailer=InMemoryMailer())
    runner = made.container.runner()
    runner.start()
    yield made
    runner.stop()


@pytest.fixture(scope="module")
def description(app: MemoryApp) -> dict[str, Any]:
    found: dict[str, Any] = app.anonymous().get("/openapi.json").json
    return found


@pytest.fixture(scope="module")
def operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    return [path[method] for path in description["paths"].values() for method in METHODS if method in path]


def test_the_kept_description_is_that_of_the_code(description: dict[str, Any]) -> None:
    assert json.loads(KEPT.read_text()) == description, "run: make openapi"


def test_the_description_is_valid_openapi(description: dict[str, Any]) -> None:
    assert description["openapi"] == "3.1.0"
    validate(description, cls=OpenAPIV31SpecValidator)


def test_every_operation_is_named_once_like_its_handler(app: MemoryApp, operations: list[dict[str, Any]]) -> None:
    names = [operation["operationId"] for operation in operations]
    handlers = {endpoint.rpartition(".")[2] for endpoint in app.web.view_functions}
    assert len(names) == len(set(names))
    assert set(names) <= handlers


def test_every_operation_says_what_it_does_and_gives(operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        name = operation["operationId"]
        assert operation["summary"].strip(), name
        assert len(operation["tags"]) == 1, name
        good = [status for status in operation["responses"] if status[0] in "23"]
        assert good, name
        for status in good:
            assert status == "204" or status[0] == "3" or operation["responses"][status].get("content"), name


def test_every_refusal_is_a_problem_document(operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        refusals = {status: it for status, it in operation["responses"].items() if status[0] in "45"}
        assert {"400", "404", "405", "409", "413", "415", "422", "429", "503"} <= set(refusals)
        for answer in refusals.values():
            assert list(answer["content"]) == ["application/problem+json"], operation["operationId"]


def test_every_operation_needs_a_log_in_but_the_ones_that_give_one(operations: list[dict[str, Any]]) -> None:
    without = {operation["operationId"] for operation in operations if not operation.get("security")}
    assert without == PUBLIC
    assert all(one["security"] == [{"bearer": []}] for one in operations if one["operationId"] not in PUBLIC)


def test_a_body_is_needed_where_something_in_it_is(operations: list[dict[str, Any]]) -> None:
    needed = {one["operationId"]: one["requestBody"]["required"] for one in operations if "requestBody" in one}
    assert needed["register_user"]
    assert needed["add_document"]
    assert not needed["edit_me"]
    assert not needed["start_study_session"]


class Student:
    """Somebody who has one of everything, by the first part of the path that it is found under."""

    def __init__(self, app: MemoryApp, role: UserRole = UserRole.STUDENT) -> None:
        self._app = app
        self.visitor = app.person(f"{uuid.uuid4().hex}@example.org")
        self.role = role
        if role is not UserRole.STUDENT:
            _appoint(app, self.visitor, role)
        self.ids: dict[str, str] = {}
        self._fill(self.visitor, self.ids)

    def _fill(self, ada: Visitor, ids: dict[str, str]) -> None:
        ids["tasks"] = ada.post("/tasks", {"title": "Read chapter 3"}).json["id"]
        form = {"file": (io.BytesIO(NOTES), "biology.md")}
        added = ada.post("/documents", data=form, content_type="multipart/form-data").json
        ids["documents"], ids["jobs"] = added["document"]["id"], added["job_id"]
        answer = ada.post("/ask", {"question": "What is osmosis?"}).json
        ids["threads"], ids["messages"] = answer["thread_id"], answer["message"]["id"]
        ids["decks"] = ada.post("/decks", {"name": "Biology"}).json["id"]
        card = {"front": "What moves?", "back": "Water"}
        ids["cards"] = ada.post(f"/decks/{ids['decks']}/cards", card).json["id"]
        ids["reviews"] = ada.post(f"/cards/{ids['cards']}/reviews", {"rating": "good"}).json["review"]["id"]
        ids["study-sessions"] = ada.post("/study-sessions", {}).json["id"]
        ids["users"] = ada.tokens["user"]["id"]
        ids["auth"] = ada.get("/auth/sessions").json["items"][0]["id"]

    def is_in(self) -> bool:
        """Whether they are still logged in, and what they were. Asked before each example, so not by a request."""
        try:
            by = self._app.container.authenticate()(access_token=self.visitor.tokens["access_token"])
        except StudyTeddyError:
            return False
        return self.role in by.user.roles

    @property
    def credentials(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.visitor.tokens['access_token']}"}


def _appoint(app: MemoryApp, visitor: Visitor, role: UserRole) -> None:
    with app.unit_of_work() as uow:
        user = uow.users.get(UserId(uuid.UUID(visitor.tokens["user"]["id"])))
        uow.users.save(replace(user, roles=frozenset({role}), version=user.version + 1))
        uow.commit()


class People:
    """One of each role; a new one is put in the place of one who was logged out."""

    def __init__(self, app: MemoryApp) -> None:
        self._app = app
        self._kept: dict[UserRole, Student] = {}

    def __getitem__(self, role: UserRole) -> Student:
        if role not in self._kept or not self._kept[role].is_in():
            self._kept[role] = Student(self._app, role)
        return self._kept[role]


@pytest.fixture(scope="module")
def people(app: MemoryApp) -> People:
    return People(app)


@pytest.fixture(scope="module")
def api(app: MemoryApp) -> BaseSchema:
    # Some rules can't be told in a schema, such as a period that runs forward: 422 is a fair answer to anything.
    taken = ["2xx", "302", "401", "403", "404", "409", "413", "415", "422", "429"]
    refused = ["400", "401", "403", "404", "405", "409", "413", "415", "422", "429"]
    config = schemathesis.Config.from_dict(
        {
            "checks": {
                "positive_data_acceptance": {"expected-statuses": taken},
                "negative_data_rejection": {"expected-statuses": refused},
            },
            "generation": {"with-security-parameters": False},
        }
    )
    return schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", app.web, config=config)


def kept_operations() -> list[tuple[str, str, GenerationMode]]:
    """Method and path of each operation, from the kept description, which another test holds to the code; once with
    what it allows, and once with what it doesn't where there is such a thing.
    """
    paths = json.loads(KEPT.read_text())["paths"]
    return [
        (method.upper(), path, mode)
        for path, item in paths.items()
        for method in METHODS
        if method in item
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or {"parameters", "requestBody"} & item[method].keys()
    ]


@pytest.mark.parametrize(("method", "path", "mode"), kept_operations(), ids=str)
def test_answers_keep_to_the_description(
    api: BaseSchema, people: People, method: str, path: str, mode: GenerationMode
) -> None:
    operation = api[path][method]
    kind = path.removeprefix(BASE).split("/")[1]

    def check(case: schemathesis.Case, known: bool, role: UserRole) -> None:
        someone = people[role]
        if known and mode is GenerationMode.POSITIVE and "id" in case.path_parameters and kind in someone.ids:
            case.path_parameters["id"] = someone.ids[kind]
        case.call_and_validate(headers=someone.credentials)

    tried = 0
    for role in ROLES:
        for case in edges(api, operation, mode):
            check(case, known=True, role=role)
            tried += 1
    if tried < EXAMPLES[mode]:
        cases = {"case": operation.as_strategy(generation_mode=mode), "known": booleans(), "role": sampled_from(ROLES)}
        settings(PROFILE, max_examples=EXAMPLES[mode] - tried)(given(**cases)(check))()


def edges(api: BaseSchema, operation: Any, mode: GenerationMode) -> Iterator[schemathesis.Case]:
    """The ends of what the description allows, or what lies just beyond, one value at a time: told without chance."""
    config = api.config.generation_for(operation=operation)
    return api.iter_coverage_cases(operation, generation_modes=[mode], generation_config=config)  # type: ignore[no-any-return]


@pytest.mark.parametrize("role", ROLES)
def test_walks_along_what_answers_lead_to_keep_to_the_description(
    app: MemoryApp, api: BaseSchema, role: UserRole
) -> None:
    """What one operation made is asked for, changed and deleted by the others, as its id leads to them.

    Each walk is that of the first person here: what others left behind would make two equal walks differ.
    """

    class Walk(api.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            super().setup()
            app.reset()
            self.someone = Student(app, role)

        def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:
            return {"headers": self.someone.credentials}

        def validate_response(self, response: Any, case: schemathesis.Case, *_: Any, **sent: Any) -> None:
            # It takes the log-in for one that it made up; ``test_credentials`` tries those.
            case.validate_response(response, excluded_checks=[ignored_auth], transport_kwargs=sent or None)

    Walk.run(settings=settings(PROFILE, max_examples=WALKS, stateful_step_count=6))
