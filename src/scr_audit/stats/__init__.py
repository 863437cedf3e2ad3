"""Shares, tests, charts and agreement: arithmetic that knows no run."""
