"""The end-to-end suite runs on both profiles; what doesn't says why."""

from __future__ import annotations

from collections import Counter

import pytest

BOTH = frozenset({"profile", "engines"})


def test_what_does_not_run_on_production_says_why(request: pytest.FixtureRequest) -> None:
    reasons: Counter[str] = Counter()
    on_production = 0
    for item in request.session.items:
        if item.path.parent != request.path.parent or item.path == request.path:
            continue
        asked_for = set(getattr(item, "fixturenames", ()))
        marker = item.get_closest_marker("embedded_only")
        if marker is not None:
            (reason,) = marker.args
            reasons[f"{item.path.name}: {reason}"] += 1
        elif "tmp_path" in asked_for or BOTH & asked_for:  # the others have no server, nor a place for one
            assert BOTH & asked_for, f"{item.nodeid} needs open_server, or embedded_only"
            on_production += "[production" in item.name
    for reason, count in sorted(reasons.items()):
        print(f"{count:>4}  {reason}")
    print(f"{on_production:>4}  on production")
