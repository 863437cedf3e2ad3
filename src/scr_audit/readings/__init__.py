"""Several readings of the same records: merged, compared, decided on.

agree("first.json", "second.json").document["rules"]    # how far two auditors agree
merge(["social-care.json", "health.json"]).records
"""

from scr_audit.readings.jobs import Agreement, Joined, OtherRecordsError, agree, merge, moderate

__all__ = ["Agreement", "Joined", "OtherRecordsError", "agree", "merge", "moderate"]
