"""What beat asks the workers for, and when. A request that is not taken in time is dropped: the next one follows."""

from __future__ import annotations

from datetime import timedelta

from celery.schedules import crontab

from studyteddy.adapters.celery_jobs.app import FIRST, LAST, QueueName

SWEEP_JOBS = "studyteddy.sweep_jobs"
PURGE_JOBS = "studyteddy.purge_jobs"
PURGE_KEPT_ANSWERS = "studyteddy.purge_kept_answers"
PURGE_LOG_INS = "studyteddy.purge_log_ins"
PURGE_SECURITY_EVENTS = "studyteddy.purge_security_events"
PURGE_NOTIFICATIONS = "studyteddy.purge_notifications"
REMIND_PEOPLE = "studyteddy.remind_people"

_MINUTE, _HOUR = 60, 3600


def schedule(lease: timedelta) -> dict[str, dict[str, object]]:
    """Beat's entries. The sweep comes several times within a lease, beside the sweeps of each process."""
    sweep = lease.total_seconds() / 3
    return {
        "sweep jobs": _entry(SWEEP_JOBS, sweep, expires=sweep, priority=FIRST),
        "remind people": _entry(REMIND_PEOPLE, _MINUTE, expires=_MINUTE),
        "purge kept answers": _entry(PURGE_KEPT_ANSWERS, crontab(minute="7"), expires=_HOUR / 2),
        "purge jobs": _entry(PURGE_JOBS, crontab(hour="3", minute="17"), expires=_HOUR),
        "purge log-ins": _entry(PURGE_LOG_INS, crontab(hour="3", minute="37"), expires=_HOUR),
        "purge notifications": _entry(PURGE_NOTIFICATIONS, crontab(hour="3", minute="57"), expires=_HOUR),
        "purge security events": _entry(PURGE_SECURITY_EVENTS, crontab(hour="3", minute="47"), expires=_HOUR),
    }


def _entry(task: str, when: float | crontab, *, expires: float, priority: int = LAST) -> dict[str, object]:
    options = {"queue": QueueName.DEFAULT.value, "expires": expires, "priority": priority}
    return {"task": task, "schedule": when, "options": options}
