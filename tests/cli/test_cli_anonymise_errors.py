"""What `anonymise` says when it cannot do its work; then nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import SMALL, job, scr_audit, write_json


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_json(tmp_path / "jobs.json", [job("J1")])
    (tmp_path / "broken.json").write_text('[{"id": ')
    (tmp_path / "twice.json").write_text('{"id": "A", "loan": {"start": 1, "start": 2}}')
    (tmp_path / "twices.json").write_text('[{"id": "A", "safe": true, "safe": 1}]')
    (tmp_path / "alone.json").write_text('{"id": "999 000 0018"}')
    (tmp_path / "words.json").write_text('["a"]')
    (tmp_path / "numbered.json").write_text('[{"id": "999 000 0018"}]')
    for name, id in (("unseen", "\u200b"), ("blank", " "), ("none", None)):
        write_json(tmp_path / f"{name}.json", [job("J1"), {**job("J2"), "id": id}])
    (tmp_path / "short.txt").write_text("short\n")
    (tmp_path / "long.json").write_text("0123456789abcdef\n")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("jobs.json -o c.json --key no.txt", "no.txt: cannot be read: No such file or directory"),
        ("jobs.json -o c.json --key .", ".: cannot be read: Is a directory"),
        *((f"jobs.json -o c.json --key {name}", f"{name}: is no key; expected 64 digits 0-9 and "
           "a-f. Name the file of a key that was made before, or have a new one made")
          for name in ("short.txt", "jobs.json", "long.json")),
        ("jobs.json -o c.json --new-key short.txt", "short.txt: is there already; use it with "
         "--key short.txt"),
        ("jobs.json -o c.json --new-key no/k.txt", "no/k.txt: the key cannot be written: No such "
         "file or directory"),
        ("jobs.json -o c.json --key long.json --new-key k.txt", "--key and --new-key: name one of "
         "them"),
        ("jobs.json -o c.json --new-key c.json", "c.json: is the key; name another file"),
        ("jobs.json -o long.json --key long.json", "long.json: is the key; name another file"),
        ("jobs.json -o jobs.json", "jobs.json: is one of the files that are read; name another "
         "file"),
        ("jobs.json -o c.json --report jobs.json", "jobs.json: is one of the files that are read; "
         "name another file"),
        ("jobs.json -o no/c.json", "no/c.json: the folder no does not exist; make it, or name "
         "another place"),
        ("jobs.json -o c.txt", "c.txt: unknown format '.txt'; expected .json, .ndjson or .jsonl."),
        ("jobs.json -o c.json --report r.pdf", "r.pdf: unknown format '.pdf'; expected .json."),
        ("broken.json -o c.json", "broken.json: not JSON: Expecting value at line 1, column 9"
         "; mend it there, or take the file anew if it was cut short"),
        ("broken.json -o c.json --new-key k.txt", "broken.json: not JSON: Expecting value at line "
         "1, column 9; mend it there, or take the file anew if it was cut short"),
        ("words.json -o c.json", "words.json, /0: is not a record; nothing was written"),
        ("twice.json -o c.json", "twice.json: nothing was written\n  /loan/start: the key 'start' "
         "stands twice in one group, at characters 22 and 34 of the record; take the wrong one "
         "out"),
        ("twices.json -o c.json", "twices.json, /0: nothing was written\n  /safe: the key 'safe' "
         "stands twice in one group, at characters 13 and 27 of the record; take the wrong one "
         "out"),
        ("alone.json -o c.json", "alone.json: the id holds an identifier; with a key, a new one "
         "or one made before, ids become pseudonyms"),
        ("numbered.json -o c.json", "numbered.json, /0: the id holds an identifier; with a key, a "
         "new one or one made before, ids become pseudonyms"),
        *((f"{name}.json -o c.json --new-key k.txt", f"{name}.json, /1: has no id that can be "
           "seen, of which a pseudonym could be made; nothing was written. Give the "
           "record an id of its own") for name in ("unseen", "blank", "none")),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(folder: Path, arguments: str, message: str) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    result = scr_audit("anonymise", *arguments.split(), *SMALL, cwd=folder)
    assert (result.code, result.out, result.err) == (2, "", f"scr-audit: {message}\n")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("key", [[], ["--new-key", "k.txt"]])
def test_ids_that_are_one_or_look_alike_are_told_and_not_said(
    tmp_path: Path, key: list[str]
) -> None:
    ids = ["J1", " J1\u00a0", "j1", "J2"]
    write_json(tmp_path / "jobs.json", [job(id) for id in ids])
    result = scr_audit("anonymise", "jobs.json", "-o", "c.json", *key, *SMALL, cwd=tmp_path)
    made = [
        record["id"].strip() for record in json.loads((tmp_path / "c.json").read_text())["jobs"]
    ]
    assert made[0] == made[1]
    assert len(set(made)) == 3
    first = f"its id is{{}} that of jobs.json, /0, which became the record {made[0]}"
    assert result.code == 0
    assert result.err.splitlines()[:2] == [
        f"may be there twice: jobs.json, /1 (record {made[1]}): {first.format('')}, too; a run "
        "judges only the first. Keep one of them, or give each an id of its own, and anonymise "
        "them again",
        f"may be there twice: jobs.json, /2 (record {made[2]}): {first.format(' easily taken for')}"
        "; they stay two records. If they are one, give both the same id, and anonymise them again",
    ]
