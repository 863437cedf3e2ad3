"""`x-same-by`: which facts tell that two items are the same thing, and what it may not name."""

from pathlib import Path

import pytest
from small_pack import pack_files, problems_of, write_pack

from scr_audit.packs.load import load_folder

FILE = "records.yaml"


def with_same_by(value: str) -> dict[str, str]:
    text = pack_files()[FILE].replace(
        "  part:\n    type: object\n", f"  part:\n    type: object\n    x-same-by: {value}\n"
    )
    return {FILE: text}


def test_the_facts_are_kept_by_their_steps(tmp_path: Path) -> None:
    pack = load_folder(write_pack(tmp_path, with_same_by("[name, fitted_on]")))
    item = pack.kinds["job"].type.fields["parts"].type.item
    assert item is not None
    assert item.same_by == (("name",), ("fitted_on",))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("[nmae]", "there is no fact 'nmae' here. Did you mean 'name'?"),
        ("[true]", "expected the name of a fact, found true"),
        ("[checks]", "'checks' is a list; name a single fact"),
        ("name", "'x-same-by' is a list of facts, such as [date, type]"),
    ],
)
def test_other_names_are_refused_with_their_place(tmp_path: Path, value: str, said: str) -> None:
    [first, *_] = problems_of(tmp_path, with_same_by(value)).splitlines()
    assert first.startswith("records.yaml:")
    assert first.endswith(said)
