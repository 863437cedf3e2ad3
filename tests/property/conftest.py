"""Profiles of the property tests: `ci` is small and always draws the same examples.

A longer run draws at random and says so in what it prints on failure:

    SCR_AUDIT_EXAMPLES=1000000 pytest tests/property

The number is that of record evaluations and other examples over all laws together; without
it there are 1,000 and a few.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW
)
settings.register_profile("long", deadline=None, print_blob=True, suppress_health_check=_SLOW)
settings.load_profile("long" if "SCR_AUDIT_EXAMPLES" in os.environ else "ci")
