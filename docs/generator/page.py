"""The pages and schemas that are generated: their paths and contents."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import textwrap
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator import answers, judging, keys, names, operators, paper_values, running
from generator.coverage_page import recommendations_page
from generator.imports_page import imports_page
from generator.readme import readme
from scr_audit.check.examples import sentences_page
from scr_audit.language.phrases import MOST_LOOK
from scr_audit.packs.builtin import load_pack, shipped_packs
from scr_audit.packs.load import load_folder
from scr_audit.packs.schema import DEEPEST_SCHEMA, MOST_FACTS
from scr_audit.packs.yaml_source import read_yaml
from scr_audit.schemas import AUTHORED, json_schema

ROOT = running.ROOT
_NOTE = "<!-- Written by docs/generate.py from the shipped packs: change a pack, and run it. -->"
PAGES = Path(__file__).parent / "pages"


def generated() -> dict[Path, str]:
    """Every generated file of the checkout and what it must hold."""
    names = [path.relative_to(PAGES).as_posix() for path in sorted(PAGES.rglob("*.md"))]
    found = {ROOT / name: page(name) for name in names}
    for name in AUTHORED:
        path = ROOT / "rules" / "schemas" / f"{name}.schema.json"
        found[path] = json.dumps(json_schema(name), indent=2, ensure_ascii=False) + "\n"
    found[ROOT / "docs" / "recommendations.md"] = recommendations_page()
    found[ROOT / "docs" / "sentences.md"] = "\n".join(
        [_NOTE, "", *(sentences_page(load_pack(name)) for name in shipped_packs())]
    )
    found[ROOT / "docs" / "review-process.md"] = recommendations_page("review-process")
    found[ROOT / "docs" / "imports.md"] = imports_page()
    found[ROOT / "README.md"] = readme()
    return found


def page(name: str) -> str:
    """A page of `pages/`, filled. Its place there is its place in the checkout."""
    environment = Environment(
        loader=FileSystemLoader(PAGES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # Markdown of our own
    )
    environment.filters |= {
        "condition": condition,
        "refused": refused,
        "rule_file": rule_file,
        "settings": settings,
        "runs": running.Code().runs,
    }
    head = (
        f"<!-- Written by docs/generate.py from docs/generator/pages/{name}: "
        "change that file, and run it. -->\n\n"
    )
    return head + environment.get_template(name).render(
        stages=judging.stages,
        criteria=judging.criteria,
        lists=judging.lists,
        recorded=judging.recorded,
        kleene=judging.kleene,
        weighed=judging.weighed,
        quantifiers=judging.quantifiers,
        limits=judging.limits,
        words=judging.words,
        several=judging.several,
        filtered=judging.filtered,
        effective=judging.effective,
        working_days=judging.working_days,
        times=judging.times,
        keys=keys.keys,
        record_types=keys.record_types,
        annotation_words=keys.annotation_words,
        formats=keys.formats,
        most_deep=DEEPEST_SCHEMA,
        most_facts=f"{MOST_FACTS:,}",
        most_look=MOST_LOOK,
        operators_of_kinds=keys.operators_of_kinds,
        operators=operators.sections,
        public_names=names.public_names,
        names_by_module=names.names_by_module,
        paper_values=paper_values.values_table,
        rule=rule,
        file=file,
        lines=running.lines,
        output=running.output,
        check=running.check,
    )


def condition(text: str) -> str:
    """A condition as a code block, after the checker has passed it."""
    answers.checked(_yaml(text))
    return _code(text)


def refused(text: str) -> str:
    """A condition with a mistake, and what the checker says."""
    try:
        answers.checked(_yaml(text))
    except answers.RefusedError as error:
        message = str(error).split("': ", 1)[1]
        return f"{_code(text)}\n\n> {message}"
    raise answers.RefusedError(f"the checker has nothing against {text!r}")


def rule_file(text: str) -> str:
    """A rule file as a code block, after the pack was loaded with it in place of its own."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "pack"
        shutil.copytree(answers.PACK, copy, ignore=shutil.ignore_patterns("rules"))
        path = copy / "rules" / "rules.yaml"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        load_folder(copy)
    return _code(text)


def settings(text: str) -> str:
    """A settings file as a code block, after it was used with the pack."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.yaml"
        path.write_text(text, encoding="utf-8")
        load_folder(answers.PACK, settings=path)
    return _code(text)


def _yaml(text: str) -> Any:
    return read_yaml(text.encode(), "(the documentation)").value


def _code(text: str) -> str:
    return f"```yaml\n{text.strip()}\n```"


def rule(rule_id: str, *, examples: bool = True) -> str:
    """A rule of the pack as its file has it."""
    place = answers.pack().rule(rule_id).place
    lines = Path(place.file).read_text(encoding="utf-8").splitlines()[place.line - 1 :]
    end = next((n for n, line in enumerate(lines) if n and line.startswith("  - id:")), len(lines))
    text = textwrap.dedent("\n".join(lines[:end]))
    return _code(text if examples else re.sub(r"\n +examples:\n.*", "", text, flags=re.DOTALL))


def file(name: str, start: str) -> str:
    """A file of the pack from a line on."""
    text = (answers.PACK / name).read_text(encoding="utf-8")
    return _code(text[text.index(f"\n{start}") :])
