"""The stores that every test here runs on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stores


@pytest.fixture(params=stores.KINDS)
def store_name(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A store that is not there yet: in SQLite, and in PostgreSQL."""
    yield from stores.a_store(request.param, tmp_path)
