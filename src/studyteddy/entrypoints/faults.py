"""What can keep a process from starting. Light to import, so that the command line stays quick."""

from __future__ import annotations


class SettingsFault(Exception):
    """The configuration is wrong; ``faults`` name each setting and what it should be."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class PortInUse(Exception):
    """Something else listens there, or this user may not."""
