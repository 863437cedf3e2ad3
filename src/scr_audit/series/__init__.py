"""Two runs compared, and many in the order of time.

compare(read_bundle(Path("spring.json")), read_bundle(Path("summer.json")))["rules"]
"""

from scr_audit.runs.stored import read_bundle
from scr_audit.series.comparison import compare, look_alikes
from scr_audit.series.time_points import OverlapError
from scr_audit.series.trends import trend_of

__all__ = ["OverlapError", "compare", "look_alikes", "read_bundle", "trend_of"]
