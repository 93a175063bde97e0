"""Whether this process runs greenlets of gevent in place of threads."""

from __future__ import annotations

import sys


def cooperative() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("socket"))
