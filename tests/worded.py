"""The small pack with words for its facts, from which sentences are made."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from small_pack import RULE_FILE, pack_files, rule_file, write_pack

from scr_audit import Engine, Finding
from scr_audit.packs.load import load_folder
from scr_audit.packs.yaml_source import read_yaml

SAYS: dict[str, dict[str, dict[str, Any]]] = {
    "job": {
        "model": {
            "x-says": "{it} [was|was not] about a {value} bicycle",
            "x-unknown": "which sort of bicycle it is",
            "x-words": {"cargo": "load-carrying"},
        },
        "customer": {"x-unknown": "who asked for the job"},
        "safe": {"x-says": "the bicycle [was|was not] safe to ride"},
        "paid": {"x-says": "the bicycle [was|was not] paid for"},
        "wheels": {"x-says": "the bicycle [had|did not have] {value} wheels"},
        "booked_on": {"x-says": "{it} was booked {on}"},
        "returned_on": {"x-says": "the bicycle was returned {on}"},
        "opened_at": {"x-says": "{it} was opened {on}"},
        "labels": {"x-says": "the bicycle [carried|did not carry] {value}"},
        "tools": {"x-says": "the {value} [was|was not] used"},
        "parts": {"x-unknown": "which parts were replaced"},
    },
    "loan": {"agreed": {"x-says": "a loan bicycle [was|was not] given"}},
    "part": {
        "name": {
            "enum": ["bell", "brake", "front_light"],
            "x-words": {"front_light": "front light"},
            "x-unknown": "what {it} was",
        },
        "fitted": {"x-says": "{it} [was|was not] fitted"},
        "fitted_on": {"x-says": "{it} was fitted {on}"},
        "worn": {"x-says": "{it} that was replaced [was|was not] worn"},
        "recalled": {"x-says": "{it} [has|has not] been recalled"},
    },
    "check": {
        "passed": {"x-says": "{it} [was|was not] passed"},
        "on": {"x-says": "{it} was made {on}"},
    },
}


def records(called: tuple[str, ...]) -> str:
    schema = read_yaml(pack_files()["records.yaml"].encode(), "records.yaml").value
    for group, facts in SAYS.items():
        for fact, words in facts.items():
            schema["$defs"][group]["properties"][fact].update(words)
    schema["$defs"]["part"]["x-called"] = list(called)
    return str(yaml.safe_dump(schema, sort_keys=False))


@lru_cache(maxsize=100)
def engine_of(rule: str, called: tuple[str, ...]) -> Engine:
    with TemporaryDirectory() as folder:
        files = {"records.yaml": records(called), RULE_FILE: rule_file(rule)}
        return Engine(load_folder(write_pack(Path(folder), files)))


def judge(
    rule: str,
    record: dict[str, Any],
    as_of: date | None = None,
    *,
    called: tuple[str, ...] = ("the {name}",),
) -> list[Finding]:
    """The findings of a rule on a job of the worded pack, whose parts are `called` so."""
    return engine_of(rule, called).evaluate({"id": "a", **record}, as_of=as_of)
