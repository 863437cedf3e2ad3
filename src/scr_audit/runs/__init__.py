"""Runs: totals that can be merged, and the bundle that holds a run."""
