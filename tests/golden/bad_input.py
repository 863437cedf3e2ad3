"""Commands over bad and rare input, in this order, and the files that they read.

`shop` is the small pack. What the commands write stays, and later ones read it.
"""

from __future__ import annotations

import json
from typing import Any

_BELL = {"name": "bell", "worn": True, "recalled": False, "fitted_on": "2026-05-04"}
_JOBS: list[dict[str, Any]] = [
    {"id": f"J{n}", "paid": n != 3, "model": "city" if n % 2 else "cargo", "safe": n % 3 > 0,
     "booked_on": "2026-05-01", "returned_on": f"2026-05-{n + 8:02}",
     "parts": [{**_BELL, "fitted": n % 4 > 0, "checks": [{"passed": True, "on": "2026-05-05"}]}]}
    for n in range(1, 9)
]  # fmt: skip
_MONTHS = [f"{2025 + n // 12}-{n % 12 + 1:02}" for n in range(14)]  # enough for signals
_WRONG: dict[str, Any] = {
    "safe": "perhaps", "wheels": 9, "price": -1, "model": "boat", "booked_on": "soon",
    "returned_on": "1905-06-27", "opened_at": "2026-05-04", "closed_at": "2026-05-04T25:00",
    "labels": "a", "tools": ["pump", "saw"], "loan": [], "parts": [{"fitted": 1}, 3], "brake": True,
}  # fmt: skip
_PERSON = {"customer": "Mrs Mockley", "labels": ["born 4 May 2015", "999 000 0018", "AB1 2CD"],
           "extra": {"mail": "a.person@example.org", "phone": "01632 960123"}}  # fmt: skip
_PLAN = """\
id: quick
title: Quick look
question: Are parts fitted?
pack: bicycle-workshop
period: {dates: {parts: fitted_on}}
"""
_EXCEPTION = """\
exceptions:
  - {rule: part-fitted, record: J4, unit: {name: bell}, reason: No bell is to be had,
     by_role: foreman, from: 2026-01-01, until: 2026-12-31}
"""
_RUN = {"format": "scr-audit/run", "format_version": "9.0"}


def _jobs(*records: Any) -> str:
    return json.dumps({"jobs": records})


def _rising(fitted: int, month: str) -> str:
    """Thirty jobs of a month, of which so many are as they should be."""
    bell = {**_BELL, "fitted_on": f"{month}-02"}
    return _jobs(*({"id": f"{month}-{n}", "parts": [{**bell, "fitted": n < fitted}]}
                   for n in range(30)))  # fmt: skip


FILES: dict[str, str | bytes] = {
    **{f"{month}.json": _rising(8 + place, month) for place, month in enumerate(_MONTHS)},
    "jobs.json": _jobs(*_JOBS),
    "some.json": _jobs(*_JOBS[:5]),
    "second.json": _jobs(*({**job, "safe": True, "wheels": 2} for job in _JOBS[2:])),
    "wrong.json": _jobs(*({"id": f"J{n}", name: wrong}
                          for n, (name, wrong) in enumerate(_WRONG.items()))),
    "odd.json": _jobs(3, {}, {"id": ""}, {"id": 4}, {"id": "a b"}, {"id": "J1"}, {"id": "j1"},
                      {"id": "J1"}, {"id": "J-1"}, {"id": "J5", "kind": "boat"},
                      {"id": "J6", "booked_on": "2099-01-01", "returned_on": "1900-01-01"}),
    "person.json": _jobs({"id": "J1", **_PERSON}, {"id": "J2"}),
    "list.json": json.dumps(_JOBS[:2]),
    "other.json": '{"boats": []}',
    "apart.json": _jobs({"id": "K1"}),
    "sum.json": '{"jobs": {"A": 1}}',
    "lines.json": '{"id": "A"}\n{"id": "B"}\n',
    "cut.json.gz": b"\x1f\x8b\x08" + bytes(9),
    "none.json": '{"jobs": []}',
    "text.json": '"jobs"',
    "empty.json": "",
    "blank.ndjson": "\n",
    "cut.json": '[{"id": "A"}',
    "twice.json": '[{"id": "A", "safe": true, "safe": false}]',
    "nan.json": '[{"id": "A", "price": NaN}]',
    "large.json": '[{"id": "A", "price": 1e999, "wheels": 123456789012345678901234567890}]',
    "half.json": '[{"id": "A", "customer": "\\ud800"}]',
    "deep.json": "[" * 500 + "]" * 500,
    "deep-api.json": json.dumps([{"la_child_id": "A", "x": json.loads("[" * 90 + "]" * 90)}]),
    "latin.json": '[{"id": "A", "customer": "Café"}]'.encode("cp1252"),
    "lines.ndjson": '{"id": "A"}\nnot JSON\n[1]\n{"id": "B", "kind": "depot", "name": "x"}\n',
    "records.yaml": "jobs: []\n",
    "no.parquet": "PAR1",
    "no.xlsx": "not a workbook",
    "old.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64),
    "zip.xlsx": b"PK\x05\x06" + bytes(18),
    "no.docx": "not a document",
    "no.sqlite": "not a store",
    "plan.yaml": _PLAN,
    "plan-wrong.yaml": f"{_PLAN}rules: [part-fited]\nrecords: {{kind: boat}}\ncompare: x\n",
    "plan-none.yaml": f"{_PLAN}records: {{kind: job, where: wheels at least 4}}\n",
    "plan-boat.yaml": _PLAN.replace("workshop", "boats"),
    "settings.yaml": "parameters: {most_days: [{value: 3}]}\n",
    "settings-deep.yaml": "parameters: " + "[" * 50 + "]" * 50 + "\n",
    "settings-wrong.yaml": "parameters: {mots_days: [{value: 5}], most_days: [{value: soon}]}\n",
    "approved.yaml": _EXCEPTION,
    "approved-wrong.yaml": _EXCEPTION.replace("part-fitted", "part-fited").replace("2026-12", "x")
    + "  - {rule: back-in-time, record: J1, unit: {name: x}, reason: '', by_role: x,\n"
      "     from: 2026-05-01, until: 2026-04-01}\n"
      "  - {rule: part-fitted, record: J1, unit: {nam: x}, reason: x, by_role: Mrs Mockley}\n",
    "decisions-wrong.yaml": "decisions: [{record: J1, take: 3}]\nnobody: 1\n",
    "key": "0123456789abcdef" * 4,
    "short.key": "abc",
    "not-run.json": json.dumps({"format": "scr-audit/run"}),
    "new-run.json": json.dumps(_RUN),
    "board.json": json.dumps({"format": "scr-audit/board"}),
    "actions.json": json.dumps({"actions": [{"id": "P1", "task": "send a letter"}]}),
    "actions-wrong.json": json.dumps({"actions": [{"id": "P 1", "task": 3}, {"id": "A1"}]}),
    "api.json": json.dumps([{"la_child_id": "A", "purge": True}, {"x": 1}, "text"]),
    "census.xml": "<Message><Children><Child></Children></Message>",
    "mapping.yaml": "id: small\nversion: 1.0.0\ntitle: T\nsource: {title: A}\nformat: csv\n",
    "house/run.md.j2": "{{ nothing.at.all",
    "empty-house/x.txt": "",
    "untidy/1.yaml": "rules:\n    -   title: A\n        id:   a\n",
    "untidy/2.yaml": "rules: [",
    "full/file.txt": "x",
    "full.html/file.txt": "x",
    "two.csv": "id,safe\nJ1,yes\n",
    "tables/jobs.csv": "id,safe,wheels,booked_on\nJ1,yes,9,soon\nJ1,maybe,two,04/05/2026\n,no,1,\n",
    "tables/parts.csv": "record,name\nJ1,bell\nJ9,bell\n,\n",
    "tables/boats.csv": "id\nB1\n",
}  # fmt: skip

_SHOP, _STORE, _ROLE = "-p shop", "--store a.sqlite", "--by-role lead"
_OFFICE = f"{_STORE} -p baby-f-2010"
USUAL = {
    "try 'conferences is recorded'": "",  # of no named pack
    "exceptions add": f"{_SHOP} {_ROLE} --records jobs.json --reason x --from 2026-01-01 "
                      "--until 2026-12-31",
    **dict.fromkeys(("actions add", "actions update", "actions import"), f"{_OFFICE} {_ROLE}"),
    **dict.fromkeys(("actions export", "actions records"), _OFFICE),
    **dict.fromkeys(("actions list", "actions show", "actions check", "actions judge"), _STORE),
    **dict.fromkeys(("history add", "history list", "history export", "trend"),
                    "--store runs.sqlite"),
    "sample": f"{_SHOP} --audit plan.yaml --seed one",
    **dict.fromkeys(("run", "explain", "try", "redraw", "merge", "agree", "moderate", "anonymise",
                     "form new", "form read"), _SHOP),
}  # fmt: skip
"""The options that a command is given too, before those of its line, which win."""

COMMANDS = """\

rnu
--version
run --fail-on
run --fail-on hihg jobs.json
run jobs.json --qiet
run jobs.json --as-of 20261124
run jobs.json --as-of 1989-12-31
run jobs.json --as-of 2026-02-30
run jobs.json -p
run missing.json
run full
run jobs.json jobs.json
run - -
run -
run jobs.json -o x.jsn
run jobs.json -o -
run jobs.json -o nowhere/x.json
run jobs.json -o full
run jobs.json -o full.html
run jobs.json -o jobs.json
run jobs.json -o x.json -o x.json
run jobs.json -o x.html --templates none
run jobs.json -o x.html --templates empty-house
run jobs.json -o x.md --templates house
run jobs.json -o x.docx --template no.docx
run jobs.json -o x.html --template no.docx
run jobs.json --jobs 2
run jobs.json --totals-only -o x.ndjson
run jobs.json --edition board -o x.ndjson
run jobs.json --edition public --totals-only -o x.html
run jobs.json --edition public -o x.html
run jobs.json --audit plan.yaml --period spring
run jobs.json --audit plan.yaml --period 2026Q2 -q --keep --store runs.sqlite -o then.json
run some.json --audit plan.yaml --period 2026Q2 -q -o now.json
run jobs.json --audit plan.yaml --period 2027Q2
run jobs.json --audit plan.yaml --period 2025Q2
run jobs.json --audit plan.yaml --period 2026Q2 --as-of 2026-06-01
run jobs.json --period 2026Q2
run jobs.json --sample jobs.json
run jobs.json --earlier jobs.json
run jobs.json --earlier then.json
run jobs.json --moderated-from some.json
run jobs.json --actions runs.sqlite
run jobs.json --require-k 3
run jobs.json --store .
run jobs.json --store no.sqlite
run jobs.json --store nowhere/h.sqlite
run jobs.json --settings settings.yaml --fail-on low
run jobs.json --settings settings-wrong.yaml
run jobs.json --settings settings-deep.yaml
run jobs.json --settings missing.yaml
run jobs.json --audit plan-wrong.yaml
run jobs.json --audit plan-none.yaml
run jobs.json --audit plan-boat.yaml
run jobs.json --audit quik
run jobs.json --exceptions approved.yaml
run jobs.json --exceptions approved-wrong.yaml
run jobs.json -p baby-f-201
run jobs.json -p ./nope
run jobs.json -p jobs.json
run jobs.json -p full
run wrong.json
run odd.json
run person.json
run person.json --allow-identifiable agreed
run list.json -q
run other.json
run none.json
run text.json
run empty.json
run blank.ndjson
run cut.json
run twice.json
run nan.json
run large.json
run half.json
run deep.json
run latin.json
run lines.ndjson
run records.yaml
run no.parquet
run no.xlsx
run old.xlsx
run zip.xlsx
run two.csv
run tables
run tables/jobs.csv
run untidy
run shop/../jobs.json -o tables/x.csv
run tables -o tables/x.csv
run '*.nothing'
run jobs.json --store x.json -o x.json
run now.json
run sum.json
run lines.json
run cut.json.gz
check shop -p shop
check plan.yaml -p shop --rule part-fitted
check nothing
check shop --rule part-fited
check shop --no-mutations --strict
check plan.yaml -p shop
check plan-wrong.yaml -p shop
check quick -p shop -o x.pdf
check untidy
format untidy --check
format untidy/1.yaml --check
format untidy/1.yaml
format untidy --check shop
format shop
format jobs.json
explain depot-open jobs.json
explain part-fited
explain part-fitted -r J1
explain part-fitted jobs.json -r J99
explain part-fitted jobs.json -r J4 --conditions
explain part-checked jobs.json --conditions --source
explain back-in-time jobs.json --settings settings.yaml
explain part-fitted jobs.json --exceptions approved.yaml
explain back-in-time wrong.json
try 'wheels >= 3' jobs.json
try 'paid' jobs.json
try 'part.fitted' jobs.json --for-each 'parts as part'
try 'part.fitted' jobs.json --for-each 'partz as part'
try '{some: parts as part, that: part.fitted}' jobs.json
try 'returned_on within {most_days} days after booked_on' jobs.json
try 'booked_on after closed_at' odd.json
try 'Mrs Mockley is recorded' jobs.json
try '[paid' jobs.json
try 'open' jobs.json --kind depo
list -p shop
try paid none.json
try 'conferences is recorded' none.json
try 'gp_invited' jobs.json -p baby-f-2010
list shop --json
list shop --coverage
list shop --pack shop
list --packs --audits
sentences shop
sentences -p full
schema record -p shop --kind depot
schema record -p shop --kind depo
schema recrd
init full
init key
init start/again
sample jobs.json -o drawn.json --size 3 --reserve 1
sample jobs.json -o x.json
sample jobs.json -o x.json --size 99
sample jobs.json -o x.json --size 3 --precision 10
sample jobs.json -o x.json --expect 0.7
sample jobs.json -o x.json --size 3 --confidence 99
sample jobs.json -o x.json --precision 10 --expect 7
sample jobs.json -o x.json --size 1 --strata model
sample jobs.json -o x.json --size 3 --strata modle
sample jobs.json -o x.json --size 3 --strata parts
sample jobs.json -o x.json --size 3 --period 2025
sample jobs.json --seed '' -o x.json --size 3
sample jobs.json -o x.csv --size 3
sample jobs.json -o x.json -o y.csv --size 3
sample jobs.json -o x.json --size 3 --previous drawn.json
sample jobs.json -o next.json --size 3 --previous drawn.json --not-again-within '12 months'
sample jobs.json -o x.json --size 3 --not-again-within soon
sample jobs.json --audit plan-none.yaml -o x.json --size 3
sample odd.json -o x.json --size 3
sample - -o x.json -o y.ndjson --size 3
redraw drawn.json jobs.json --audit plan.yaml
redraw drawn.json some.json --audit plan.yaml
redraw drawn.json second.json --audit plan-none.yaml
redraw next.json jobs.json --audit plan.yaml
redraw jobs.json jobs.json
replace drawn.json J99 --reason lost --by-role lead
replace drawn.json J1 --reason lost --by-role lead -o x.json
replace drawn.json J2 --reason lost --by-role lead -o x.json
replace drawn.json J3 --reason lost --by-role lead -o x.json
replace drawn.json J6 --reason lost --by-role 'Mrs Mockley'
replace drawn.json J7 --reason lost --by-role lead --on 2020-01-01
run second.json --audit plan.yaml --sample drawn.json
run jobs.json --audit plan.yaml --sample drawn.json -q -o drawn-run.json -o drawn-run.md
merge jobs.json -o m.json
merge jobs.json second.json -o m.json
merge jobs.json second.json -o m.json --decisions merge.yaml
merge jobs.json second.json -o m.json --decisions merge.yaml
merge jobs.json second.json -o m.json --decisions decisions-wrong.yaml
merge jobs.json wrong.json -o m.json
merge jobs.json jobs.json -o m.csv
merge person.json jobs.json -o m.json
agree some.json apart.json
agree jobs.json none.json
agree jobs.json second.json
agree some.json odd.json
agree jobs.json second.json -o x.pdf
agree - -
moderate jobs.json some.json -o m.json --decisions m.yaml
moderate some.json second.json -o m.json --decisions m.yaml
moderate second.json second.json -o m.json --decisions same.yaml
moderate second.json second.json -o m.json --decisions decisions-wrong.yaml
moderate list.json some.json -o m.json --decisions m.yaml --leave-undecided
moderate wrong.json wrong.json -o m.json --decisions m.yaml
exceptions add e.yaml --rule part-fitted -r J4
exceptions add e.yaml --rule part-fitted -r J4 --unit name=bell
exceptions add e.yaml --rule part-fitted -r J4 --unit name=fork
exceptions add e.yaml --rule part-fitted -r J4 --unit nam=bell
exceptions add e.yaml --rule part-fitted -r J4 --unit bell
exceptions add e.yaml --rule part-fitted -r J4 --unit /parts/7
exceptions add e.yaml --rule part-fited -r J4
exceptions add e.yaml --rule part-fitted -r J99
exceptions add e.yaml --rule back-in-time -r J4 --until 2025-12-31
exceptions add e.yaml --rule back-in-time -r J4 --unit name=x
exceptions add e.yaml --rule back-in-time -r J4 --reason 'Mrs Mockley'
exceptions add key --rule back-in-time -r J4
form new -o form.xlsx
form new -o form.xlsx
form read form.xlsx form.xlsx
form new -o form.csv
form new -o x.xlsx --kind depo
form new -o x.xlsx --rows 900
form new -o x.xlsx --prefill jobs.json
form new -o key/forms --prefill jobs.json
form new -o forms/ --prefill none.json
form read form.xlsx
form read form.xlsx -p baby-f-2010
form read form.xlsx -p baby-f-2010 --migrate
form read no.xlsx old.xlsx zip.xlsx
form read jobs.json
form read two.csv
form read form.xlsx -o x.csv
import missing.xml -o x.json --key key
import census.xml -o x.json --key key
import census.xml -o x.json --key census.xml
import census.xml -o x.json
anonymise person.json -o key --key key
import census.xml -o census.xml --key key
import census.xml -o x.json --key short.key
import census.xml -o x.json --key key --mapping nothing
import census.xml -o x.json --key key --mapping mapping.yaml
import - -o x.json --key key
import empty.json -o x.json --key key
import cut.json -o x.json --key key
import deep.json -o x.json --key key
import deep-api.json -o x.json --key key
import half.json -o x.json --key key
import api.json -o x.json --key key
import api.json -o x.csv --key key
import jobs.json -o x.json --key census.xml
anonymise person.json -o clean.json --key key --report fixes.json
anonymise person.json -o x.json --key short.key
anonymise person.json -o x.json --key key --new-key new.key
anonymise person.json -o x.json --new-key key
anonymise person.json -o x.json
anonymise person.json -o person.json
anonymise person.json -o x.csv
anonymise odd.json -o x.json --key key
anonymise cut.json -o x.json
anonymise tables -o x.json
{TREND}
trend --store trend.sqlite -o rising.md -o rising.json
run jobs.json --totals-only -q -o sums.json
history add sums.json --store more.sqlite
history list --store 'postgresql://['
history list --store missing.sqlite
history list --store .
history list --store no.sqlite
history list
history add now.json --detail facts
history add now.json
history add then.json now.json --store more.sqlite --detail totals --period 2026Q1
history add jobs.json
history add not-run.json
history add new-run.json
history add board.json
history add cut.json
history add runs.sqlite
history add now.json --period spring
history add now.json --store mysql://x/y
history add now.json --store jobs.json
history export last -o exported.json
history export last~1 -o exported-first.json
history export last~9 -o x.json
history export f00ba4 -o x.json
history export abc -o x.json
history export last -o x.csv
history export last --store more.sqlite -o totals.json
compare then.json now.json
compare now.json then.json -o changes.md
compare then.json totals.json -o x.pdf
compare then.json totals.json
compare then.json drawn-run.json
compare then.json jobs.json
compare last~1 last --store runs.sqlite
compare last last --store missing.sqlite
compare then.json now.json --records jobs.json
compare then.json now.json --records none.json -p shop
compare then.json now.json --records jobs.json -p shop --audit plan.yaml -o again.json
compare then.json now.json --records jobs.json -p shop --audit plan.yaml --settings settings.yaml
compare then.json now.json -p shop
trend
trend --without f00ba4
trend --rule part-fited
trend --plan other
trend --by run -o trend.md
trend --store more.sqlite --pack other
trend --store missing.sqlite
trend -o x.pdf
actions list
actions add --task 'send letters' --recommendation 5.7 --shown-by gp-invited --target 90 --in 2027Q1
actions add --task improve
actions add
actions add --id 'two words' --task x
actions add --id A1 --task x
actions add --task ' '
actions add --task x --recommendation 5.99
actions add --shown-by gp-invite --target 9 --in 2027Q1
actions add --shown-by gp-invited
actions add --shown-by gp-invited --target 9 --in x
actions add --shown-by gp-invited --target 0 --in 2027Q1
actions add --task x --due 2199-12-31
actions add --task x --due soon
actions add --fact task=x
actions add --fact specifc=yes
actions add --fact specific
actions add --fact outcome_named=maybe
actions add --by-role 'Mrs Mockley' --task x
actions add -p shop --task x
actions update A1
actions update A9 --note x
actions update A1 --close
actions update A1 --close --reopen
actions update A1 --reopen
actions update A1 --evidence letters
actions update A1 --evidence letters --seen-by-role chair --on 2026-11-02
actions update A1 --note x --seen 1
actions update A1 --superseded-by A1
actions update A1 --superseded-by A9
actions update A1 --target 95 --close
actions update A1 --close
actions update A1 --task other
actions add --fact specific
actions update A1 --seen-by-role chair
actions add --task 'a​b'
actions list --overdue --status closed
actions list -o x.pdf
actions show A9
actions show A1
actions check A9
actions judge then.json
actions judge last
actions export -o plan.xlsx
actions export -o plan.csv
actions records -o acts.csv
actions import plan.xlsx
actions import no.xlsx
actions import form.xlsx
actions import two.csv
actions import actions-wrong.json
actions import actions.json
actions import actions.json
actions update A2 --superseded-by A1
""".replace("{TREND}", "\n".join(
    f"run {month}.json --audit plan.yaml --period {month} -q --store trend.sqlite"
    for month in _MONTHS
))  # fmt: skip
