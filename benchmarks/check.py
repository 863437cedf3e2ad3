"""Check the comparison itself: `python -m benchmarks.check`.

The records conform to the record schema and have the size they should have; a peer that is
installed counts as plain Python does. Ends with 1 if not.
"""

import sys
from datetime import date
from statistics import mean
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from benchmarks.peers import PEERS
from benchmarks.records import KIND, SIZE, generate, ndjson, schema
from benchmarks.ten_rules import plain

RECORDS, SEED = 500, 20


def main() -> int:
    """Run the checks; print a line for each."""
    problems = [*_records_problems(), *_peers_problems()]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def closed_schema() -> dict[str, Any]:
    """Give the schema of a case as JSON Schema has it: objects are closed, null is left out."""
    definitions = {
        name: {"additionalProperties": False, **part} if part.get("type") == "object" else part
        for name, part in schema()["$defs"].items()
    }
    return {"$ref": f"#/$defs/{KIND}", "$defs": definitions}


def _records_problems() -> list[str]:
    validator = Draft202012Validator(closed_schema(), format_checker=_formats())
    problems = [
        f"{record['id']}: {error.json_path}: {error.message}"
        for record in generate(RECORDS, SEED)
        for error in validator.iter_errors(_without_null(record))
    ]
    lines = list(ndjson(RECORDS, SEED))
    size = mean(map(len, lines))
    if abs(size - SIZE) > SIZE / 10:
        problems.append(f"a record has {size:.0f} bytes on average, and not about {SIZE}")
    if lines != list(ndjson(RECORDS, SEED)):
        problems.append("the same seed gives other records")
    print(f"{RECORDS} records, {size:.0f} bytes on average")
    return problems


def _formats() -> FormatChecker:
    """The formats of JSON Schema, but that a date may be a month, as in records."""
    checker = FormatChecker()
    checker.checks("date", raises=ValueError)(_is_date)
    return checker


def _is_date(value: object) -> bool:
    if isinstance(value, str):
        date.fromisoformat(f"{value}-01" if len(value) == len("2009-08") else value)
    return True


def _peers_problems() -> list[str]:
    lines = list(ndjson(RECORDS, SEED))
    expected = plain(lines)()
    for rule, counts in expected.items():
        print(f"{rule}: {counts[0]} met, {counts[1]} not met, {counts[2]} not evidenced")
    problems = []
    for name, peer in PEERS.items():
        try:
            found = peer(lines)()
        except ModuleNotFoundError as missing:
            print(f"{name}: not installed ({missing.name})")
            continue
        wrong = [rule for rule in expected if found[rule] != expected[rule]]
        problems += [f"{name}: {rule}: {found[rule]} and not {expected[rule]}" for rule in wrong]
        print(f"{name}: {'differs' if wrong else 'the same'}")
    return problems


def _without_null(value: Any) -> Any:
    """Leave out what is null, which means the same as not being there."""
    if isinstance(value, dict):
        return {name: _without_null(each) for name, each in value.items() if each is not None}
    return [_without_null(each) for each in value] if isinstance(value, list) else value


if __name__ == "__main__":
    sys.exit(main())
