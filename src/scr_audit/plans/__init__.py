"""Audit plans: which rules, records and days an audit looks at."""
