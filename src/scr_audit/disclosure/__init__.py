"""Disclosure control: a board document, safe to publish, from an auditor's run bundle.

Counts below a profile's threshold are masked, and as many others as it takes that nobody can
recompute a masked count from everything that is printed: the sums within the document, and the
documents published earlier. An attacker checks that exactly, with linear programming.

What it does not protect against:

- a reader who knows a case personally, and so knows more than what is printed;
- a reader who knows how cells are chosen for masking, and infers from the choice;
- narrow ranges: a masked count has two possible values or more, but may be known to be 3 or 4;
- what the same records show in publications of others, or in documents not given as earlier;
- three or more documents put together, such as four quarters against their year: earlier
  documents are compared with the new one singly;
- an action told as closed, where it was closed on another run that was published, and is not given;
- a count that somebody wrote into the text of an action;
- counts that were counted up from an earlier document but corrected since, so that one has
  shrunk: of these, only cells printed in both are compared.
"""

from scr_audit.disclosure.board import board_document
from scr_audit.disclosure.models import board_schema
from scr_audit.disclosure.profile import Profile, load_profile, shipped_profiles
from scr_audit.disclosure.published import board_bytes, read_published
from scr_audit.disclosure.safety import DisclosureError, assert_safe

__all__ = [
    "DisclosureError",
    "Profile",
    "assert_safe",
    "board_bytes",
    "board_document",
    "board_schema",
    "load_profile",
    "read_published",
    "shipped_profiles",
]
