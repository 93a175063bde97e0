"""Reading a task out of one line: "Read ch 3 tomorrow 45m !high #biology"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from studyteddy.domain.days import day_bounds, instant_of, require_aware, study_day
from studyteddy.domain.errors import Invalid
from studyteddy.domain.tasks.phrases import Duration, Meaning, Repetition, Soon, read_phrase
from studyteddy.domain.tasks.recurrence import Frequency, Recurrence
from studyteddy.domain.tasks.task import MAX_DESCRIPTION, MAX_SUBJECT, MAX_TITLE, Priority

LAST_MINUTE = time(23, 59)
_WORD = re.compile(r'#"[^"\n]{1,200}"|\S+')
_PREPOSITIONS = frozenset({"on", "by", "at", "due", "for", "until"})
_ARTICLES = frozenset({"the", "a", "an", "my", "our", "this"})
_ENGLISH_WORDS = frozenset({"sun", "sat", "wed", "mon"})


class DraftPart(StrEnum):
    """What can be read out of a line, by the name of the field that it becomes."""

    DUE_AT = "due_at"
    PRIORITY = "priority"
    SUBJECT = "subject"
    ESTIMATED_MINUTES = "estimated_minutes"
    RECURRENCE = "recurrence"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraft:
    """What was understood of a line, ready to become a task; nothing has been kept yet."""

    title: str
    description: str = ""
    subject: str | None = None
    due_at: datetime | None = None
    priority: Priority = Priority.MEDIUM
    estimated_minutes: int | None = None
    recurrence: Recurrence | None = None


def parse_task(
    text: str, now: datetime, zone: ZoneInfo, day_starts_at: int = 4, *, unread: AbstractSet[DraftPart] = frozenset()
) -> TaskDraft:
    """Read day, time, duration, priority, subject and recurrence; all other words stay in the title.

    - Days: today, tomorrow, weekdays (the coming one; "next monday" is in the next calendar week), "in 3 days", "next
    week" (its Monday), 2026-12-05, "5 dec" (the next one). Times: 14:00, 2pm, "in 2 hours".
    - A day without a time means its last minute, 23:59. A time without a day means its next occurrence.
    - Durations 45m, 1h, 1h30m, 1.5h; priorities !low !medium !high !urgent.
    - Subjects #biology, #two-words, #"two words".
    - "every day", "every monday and thursday", "every 2 weeks", daily, weekly, monthly; without a day, the first is the
    next that fits.

    Each kind is read once; a second one stays in the title, and so do the words of the parts in ``unread``. Raises
    ``Invalid`` only when no title is left.
    """
    tidy = "".join(" " if "\ud800" <= letter <= "\udfff" or letter == "\0" else letter for letter in text)
    reader = _Reader(today=study_day(now, zone, day_starts_at), unread=unread)
    reader.read(_WORD.findall(tidy[:MAX_DESCRIPTION]))
    title = " ".join(reader.title)
    if not title:
        raise Invalid.field("text", "Say what there is to do, for example: Read chapter 3 tomorrow 45m #biology.")
    too_long = len(title) > MAX_TITLE
    return TaskDraft(
        title=title[: MAX_TITLE - 1].rstrip() + "…" if too_long else title,
        description=title if too_long else "",
        subject=reader.subject,
        due_at=_due_at(reader, now, zone, day_starts_at),
        priority=reader.priority or Priority.MEDIUM,
        estimated_minutes=reader.minutes,
        recurrence=reader.recurrence,
    )


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Walks over the words once and collects what they say."""

    today: date
    unread: AbstractSet[DraftPart] = frozenset()
    title: list[str] = field(default_factory=list)
    subject: str | None = None
    priority: Priority | None = None
    minutes: int | None = None
    day: date | None = None
    time: time | None = None
    soon: int | None = None
    recurrence: Recurrence | None = None

    def read(self, words: Sequence[str]) -> None:
        lowered = [word.lower().strip(",;.()") for word in words]
        index = 0
        while index < len(words):
            used = self._mark(words[index]) or self._phrase(lowered, index)
            if not used:
                self.title.append(words[index])
            index += used or 1

    def _mark(self, word: str) -> int:
        name = word[1:].strip('",;.').strip()
        is_subject = word.startswith("#") and name[:1].isalpha() and len(name) <= MAX_SUBJECT
        if is_subject and self._wants(DraftPart.SUBJECT, self.subject):
            self.subject = name
            return 1
        if word.startswith("!") and self._wants(DraftPart.PRIORITY, self.priority) and name.lower() in tuple(Priority):
            self.priority = Priority(name.lower())
            return 1
        return 0

    def _wants(self, part: DraftPart, *known: object) -> bool:
        return part not in self.unread and all(one is None for one in known)

    def _phrase(self, words: Sequence[str], index: int) -> int:
        lead = 0
        while lead < 2 and index + lead < len(words) and words[index + lead] in _PREPOSITIONS:
            lead += 1
        start = index + lead
        if not lead and index and words[index] in _ENGLISH_WORDS and words[index - 1] in _ARTICLES:
            return 0
        reading = read_phrase(words[start : start + 8], self.today)
        if reading is None or not self._take(reading[1]):
            return 0
        return lead + reading[0]

    def _take(self, meaning: Meaning) -> bool:
        """Whether this kind of thing was still open, and now is known."""
        match meaning:
            case Duration(minutes) if self._wants(DraftPart.ESTIMATED_MINUTES, self.minutes):
                self.minutes = minutes
            case Repetition(rule) if self._wants(DraftPart.RECURRENCE, self.recurrence):
                self.recurrence = rule
            case Soon(minutes) if self._wants(DraftPart.DUE_AT, self.soon, self.day, self.time):
                self.soon = minutes
            case time() if self._wants(DraftPart.DUE_AT, self.time, self.soon):
                self.time = meaning
            case date() if self._wants(DraftPart.DUE_AT, self.day, self.soon):
                self.day = meaning
            case _:
                return False
        return True


def _due_at(reader: _Reader, now: datetime, zone: ZoneInfo, day_starts_at: int) -> datetime | None:
    if reader.soon is not None:
        return require_aware(now + timedelta(minutes=reader.soon), "due_at")
    if reader.day is None and reader.time is None and reader.recurrence is None:
        return None
    day = reader.day or reader.today
    due_at = instant_of(datetime.combine(day, reader.time or LAST_MINUTE), zone)
    if reader.day is None:
        rule = reader.recurrence or Recurrence(frequency=Frequency.DAILY)
        fits = not rule.weekdays or day.weekday() in rule.weekdays
        return due_at if fits and due_at > now else rule.next_after(due_at, now, zone)
    if due_at <= now and reader.time is None and reader.recurrence is None and day == reader.today:
        # After midnight and before the next study day starts, "today" still has these hours.
        return day_bounds(day, zone, day_starts_at)[1] - timedelta(minutes=1)
    return due_at
