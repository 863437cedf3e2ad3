"""The anonymity gate: looks for what tells who a record is about, and offers to take it out."""
