"""What docs/generate.py puts into the pages: tables whose contents the engine itself gives."""
