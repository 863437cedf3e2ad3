"""Spreadsheet files as values, read as what somebody may have tampered with."""
