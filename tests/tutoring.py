"""Passages, an analyzer and scripted models for tests of the tutor."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from uuid import NAMESPACE_URL, uuid5

from studyteddy.application.ports.chat_model import Delta, Usage
from studyteddy.domain.documents import Locator, LocatorUnit
from studyteddy.domain.errors import Unavailable
from studyteddy.domain.ids import ChunkId, DocumentId
from studyteddy.domain.retrieval.passages import Passage
from studyteddy.domain.tutor.prompt import TutorPrompt

PHOTOSYNTHESIS = (
    "Photosynthesis is the process by which plants turn light into chemical energy. "
    "The green pigment chlorophyll absorbs red and blue light.\n\n"
    "The Calvin cycle fixes carbon dioxide into sugars in the stroma. "
    "In 1961 Melvin Calvin received the Nobel Prize for describing it."
)
LOOPS = (
    "A while loop repeats its body as long as the condition holds. "
    "An infinite loop never ends because its condition never becomes false."
)
_STOP = frozenset(
    "a about an and as at because by can did do does for from how i in into is it its me my of on or "
    "the their this to was what when where which who why with you".split()
)


def terms(text: str) -> list[str]:
    """A small analyzer: lower case, without function words and the ends of English words."""
    found = (
        re.sub(r"(?<=\w{3})(?:ing|ed|es|s)$", "", word)
        for word in re.findall(r"\w+", text.casefold())
        if word not in _STOP
    )
    return [term for term in found if term]


def passage(text: str = PHOTOSYNTHESIS, *, filename: str = "biology.pdf", number: int = 3, start: int = 0) -> Passage:
    """A passage that stands ``start`` characters into a page."""
    document_id = DocumentId(uuid5(NAMESPACE_URL, filename))
    return Passage(
        chunk_id=ChunkId(uuid5(document_id, text)),
        document_id=document_id,
        filename=filename,
        title=filename.partition(".")[0],
        locator=Locator(unit=LocatorUnit.PAGE, number=number, label=None, char_start=start, char_end=start + len(text)),
        text=text,
        score=1.0,
    )


class ScriptedModel:
    """A chat model that says what a function makes of the prompt, a few characters at a time."""

    name = "scripted"

    def __init__(self, script: Callable[[TutorPrompt], str], *, size: int = 7) -> None:
        self._script = script
        self._size = size
        self.prompts: list[TutorPrompt] = []

    def answer(self, prompt: TutorPrompt) -> Iterator[Delta | Usage]:
        self.prompts.append(prompt)
        text = self._script(prompt)
        for start in range(0, len(text), self._size):
            yield Delta(text[start : start + self._size])
        yield Usage(prompt_tokens=100, completion_tokens=len(text) // 4)


def saying(text: str) -> ScriptedModel:
    """A model that always says the same."""
    return ScriptedModel(lambda _: text)


def obeying(orders: Sequence[str] = ("IGNORE", "Ignore")) -> ScriptedModel:
    """A model that does what a passage tells it: repeats the line that orders something, and all it was given."""

    def script(prompt: TutorPrompt) -> str:
        lines = [line for passage in prompt.passages for line in passage.text.splitlines()]
        ordered = [line for line in lines if any(order in line for order in orders)]
        return "\n".join(
            [*ordered, *(passage.text for passage in prompt.passages), *(turn.text for turn in prompt.turns)]
        )

    return ScriptedModel(script)


class BreakingModel:
    """A model whose provider breaks off after some words, the first ``times`` times."""

    name = "breaking"

    def __init__(self, before: str = "", *, times: int = 10**6, fault: Exception | None = None) -> None:
        self._before = before
        self._left = times
        self._fault = fault or Unavailable("The provider hung up.", code="provider_unavailable", retry_after=0.01)

    def answer(self, prompt: TutorPrompt) -> Iterator[Delta | Usage]:
        if self._before:
            yield Delta(self._before)
        if self._left > 0:
            self._left -= 1
            raise self._fault
        yield Delta("It works again [1].")
        yield Usage(prompt_tokens=1, completion_tokens=1)


class StallingModel:
    """A model that says a few words and then nothing until it is let go, or until it is closed."""

    name = "stalling"

    def __init__(self, before: str = "The pigment is ", after: str = "chlorophyll [1].") -> None:
        self._before = before
        self._after = after
        self.said_something = threading.Event()
        self.let_go = threading.Event()

    def answer(self, prompt: TutorPrompt) -> Iterator[Delta | Usage]:
        if self._before:
            yield Delta(self._before)
        self.said_something.set()
        self.let_go.wait(20)
        yield Delta(self._after)
        yield Usage(prompt_tokens=1, completion_tokens=1)
