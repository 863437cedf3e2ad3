"""Checking a whole pack: its examples and its mutations, in one result."""

from __future__ import annotations

from dataclasses import dataclass, field

from scr_audit.check.examples import Failure, cases_of, run_examples
from scr_audit.check.mutations import Mutant, survivors
from scr_audit.packs.pack import Pack
from scr_audit.records.decode import RecordDecoder


@dataclass
class CheckResult:
    """What checking a pack found. `failures` make a pack wrong; `survivors` make it doubtful."""

    rules: int = 0
    examples: int = 0
    mutants: int = 0
    failures: list[Failure] = field(default_factory=list)
    survivors: list[Mutant] = field(default_factory=list)


def check_pack(pack: Pack, *, mutate: bool = True) -> CheckResult:
    """Run the examples of every rule and, with `mutate`, its mutations."""
    result = CheckResult(rules=len(pack.rules))
    decoder = RecordDecoder(pack)
    for rule in pack.rules:
        cases, failures = cases_of(pack, rule, decoder)
        result.examples += len(pack.examples[rule.id])
        result.failures += failures
        result.failures += run_examples(pack, rule, cases)
        if mutate and not failures:
            alive, count = survivors(pack, rule, cases)
            result.mutants += count
            result.survivors += alive
    return result
