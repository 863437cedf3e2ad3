"""False signals: how often charts of a steady share show one, by gate, points and units.

`python -m benchmarks.signals` prints a table; the seed makes it the same each time.
"""

from __future__ import annotations

from scr_audit.runs.false_signals import false_signal_chance
from scr_audit.runs.signals import gate

TIMES = 4_000
POINTS = (9, 10, 12, 13, 16, 20, 24, 36)
UNITS = (8, 20, 50, 200)
SHARES = (0.9, 0.7)


def main() -> None:
    """Print the table."""
    print("Charts of 100 that show a signal though the share is steady")
    print("share  points  gate       " + "".join(f"{n:>6} units" for n in UNITS))
    for share in SHARES:
        for points in POINTS:
            rates = [false_signal_chance((n,) * points, share, TIMES) for n in UNITS]
            told = "".join(f"{rate * 100:>12.1f}" for rate in rates)
            print(f"{share:<7.0%}{points:>6}  {gate(points):<10}{told}")


if __name__ == "__main__":
    main()
