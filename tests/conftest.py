"""Makes the modules of this folder importable by every test."""
