"""Samples that were drawn before, read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scr_audit.errors import InputError


def read_sample(path: Path) -> dict[str, Any]:
    """A sample from its `.json` file. Raises `InputError` where it is none."""
    from pydantic import ValidationError

    from scr_audit.runs.sample_models import SampleDocument

    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
        SampleDocument.model_validate(found)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "/".join(str(step) for step in first["loc"])
        raise InputError(
            f"{path}: is not a sample, as 'scr-audit sample' writes it: {place}: "
            f"{first['msg'].lower()}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is not JSON: {error}") from error
    return found
