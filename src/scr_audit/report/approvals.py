"""Why a finding is excepted, in words: by what its rule permits, or by an approved exception."""

from collections.abc import Mapping
from typing import Any

from scr_audit.report.wording import LABELS


def exception_text(finding: Mapping[str, Any]) -> str:
    """The reason that the rule permits, or the approval and the outcome without it; or nothing."""
    approval = finding.get("excepted_by")
    if approval is None:
        return (finding["exception"] or "").replace("_", " ")
    return approval_text(approval, approval["original_outcome"])


def approval_text(approval: Mapping[str, Any], original_outcome: str) -> str:
    """An approval with its role and its days, and what the outcome is without it."""
    reason = approval["reason"].rstrip(".")
    return (
        f"{reason} (exception approved in the role {approval['approved_by_role']}, from "
        f"{approval['from']} until {approval['until']}; without it: {LABELS[original_outcome]})"
    )
