"""Letters as people read them: subject, plain text and HTML, from one template for each kind and language.

A template's words are there once; ``text.jinja`` and ``html.jinja`` say how a paragraph, a link or a list looks in each
form, so that both always say the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from studyteddy.application.ports.mailer import Letter, LetterValue

LANGUAGES = ("en", "de")
MAX_SUBJECT = 150
_LONGEST_NAME = 60
# A name in a greeting. An address in it would be a link in most programs, in a letter that somebody else may have had
# sent: only letters, and dots as in "Dr. Ada Lovelace".
_NAME = re.compile(r"(?:[^\W\d_]|[ '’-]|\.(?= |$))+")


@dataclass(frozen=True, slots=True)
class Wording:
    """A letter in words."""

    language: str
    subject: str
    text: str
    html: str


def worded(letter: Letter) -> Wording:
    """The letter in its language, in English where that is not known. A value that is missing is a ``jinja2`` error."""
    language = letter.language if letter.language in LANGUAGES else LANGUAGES[0]
    values = _clean(letter.values) | {
        "language": language,
        "name": _greeting_name(letter.name),
        "unsubscribe_url": letter.unsubscribe_url,
    }
    template = f"{language}/{letter.kind}.jinja"
    text, html = _environment("text").get_template(template), _environment("html").get_template(template)
    subject = one_line("".join(text.blocks["subject"](text.new_context(values))))[:MAX_SUBJECT]
    return Wording(language, subject, text.render(values), html.render(values, subject=subject))


def one_line(text: str) -> str:
    """Without line breaks and control or formatting characters, which could begin a header or turn words around."""
    printable = (" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join("".join(printable).split())


def _clean(values: Mapping[str, LetterValue]) -> dict[str, object]:
    return {
        name: [{key: _plain(part) for key, part in item.items()} for item in value]
        if not isinstance(value, str | int)
        else _plain(value)
        for name, value in values.items()
    }


def _plain(value: str | int) -> str | int:
    return one_line(value) if isinstance(value, str) else value


def _greeting_name(name: str) -> str:
    name = one_line(name)
    return name if len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) else ""


@lru_cache(2)
def _environment(form: str) -> Environment:
    """The templates in one of both forms; values are escaped where that is HTML."""
    environment = Environment(
        loader=PackageLoader("studyteddy.adapters.mail"),
        autoescape=form == "html",  # noqa: S701 - nothing in plain text is markup
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.globals["form"] = f"{form}.jinja"
    return environment
