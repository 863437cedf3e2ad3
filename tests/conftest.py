"""Makes the modules of this folder importable by every test."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The year comes first: what one worker has begun is not stolen by another.

    It would be gone through once more there, which takes longer than all its tests.
    """
    items.sort(key=lambda item: item.path.name != "test_a_year.py")
