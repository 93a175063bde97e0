"""What can keep a process from starting. Light to import, so that the command line stays quick."""

from __future__ import annotations


class SettingsFault(Exception):
    """The configuration is wrong; ``faults`` name each setting and what it should be."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class PortInUse(Exception):
    """Something else listens there, or this user may not."""


class StartFault(Exception):
    """What a server can't do without is not there; ``faults`` say what was tried and what to do."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults
