"""The sample that a run judges, with drawn records replaced from its reserve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scr_audit.cli.planning import Chosen
from scr_audit.errors import InputError, did_you_mean
from scr_audit.packs.pack import SampleUsed
from scr_audit.runs.stored_sample import read_sample


def with_sample(chosen: Chosen | None, path: Path | None, replaced: Sequence[str]) -> Chosen | None:
    """The plan's choice with the sample of a file, after replacements such as `C01:no consent`.

    Raises `InputError` where the sample is of another plan or period, or the reserve runs out.
    """
    if path is None:
        if replaced:
            raise InputError("--replace: needs --sample, whose reserve replaces a drawn record")
        return chosen
    if chosen is None:
        raise InputError(f"--sample {path}: needs --audit, the plan that the sample was drawn for")
    found = read_sample(path)
    if found["plan"] != chosen.plan.id:
        raise InputError(
            f"{path}: was drawn for the plan '{found['plan']}', not '{chosen.plan.id}'"
        )
    period = None if chosen.period is None else str(chosen.period)
    if found["frame"]["period"] != period:
        raise InputError(
            f"{path}: was drawn for {found['frame']['period'] or 'no period'}, and this run looks "
            f"at {period or 'no period'}. Give both the same --period"
        )
    ids, reasons = _replaced(found, replaced)
    frame = found["frame"]
    used = SampleUsed(frame["size"], frame["sha256"], found["seed"], found["method"], ids, reasons)
    return replace(chosen, sample=used)


def _replaced(found: dict[str, Any], wanted: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The drawn ids and the reasons for those that the reserve replaces, in order."""
    strata = {item["id"]: item["stratum"] for item in found["drawn"]}
    ids, reserve = list(strata), list(found["reserve"])
    reasons = []
    for text in wanted:
        name, _, reason = text.partition(":")
        if not reason.strip():
            raise InputError(f"--replace {text}: expected ID:REASON, such as 'C01:file is missing'")
        if name not in ids:
            raise InputError(
                f"--replace {text}: the sample did not draw '{name}'.{did_you_mean(name, ids)}"
            )
        of_stratum = [item for item in reserve if item["stratum"] == strata[name]]
        if not of_stratum:
            raise InputError(f"--replace {text}: the reserve has no record left for it")
        reserve.remove(of_stratum[0])
        strata[of_stratum[0]["id"]] = strata[name]
        ids[ids.index(name)] = of_stratum[0]["id"]
        reasons.append(reason.strip())
    return tuple(ids), tuple(reasons)
