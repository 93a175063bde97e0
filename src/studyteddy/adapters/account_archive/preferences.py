"""``settings.json``; the domain judges the values."""

from __future__ import annotations

from pydantic import Field

from studyteddy.adapters.account_archive.record_fields import Record, Small
from studyteddy.application.ports.account_archives import Preferences
from studyteddy.domain import notifications
from studyteddy.domain.notifications import Language, NotificationKind, QuietHours, Switch


class SwitchRecord(Record):
    in_app: bool
    email: bool


class QuietHoursRecord(Record):
    start: Small
    end: Small


class NotificationsRecord(Record):
    """Every kind has its switch, whether somebody ever touched it or not."""

    switches: dict[NotificationKind, SwitchRecord]
    reminder_hour: Small
    digest_weekday: Small
    quiet_hours: QuietHoursRecord | None
    language: Language

    @classmethod
    def of(cls, wishes: notifications.Preferences) -> NotificationsRecord:
        switches = {kind: wishes.switch(kind) for kind in NotificationKind}
        quiet = wishes.quiet_hours
        return cls(
            switches={kind: SwitchRecord(in_app=one.in_app, email=one.email) for kind, one in switches.items()},
            reminder_hour=wishes.reminder_hour,
            digest_weekday=wishes.digest_weekday,
            quiet_hours=QuietHoursRecord(start=quiet.start, end=quiet.end) if quiet else None,
            language=wishes.language,
        )

    def preferences(self) -> notifications.Preferences:
        quiet = self.quiet_hours
        return notifications.Preferences(
            switches={kind: Switch(in_app=one.in_app, email=one.email) for kind, one in self.switches.items()},
            reminder_hour=self.reminder_hour,
            digest_weekday=self.digest_weekday,
            quiet_hours=QuietHours(start=quiet.start, end=quiet.end) if quiet else None,
            language=self.language,
        )


class PreferencesRecord(Record):
    display_name: str
    time_zone: str = Field(max_length=64)
    day_starts_at: int
    weekly_budget: list[int] = Field(max_length=7)
    notifications: NotificationsRecord | None = None

    @classmethod
    def of(cls, told: Preferences) -> PreferencesRecord:
        return cls(
            display_name=told.display_name,
            time_zone=told.time_zone,
            day_starts_at=told.day_starts_at,
            weekly_budget=list(told.weekly_budget),
            notifications=NotificationsRecord.of(told.notifications) if told.notifications else None,
        )

    def preferences(self) -> Preferences:
        return Preferences(
            display_name=self.display_name,
            time_zone=self.time_zone,
            day_starts_at=self.day_starts_at,
            weekly_budget=tuple(self.weekly_budget),
            notifications=self.notifications.preferences() if self.notifications else None,
        )
