"""`check` on the terminal tells of a pack's mapping files, too."""

from __future__ import annotations

from pathlib import Path

from command_line import scr_audit
from small_pack import RULE_FILE, located, rule_file, write_pack

GOOD = """
require: {it: paid}
examples:
  - {name: paid, expect: met, given: {paid: true}}
  - {name: unpaid, expect: not_met, given: {paid: false}}
  - {name: silent, expect: not_evidenced, given: {}}
"""
MAPPING = """\
id: till
version: 1.0.0
title: The till of the workshop
source: {title: A format}
format: json
kind: job
record: job
elements:
  number: {fact: id, as: pseudonym, prefix: J}
  wheels: {fact: wheels, as: number}
"""
WRONG = MAPPING.replace("fact: wheels, as: number", "fact: weels, as: numbr")
NO_FACT = "there is no fact 'weels'. Did you mean 'wheels'?"


def workshop(folder: Path, **mappings: str) -> Path:
    files = {f"imports/{name}.yaml": text for name, text in mappings.items()}
    return write_pack(folder, {RULE_FILE: rule_file(GOOD), **files})


def test_a_mapping_without_a_mistake_is_counted(tmp_path: Path) -> None:
    workshop(tmp_path / "shop", till=MAPPING)
    done = scr_audit("check", "shop", "--no-mutations", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out == "bicycle-workshop 1.2.3: 1 rules, 3 examples; 1 mapping\n"


def test_every_mistake_of_every_mapping_is_told_at_its_place(tmp_path: Path) -> None:
    workshop(tmp_path / "shop", books=WRONG, spare=MAPPING, till=f"{WRONG}  Other: {{}}\n")
    done = scr_audit("check", "shop", "--no-mutations", cwd=tmp_path)
    assert done.code == 2
    assert done.out == "bicycle-workshop 1.2.3: 1 rules, 3 examples; 3 mappings, 2 wrong\n"
    assert done.err.startswith(located("shop/imports/books.yaml", WRONG, (10, 18), NO_FACT))
    told_at = [line.partition(": ")[0] for line in done.err.splitlines() if line[0] != " "]
    assert told_at == [
        "shop/imports/books.yaml:10:18",
        "shop/imports/books.yaml:10:29",
        "shop/imports/till.yaml:10:18",
        "shop/imports/till.yaml:10:29",
        "shop/imports/till.yaml:11:10",
    ]
