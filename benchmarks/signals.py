"""False signals: how often series of a steady share show one, by points and units.

`python -m benchmarks.signals` prints two tables; the seed makes them the same each time.
"""

from __future__ import annotations

from scr_audit.stats.signals import SEED, ChartMaker, best_chart, false_signal_chance, run_chart

TIMES = 4_000
POINTS = (9, 10, 12, 13, 16, 20, 24, 36)
UNITS = (3, 8, 20, 50, 200)
SHARES = (0.97, 0.9, 0.7)


def main() -> None:
    """Print the tables."""
    _table("As charted", best_chart)
    _table("As run charts, as where several units come from one record", run_chart)


def _table(title: str, chart: ChartMaker) -> None:
    print(f"{title}: series of 100 that show a signal though the share is steady")
    print("share  points" + "".join(f"{n:>6} units" for n in UNITS))
    for share in SHARES:
        for points in POINTS:
            rates = [false_signal_chance((n,) * points, share, TIMES, SEED, chart) for n in UNITS]
            print(f"{share:<7.0%}{points:>6}" + "".join(f"{rate * 100:>12.1f}" for rate in rates))


if __name__ == "__main__":
    main()
