"""Checking rules by their own examples, and the examples by mutations of the rules."""
