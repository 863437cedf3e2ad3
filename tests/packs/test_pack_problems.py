"""Mistakes in pack.yaml, recommendations.yaml and settings: each at its place, in words."""

from pathlib import Path

import pytest
from small_pack import SMALL_PACK, located, pack_files, problems_of, rule_file, write_pack

from scr_audit.errors import InputError, PackError
from scr_audit.language.rule import ParameterValue
from scr_audit.mappings.mapping_loader import check_mappings, mapping_files
from scr_audit.packs.load import load_folder

FILE = "pack.yaml"
RULES = rule_file("require: {booked: booked_on is recorded}")
KEYS = (
    "calendar, define, extends, gathered, id, kinds, licence, parameters, source, time_zone, title "
    "and version"
)
SMALL = "expected small letters, digits and"
VALUE = "expected true or false, a whole number, a number, a text or a list, found"
ORDER = "values stand in the order of their 'from', and only the first may lack it"
DAY = "expected a whole date such as 2010-03-01"
QUOTES = "write it in quotes"
PACK = [
    (
        "licence: MIT",
        "licence: MIT\nlicense: MIT",
        (9, 1),
        f"unknown key 'license'. Did you mean 'licence'? Allowed: {KEYS}.",
    ),
    ("licence: MIT\n", "", (2, 1), "the key 'licence' is missing here"),
    ("  title: Workshop handbook\n", "", (5, 1), "the key 'title' is missing here"),
    ("licence: MIT", "licence: MIT\nid: x", (9, 1), "'id' stands twice in the same place; first at "
     "line 2"),
    ("title: A bicycle", "title: [A]\n#", (4, 8), "expected a text, found [A]"),
    ("version: 1.2.3", "version: 1.2", (3, 10), f"expected a text, found 1.2; {QUOTES}"),
    ("version: 1.2.3", "version: true", (3, 10), f"expected a text, found true; {QUOTES}"),
    ("version: 1.2.3", "version:", (3, 9), "expected a text, found nothing"),
    ("version: 1.2.3", "version: v1", (3, 10), "expected three numbers such as 1.2.0, found 'v1'"),
    ("id: bicycle", "id: Bicycle", (2, 5), f"{SMALL} single hyphens, a letter first, found "
     "'Bicycle-workshop'"),
    ("  job: jobs", "  Job: jobs", (10, 3), f"{SMALL} _, a letter first, found 'Job'"),
    ("  job: jobs", "  job: [jobs]", (10, 8), "expected a text, found [jobs]"),
    ("  depot: depots", "  depot: jobs", (11, 10), "'jobs' is already the list of 'job'; each kind "
     "has its own"),
    ("kinds:\n  job: jobs\n  depot: depots", "kinds: {}", (9, 8), "expected at least one entry"),
    ("kinds:\n  job: jobs\n  depot: depots", "kinds: [job]", (9, 8), "expected a mapping of keys "
     "to values, found [job]"),
    ("- value: 10", "- value: {a: 1}", (17, 16), f"{VALUE} {{a: 1}}"),
    ("- value: 10", "- value:", (17, 15), f"{VALUE} nothing"),
    ("- value: 10", "- value: [1]", (17, 17), f"expected a text, found 1; {QUOTES}"),
    ("- value: 10", "- 10", (17, 9), "expected a mapping of keys to values, found 10"),
    ("- value: 10", "- {value: 10, form: x}", (17, 21), "unknown key 'form'. Did you mean 'from'? "
     "Allowed: from and value."),
    ("values:\n      - value: 10", "values: []", (16, 13), "expected at least one entry"),
    ("values:\n      - value: 10", "values: 10", (16, 13), "expected a list, found 10"),
    ('from: "2024-07-01"', 'from: "2023-07-01"', (25, 9), ORDER),
    ('from: "2024-07-01"', 'from: "2024-01-01"', (25, 9), ORDER),
    ('\n        from: "2024-07-01"', "", (25, 9), ORDER),
    ('from: "2024-07-01"', "from: 2024-07", (26, 15), DAY),
    ('from: "2024-07-01"', "from: soon", (26, 15), DAY),
    ('from: "2024-07-01"', "from: 2024", (26, 15), f"expected a text, found 2024; {QUOTES}"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "at", "message"), PACK, ids=[new.strip()[:40] for _, new, *_ in PACK]
)
def test_a_mistake_in_a_pack_is_at_its_place(
    tmp_path: Path, old: str, new: str, at: tuple[int, int], message: str
) -> None:
    text = pack_files()[FILE].replace(old, new, 1)
    assert problems_of(tmp_path, {FILE: text}) == located(FILE, text, at, message)


def test_a_long_value_is_cut_in_the_message(tmp_path: Path) -> None:
    text = pack_files()[FILE].replace("id: bicycle-workshop", f"id: {'Ab' * 50}")
    message = f"{SMALL} single hyphens, a letter first, found '{('Ab' * 50)[:59]}…'"
    assert problems_of(tmp_path, {FILE: text}) == located(FILE, text, (2, 5), message)


def test_the_values_of_a_parameter_are_of_one_type(tmp_path: Path) -> None:
    text = pack_files()[FILE].replace("- value: 3\n", "- value: soon\n")
    rules = {"rules/1.yaml": RULES}
    expected = located(FILE, text, (23, 7), "all values of a parameter are of one type")
    assert problems_of(tmp_path, {FILE: text, **rules}) == expected
    mixed = pack_files()[FILE].replace("- value: 3\n", "- value: 3.5\n")
    assert load_folder(write_pack(tmp_path, {FILE: mixed, **rules})).parameters


def test_no_parameter_is_called_as_of(tmp_path: Path) -> None:
    text = pack_files()[FILE].replace("most_days:", "as_of:")
    message = "'as_of' is taken: it is the day that the audit is run for"
    found = problems_of(tmp_path, {FILE: text, "rules/1.yaml": RULES})
    assert found == located(FILE, text, (13, 3), message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a mapping of keys to values, found nothing"),
        ("- a\n", "expected a mapping of keys to values, found [a]"),
        ("a\n", "expected a mapping of keys to values, found 'a'"),
    ],
)
def test_a_pack_file_is_a_mapping(tmp_path: Path, text: str, message: str) -> None:
    assert problems_of(tmp_path, {FILE: text}).splitlines()[0] == f"pack.yaml:1:1: {message}"


def test_a_pack_that_is_not_yaml_is_refused_with_all_other_files(tmp_path: Path) -> None:
    found = problems_of(tmp_path, {FILE: "a: [\n", "recommendations.yaml": "a: 1\n"})
    assert found.splitlines() == [
        "pack.yaml:2:1: not readable as YAML: did not find expected node content",
        "recommendations.yaml:1:1: the key 'recommendations' is missing here",
        "    a: 1",
        "    ^",
        "recommendations.yaml:1:1: unknown key 'a'. "
        "Allowed: narrative, recommendations and themes.",
        "    a: 1",
        "    ^",
    ]


def test_all_problems_of_all_files_are_in_order_of_place(tmp_path: Path) -> None:
    files = pack_files()
    found = problems_of(
        tmp_path,
        {
            FILE: files[FILE].replace('from: "2024-07-01"', "from: soon"),
            "records.yaml": files["records.yaml"].replace("minimum: 0}", "minimum: a}"),
            "rules/b.yaml": files["rules/2-jobs.yaml"].replace("depot\n", "depo\n"),
            "rules/a.yaml": files["rules/1-parts.yaml"].replace("part.worn", "part.wornn"),
            "rules/c.yaml": "a: [\n",
        },
    )
    assert [line for line in found.splitlines() if not line.startswith("    ")] == [
        f"pack.yaml:26:15: {DAY}",
        "records.yaml:18:38: 'minimum' is a number here; found 'a'",
        "rules/a.yaml:9:24: unknown fact 'wornn' of part. Did you mean 'worn'?",
        "rules/b.yaml:12:13: there is no record kind 'depo'. Did you mean 'depot'? "
        "Kinds: job and depot.",
        "rules/c.yaml:2:1: not readable as YAML: did not find expected node content",
    ]


SETTINGS = "parameters:\n  most_days:\n    - value: 14\n"


def with_settings(folder: Path, text: str) -> str:
    """What is wrong with the small pack under a settings file."""
    path = folder / "settings.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load_folder(SMALL_PACK, settings=path)
    return str(caught.value).replace(f"{folder}/", "").replace(f"{SMALL_PACK}/", "")


def test_settings_replace_all_values_of_a_parameter(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(SETTINGS, encoding="utf-8")
    pack = load_folder(SMALL_PACK, settings=path)
    changed = pack.parameters["most_days"]
    assert changed.values == (ParameterValue(14),)
    assert (changed.overridden, changed.title) == (True, "Days from booking to return")
    assert [p.overridden for p in pack.parameters.values()] == [True, False, False]
    assert pack.settings == str(path)
    assert pack.sha256 == load_folder(SMALL_PACK).sha256


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            SETTINGS.replace("most_days", "mostdays"),
            "settings.yaml:2:3: unknown parameter 'mostdays'. Did you mean 'most_days'?\n"
            "      mostdays:\n      ^",
        ),
        (
            SETTINGS.replace("parameters", "params"),
            "settings.yaml:1:1: unknown key 'params'. Did you mean 'parameters'? "
            "Allowed: parameters.\n    params:\n    ^",
        ),
        (
            "parameters: {most_days: []}",
            "settings.yaml:1:25: expected at least one entry\n"
            "    parameters: {most_days: []}\n                            ^",
        ),
        (
            SETTINGS.replace("14", "soon"),
            "rules/2-jobs.yaml:7:35: parameter 'most_days' has the value soon; "
            "expected a whole number from 0 to 36500\n"
            "          in_time: returned_on within {most_days} days after booked_on\n"
            f"    {' ' * 34}^",
        ),
        (
            "a: [",
            "settings.yaml:2:1: not readable as YAML: did not find expected node content",
        ),
    ],
    ids=["parameter", "key", "no values", "type", "not YAML"],
)
def test_a_mistake_in_settings_is_at_its_place(tmp_path: Path, text: str, expected: str) -> None:
    assert with_settings(tmp_path, text) == expected


def test_settings_that_are_not_there_are_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    with pytest.raises(InputError) as caught:
        load_folder(SMALL_PACK, settings=path)
    assert str(caught.value) == f"{path}: cannot be read: No such file or directory"


def test_a_folder_without_the_files_of_a_pack_is_an_input_error(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", {})
    expected = {
        tmp_path / "none": "there is no such folder with pack.yaml, records.yaml and rules/",
        pack
        / FILE: "is a file; a pack is a folder with pack.yaml, records.yaml and rules/, and the "
        "name of a compiled one ends in .pack",
        tmp_path: "the pack has no rule files (rules/*.yaml)",
    }
    for name in (FILE, "records.yaml"):
        (tmp_path / name).write_text("", encoding="utf-8")
    for folder, message in expected.items():
        with pytest.raises(InputError) as caught:
            load_folder(folder)
        assert str(caught.value) == f"{folder}: {message}"
    (tmp_path / FILE).unlink()
    with pytest.raises(InputError) as caught:
        load_folder(tmp_path)
    assert str(caught.value) == f"{tmp_path}: not a pack: pack.yaml is missing in it"


def test_a_rule_file_by_another_ending_is_not_passed_over(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, {})
    (folder / "rules" / "3-more.yml").write_text("rules: []\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_folder(folder)
    assert str(caught.value) == (
        f"{folder}/rules/3-more.yml: is not read; the name of a rule file ends in .yaml"
    )


@pytest.mark.parametrize("name", ["~$1.yaml", "~$1.yml", "._1.yaml", ".#1.yaml", ".~lock.1.yml"])
def test_what_programs_leave_in_a_pack_is_passed_over(tmp_path: Path, name: str) -> None:
    folder = write_pack(tmp_path, {})
    before = load_folder(folder).sha256
    (folder / "imports").mkdir()
    for inner in ("rules", "imports"):
        (folder / inner / name).write_bytes(b"\0 no rule")
    pack = load_folder(folder)
    assert pack.sha256 == before
    assert (mapping_files(pack), check_mappings(pack)) == ({}, ())


def test_a_recommendation_listed_twice_names_the_first_place(tmp_path: Path) -> None:
    name = "recommendations.yaml"
    text = pack_files()[name] + '  - {id: "1.1", title: Once more}\n'
    message = f"'1.1' is already listed at {name}:4:10"
    assert problems_of(tmp_path, {name: text}) == located(name, text, (7, 10), message)


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("rules: []\n", (1, 8), "expected at least one entry"),
        ("rules:\n", (1, 7), "expected a list, found nothing"),
    ],
)
def test_a_file_of_no_rules_checks_nothing_and_is_refused(
    tmp_path: Path, text: str, at: tuple[int, int], message: str
) -> None:
    found = problems_of(tmp_path, {"rules/1.yaml": text})
    assert found == located("rules/1.yaml", text, at, message)
