"""The peers of the comparison: each decides the ten rules over the same records.

A peer is a function that takes the records as NDJSON lines, prepares what can be prepared (compiles
expressions, writes a file, opens a database), and gives a function of no arguments to be timed.
That returns the counts of units met, not met and not evidenced of each rule: the same for all peers
(`python -m benchmarks.check`). Its module says what a peer does and does not do.

ZEN and CEL decide seventy rules, seven of each form, by default; the others ten. `RULES_OF` has the
number, so that whoever prints a speed can say it of what.
"""

from collections.abc import Callable

from benchmarks.duckdb_peer import duckdb
from benchmarks.expression_peers import cel, rule_engine, zen_engine
from benchmarks.pandas_peer import pandas
from benchmarks.polars_peer import polars
from benchmarks.ten_rules import Counts

__all__ = ["PEERS", "RULES_OF", "cel", "duckdb", "pandas", "polars", "rule_engine", "zen_engine"]

PEERS: dict[str, Callable[[list[bytes]], Callable[[], Counts]]] = {
    "zen-engine": zen_engine,
    "cel-expr-python": cel,
    "rule-engine": rule_engine,
    "duckdb": duckdb,
    "polars": polars,
    "pandas": pandas,
}
"""By the name of its package on PyPI, which `metadata.version` takes."""

RULES_OF = {
    "zen-engine": 70,
    "cel-expr-python": 70,
    "rule-engine": 10,
    "duckdb": 10,
    "polars": 10,
    "pandas": 10,
}
"""How many rules each decides for every record."""
