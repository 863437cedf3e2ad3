"""Makes the modules of this folder importable by every test, and says how examples are drawn.

The profile `ci` is small and always draws the same examples. A longer run draws at random and
says so in what it prints on failure:

    SCR_AUDIT_EXAMPLES=1000000 pytest tests/property

The number is that of record evaluations and other examples over all laws together; without
it there are 1,000 and a few.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

# Not the cache of whoever runs the tests.
os.environ.setdefault("SCR_AUDIT_CACHE", str(Path(__file__).parent.parent / ".pytest_cache/kept"))

settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW
)
settings.register_profile("long", deadline=None, print_blob=True, suppress_health_check=_SLOW)
settings.load_profile("long" if "SCR_AUDIT_EXAMPLES" in os.environ else "ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The year comes first: what one worker has begun is not stolen by another.

    It would be gone through once more there, which takes longer than all its tests.
    """
    items.sort(key=lambda item: item.path.name != "test_a_year.py")
