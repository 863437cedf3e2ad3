"""The rule language: types, operators, the one-line grammar and its static checking."""
