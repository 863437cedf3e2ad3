"""`scr-audit check`: files, examples, mutations."""

from __future__ import annotations

from scr_audit.check.report import check_pack
from scr_audit.cli.exits import OK, WRONG
from scr_audit.cli.streams import say
from scr_audit.packs.builtin import load_pack


def check_command(pack_name: str | None, *, mutations: bool, strict: bool) -> int:
    """Check a pack and say what is wrong with it; the exit code."""
    pack = load_pack(pack_name)
    for warning in pack.warnings:
        say(f"warning: {warning}")
    result = check_pack(pack, mutate=mutations)
    for failure in result.failures:
        say(f"{failure.place}: {failure.rule}: {failure.message}")
    for mutant in result.survivors:
        say(f"{mutant.place}: {mutant.rule.id}: no example notices the change: {mutant.change}")
    summary = f"{pack.id} {pack.version}: {result.rules} rules, {result.examples} examples"
    if result.failures:
        summary += f", {len(result.failures)} failed"
    if mutations:
        killed = result.mutants - len(result.survivors)
        summary += f"; {killed} of {result.mutants} mutants noticed"
    print(summary)  # noqa: T201  # the command's result
    doubtful = strict and (result.survivors or pack.warnings)
    return WRONG if result.failures or doubtful else OK
