"""How many examples each law gets: a share of one number, which the environment may raise."""

from __future__ import annotations

import os

from hypothesis import settings

EXAMPLES = int(os.environ.get("SCR_AUDIT_EXAMPLES", "1000"))
LEAST = 5


def share(percent: float, *, records: int = 1) -> settings:
    """Settings for a test that gets `percent` of all examples and judges `records` in each."""
    return settings(max_examples=max(LEAST, round(EXAMPLES * percent / 100 / records)))
