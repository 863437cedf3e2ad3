"""Approved exceptions: units that are not met, and may be so until a day.

    approval = Approval("the clinic was closed", "Designated doctor", since, until)
    entry = exception_for(findings, "gp-invited", "C01", approval=approval, pack=pack)
    data = with_entry(Path("exceptions.yaml"), None, entry, pack)    # what the file is to hold

A run takes the file, or what `load_exceptions` makes of it.
"""

from typing import TYPE_CHECKING

from scr_audit._lazy import lazy_exports
from scr_audit.approvals.approved import ApprovedException, Exceptions
from scr_audit.evaluate.outcomes import Approval

if TYPE_CHECKING:
    from scr_audit.approvals.exceptions_file import load_exceptions
    from scr_audit.approvals.new_entry import exception_for, with_entry

__all__ = [
    "Approval", "ApprovedException", "Exceptions", "exception_for", "load_exceptions",
    "with_entry",
]  # fmt: skip

__getattr__ = lazy_exports(
    __name__, {"new_entry": "exception_for with_entry", "exceptions_file": "load_exceptions"}
)
