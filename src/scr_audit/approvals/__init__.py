"""Approved exceptions: units that are not met, and may be so until a day."""
