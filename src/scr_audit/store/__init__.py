"""The store of an audit office: runs of the past, and what became of actions.

A SQLite file of one's own, or a PostgreSQL database that several people write to.
"""
