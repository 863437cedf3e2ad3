"""What the program gives: every command, over the examples, the test data and a year of audits."""

from __future__ import annotations

import contextlib
import re
import shlex
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import reading
import test_condition_problems as conditions
import test_hostile_files as hostile
import test_line_problems as lines
import test_mapping_problems as mappings
import test_pack_problems as packs
import test_record_schema as schemas
import test_rule_problems as rule_keys
import test_tables as csv_tables
import test_words as words
import year
from bad_input import COMMANDS, FILES, USUAL
from command_line import DAY, SMALL, job, scr_audit, write_json
from settled import settle_workbook
from small_pack import RULE_FILE, pack_files, rule_file, write_pack

from scr_audit import compile_pack, load_pack

ROOT = Path(__file__).parents[2]
EXAMPLES = ("examples/cases.json", "examples/agencies.json", "examples/actions.json")
CASES = EXAMPLES[0]
REVIEWS = "examples/reviews.json"
OF_REVIEWS = ("--pack", "review-process")
AS_OF = ("--as-of", "2014-03-01")
UNITS = "tests/data/units"
STARTER = ("--pack", f"{UNITS}/starter-pack")
READINGS = ("tests/data/agree-first.json", "tests/data/agree-second.json")
PACKS = (
    "rules/baby-f-2010",
    "rules/working-together",
    "rules/review-process",
    "tests/data/small-pack",
    "examples/embedding/fire-safety",
)
REPORTS = ("json", "html", "md", "csv", "xlsx", "pdf", "docx")
TABLES = ("json", "html", "md", "csv", "xlsx")
DOCUMENTS = ("json", "html", "md", "csv")
KEY = "0123456789abcdef" * 4
SHOWN_WITH_RECORDS = 8
"""Every so many rules are explained with records too: all would take minutes."""


@dataclass(frozen=True)
class Outputs:
    """A folder for outputs, and where the commands are started."""

    folder: Path
    start: Path = ROOT

    def of(self, name: str, *words: str | Path, writes: tuple[str, ...] = ()) -> Path:
        """Run a command; what it says and `writes` (after -o) is in the folder returned."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        outputs = [part for file in writes for part in ("-o", folder / file)]
        said = scr_audit(*words, *outputs, cwd=self.start)
        self.text(f"{name}/said.txt", f"{said.code}\n{said.out}\n--\n{said.err}")
        return folder

    def text(self, name: str, text: str) -> Path:
        """Write a file of our own; a name that is given twice fails."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
        return path


def reports(suffixes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"report.{suffix}" for suffix in suffixes)


def runs(out: Outputs) -> None:
    for edition in ("auditor", "board", "public"):
        run = ("run", *EXAMPLES, *AS_OF, "--edition", edition)
        out.of(f"run/{edition}", *run, writes=reports(REPORTS))
        out.of(f"run/{edition}-ndjson", *run, writes=("report.ndjson",))
    cases = ("run", CASES, *AS_OF)
    out.of("run/working-together", *cases, "--pack", "working-together", writes=reports(REPORTS))
    out.of("run/tables", "run", "examples/tables", *AS_OF, writes=("run.json",))
    out.of("run/one-table", "run", "examples/tables/cases.csv", *AS_OF)
    out.of("run/totals", *cases, "--totals-only", writes=("run.json", "run.html"))
    out.of("run/fail-on", *cases, "--fail-on", "high")
    out.of("run/too-few-alike", *cases, "--require-k", "3")
    out.of("run/no-file", "run", "nothing.json", *AS_OF)
    out.of("run/no-day", "run", CASES, "--as-of", "2014-02-31")
    out.of("run/other-records", "run", CASES, *SMALL, *AS_OF)
    parts = [{"name": "brake", "fitted": True, "worn": False}, {"name": "bell", "fitted": False}]
    jobs = [job("J1", model="city", safe=True, parts=parts), job("J2", safe=False), job("J3")]
    path = write_json(out.text("run/jobs.json", ""), {"jobs": jobs})
    out.of("run/small", "run", path, *SMALL, *DAY, writes=reports(REPORTS))


def plans(out: Outputs) -> None:
    for path in sorted((ROOT / "audits").glob("*.yaml")):
        name, plan, files = path.stem, ("--audit", path.stem), EXAMPLES
        kinds, stratum = ("case", "agency", "action"), "open_to_social_care"
        if name == "serious-case-review-process":
            plan, files, kinds, stratum = (*plan, *OF_REVIEWS), (REVIEWS,), ("review",), "finished"
        out.of(f"plan/{name}", "run", *files, *AS_OF, *plan, writes=reports(REPORTS))
        out.of(f"plan/{name}/check", "check", name)
        for kind in kinds:
            form = ("form", "new", *plan, "--kind", kind)
            out.of(f"plan/{name}/form-{kind}", *form, writes=("form.xlsx",))
        sample = ("sample", files[0], *plan, "--seed", "s", *AS_OF)
        drawn = ("sample.json", "drawn.ndjson")
        size = ("--size", "5", "--reserve", "2")
        folder = out.of(f"plan/{name}/sample", *sample, *size, writes=drawn)
        pack = () if files == EXAMPLES else OF_REVIEWS
        out.of(f"plan/{name}/redraw", "redraw", folder / "sample.json", files[0], *pack)
        strata = ("--precision", "20", "--strata", stratum)
        out.of(f"plan/{name}/sample-strata", *sample, *strata, writes=drawn)


def readings(out: Outputs) -> None:
    """Two readings, national data, and what is made anonymous."""
    out.of("agree", "agree", *READINGS, *STARTER, *AS_OF, writes=reports(TABLES))
    out.of("agree-same", "agree", CASES, CASES, *AS_OF, writes=reports(TABLES))
    for command in ("moderate", "merge"):
        decisions = ("--decisions", out.folder / f"{command}.yaml")
        out.of(command, command, *READINGS, *STARTER, *decisions, writes=("records.json",))
    key = ("--key", out.text("key", KEY))
    for path in sorted((ROOT / "tests/data").rglob("*.xml")):
        name = f"import/{path.stem}"
        words = ("import", path, "--report-unmapped", *key)
        records = out.of(name, *words, writes=("records.json",)) / "records.json"
        out.of(f"{name}/run", "run", records, *AS_OF, writes=("run.json",))
        out.of(f"{name}/forms", "form", "new", "--prefill", records, writes=("forms/",))
    report = ("--report", out.folder / "anonymised.json")
    out.of("anonymise", "anonymise", *EXAMPLES, *report, *key, writes=("records.json",))


def exceptions(out: Outputs) -> None:
    path = out.folder / "exceptions.yaml"
    out.of(
        "exceptions/add", "exceptions", "add", path, "--rule", "referral-answered",
        "--record", "C1", "--unit", "/referrals/1", "--records", f"{UNITS}/positions-then.json",
        "--reason", "Why not", "--by-role", "lead", "--from", "2025-01-01",
        "--until", "2026-12-31", *STARTER,
    )  # fmt: skip
    for records in sorted((ROOT / UNITS).glob("*.json")):
        run = ("run", records, *STARTER, *DAY)
        for name, file in (("added", path), ("shipped", f"{UNITS}/exception.yaml")):
            words = (*run, "--exceptions", file)
            out.of(f"exceptions/{records.stem}/{name}", *words, writes=("run.json", "run.html"))
    then, now = (
        out.of(f"compare/{name}", "run", f"{UNITS}/positions-{name}.json", *STARTER, *DAY,
               writes=("run.json",)) / "run.json"
        for name in ("then", "inserted")
    )  # fmt: skip
    compare = ("compare", then, now)
    out.of("compare", *compare, writes=reports(DOCUMENTS))
    again = ("--records", f"{UNITS}/positions-then.json", *STARTER)
    out.of("compare/judged-again", *compare, *again, writes=reports(DOCUMENTS))


def texts(out: Outputs) -> None:
    """Packs checked, lists, schemas and help."""
    for pack in PACKS:
        out.of(f"check/{Path(pack).name}", "check", pack, writes=("junit.xml", "check.sarif"))
    start = out.folder / "init/start"
    out.of("init", "init", start)
    out.of("init/check", "check", start)
    for name in ("packs", "audits", "coverage", "json", "coverage --json", "audits --json"):
        out.of(f"list/{name.replace(' --', '-')}", "list", *f"--{name}".split())
    out.of("list/rules", "list")
    names = re.search(r"<([\w|]+)>", scr_audit("schema", "--help").out)
    assert names is not None
    for name in names[1].split("|"):
        out.of(f"schema/{name}", "schema", name)
    for kind in ("agency", "action"):
        out.of(f"schema/record-{kind}", "schema", "record", "--kind", kind)
    out.of("schema/record-small", "schema", "record", *SMALL)
    helps(out, ())


def helps(out: Outputs, command: tuple[str, ...]) -> None:
    """The help of a command and of those below it."""
    folder = out.of("/".join(("help", *command)), *command, "--help")
    _, _, below = (folder / "said.txt").read_text(encoding="utf-8").partition("Commands:\n")
    for name in re.findall(r"^  (\S+)", below, re.MULTILINE):
        helps(out, (*command, name))


def rules(out: Outputs, pack: str, records: tuple[str, ...] = ()) -> None:
    """Every rule in words and in Python, and some with what the records made of them."""
    engine = compile_pack(load_pack(ROOT / pack))
    for place, rule in enumerate(engine.pack.rules):
        name = f"rules/{Path(pack).name}/{rule.id}"
        out.text(f"{name}/source.py", engine.source(rule.id))
        explain = ("explain", rule.id, "--pack", pack)
        out.of(name, *explain)
        if records and place % SHOWN_WITH_RECORDS == 0:
            out.of(f"{name}/records", explain[0], explain[1], *records, *explain[2:], *AS_OF)
    out.of(f"rules/{Path(pack).name}", "explain", rule.id, "--source", "--pack", pack)


def shipped_rules(out: Outputs) -> None:
    rules(out, PACKS[0], EXAMPLES)
    rules(out, PACKS[1], EXAMPLES[:1])
    rules(out, PACKS[2], (REVIEWS,))
    for pack in PACKS[3:]:
        rules(out, pack)


def a_year(out: Outputs) -> None:
    """The year of the examples, and what can be asked of its store afterwards."""
    folder = out.folder / "year"
    for name in ("fill_in", "decide", "type_rows"):
        setattr(year, name, _settling(getattr(reading, name)))
    with (
        out.text("year.txt", "").open("w", encoding="utf-8") as said,
        contextlib.redirect_stdout(said),
    ):
        assert year.main([str(folder)]) == 0, "the year did not end well: look at year.txt"
    afterwards(Outputs(out.folder / "afterwards", start=folder))


def _settling(typing: Callable[..., object]) -> Callable[..., object]:
    """The same typing into a workbook, without the time of saving it."""

    def typed(path: Path, *what: object, **more: object) -> object:
        found = typing(path, *what, **more)
        settle_workbook(path)
        return found

    return typed


def afterwards(out: Outputs) -> None:
    store, as_of = ("--store", "year.sqlite"), ("--as-of", "2026-01-12")
    folders = {each[-2:]: f"{year.PLAN}-{each}" for each in year.QUARTERS}
    kept = {quarter: f"{folder}/.scr-audit" for quarter, folder in folders.items()}
    planned = ("--store", f"{kept['Q4']}/office.sqlite")
    out.of("trend", "trend", *store, writes=reports(DOCUMENTS))
    by_run = ("--by", "run", "--rule", "gp-invited")
    out.of("trend-by-run", "trend", *store, *by_run, writes=reports(DOCUMENTS))
    out.of(
        "compare",
        "compare",
        f"{kept['Q1']}/run.json",
        f"{kept['Q4']}/run.json",
        writes=reports(DOCUMENTS),
    )
    out.of("redraw", "redraw", f"{kept['Q1']}/sample.json", f"{kept['Q1']}/frame.json")
    earlier = ("--previous", f"{kept['Q1']}/sample.json")
    out.of(
        "redraw-second", "redraw", f"{kept['Q2']}/sample.json", f"{kept['Q2']}/frame.json", *earlier
    )
    first, second = (f"{folders['Q1']}/2-forms/{each} reader" for each in ("first", "second"))
    out.of("form-read", "form", "read", first, writes=("records.json",))
    decisions = ("--decisions", out.folder / "merge.yaml")
    out.of("merge", "merge", first, second, *decisions, writes=("m.json",))
    files = reports(("md", "csv", "json", "xlsx"))
    out.of("actions-list", "actions", "list", *planned, *as_of, writes=files)
    out.of("actions-show", "actions", "show", "A1", *planned, *as_of)
    out.of("actions-check", "actions", "check", *planned, *as_of)
    out.of("actions-check-json", "actions", "check", *planned, *as_of, "--json")
    out.of("actions-records", "actions", "records", *planned, writes=("records.json",))
    out.of("actions-judge", "actions", "judge", f"{kept['Q4']}/run.json", *planned, "--json")
    out.of(
        "actions-import",
        "actions",
        "import",
        f"{folders['Q4']}/5-actions.xlsx",
        "--by-role",
        "clerk",
        *planned,
    )
    out.of("history", "history", "list", *store)
    listed = out.of("history-json", "history", "list", *store, "--json") / "said.txt"
    found = re.search(r'"id": "(\w+)"', listed.read_text("utf-8"))
    assert found is not None
    out.of("history-export", "history", "export", found[1], *store, writes=("run.json",))
    run = (
        "run", f"{kept['Q4']}/moderated.json", "--audit", "quarterly-conference-plan",
        "--period", "2025Q4", "--sample", f"{kept['Q4']}/sample.json",
        "--settings", year.SETTINGS, *as_of, "--earlier", f"{kept['Q3']}/run.json",
    )  # fmt: skip
    for edition in ("auditor", "board"):
        out.of(f"run-{edition}", *run, "--edition", edition, writes=reports(REPORTS))


def messages(out: Outputs) -> None:
    """What is said of bad and rare input, by every command."""
    start = out.folder / "files"
    write_pack(start / "shop", {})
    for name, content in FILES.items():
        path = start / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    commands = Outputs(out.folder, start)
    for line in COMMANDS.splitlines():
        name = line.replace("/", "|") or "nothing"
        while (out.folder / name).exists():
            name += " again"
        command = next((each for each in USUAL if f"{line} ".startswith(f"{each} ")), "")
        given = f"{command} {USUAL.get(command, '')} {line.removeprefix(command)}"
        commands.of(name, *shlex.split(given))


def mistakes(out: Outputs) -> None:
    """What is said of the mistakes that the tests have, one file for each table."""
    criteria = [it for it, *_ in (*conditions.ALL, *lines.ALL)]
    facts = [it for it, *_ in (*schemas.CASES, *words.WRONG)]
    importing = ("import", "in.xml", "--key", "key", "-o", "out.json")
    tables = {
        ("check", ".", "--no-mutations"): {
            "pack": [{"pack.yaml": pack_files()["pack.yaml"].replace(old, new, 1)}
                     for old, new, *_ in packs.PACK],
            "schema": [{"records.yaml": schemas.with_lines(f"      q: {it.replace('→', '')}\n")}
                       for it in facts],
            "rules": [{RULE_FILE: rule_file(rule)} for rule, *_ in rule_keys.CASES],
            "conditions": [{RULE_FILE: rule_file(f"require:\n  it: {it}")} for it in criteria],
        },
        ("run", "tables", "--pack", "."): {
            "tables": [{f"tables/{name}.csv": text for name, text in files.items()}
                       for files, _ in csv_tables.REFUSED],
        },
        importing: {"xml": [{"in.xml": text, "key": KEY} for text, _ in hostile.XML.values()]},
        (*importing, "--mapping", "small.yaml"): {
            "mappings": [{"small.yaml": f"{mappings.HEAD}  {line}\n", "in.xml": "", "key": KEY}
                         for line, *_ in mappings.MISTAKES],
        },
    }  # fmt: skip
    for command, cases in tables.items():
        for name, changes in cases.items():
            said = [_said(command, files) for files in changes]
            out.text(f"{name}.txt", "".join(said))


def _said(command: tuple[str, ...], files: dict[str, str | bytes]) -> str:
    """What a command says of the small pack and these files."""
    texts = {name: text for name, text in files.items() if isinstance(text, str)}
    with tempfile.TemporaryDirectory() as folder:
        start = write_pack(Path(folder), texts)
        for name in files.keys() - texts.keys():
            path = start / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(files[name])  # type: ignore[arg-type]
        said = scr_audit(*command, cwd=start)
    return f"{said.code} {said.err}".replace(folder, "")


PARTS: tuple[Callable[[Outputs], None], ...] = (
    a_year, runs, shipped_rules, plans, readings, messages, mistakes, exceptions, texts,
)  # fmt: skip
"""Each can be made without the others; the longest come first."""
