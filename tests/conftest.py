"""Makes the modules of this folder, such as `small_pack`, importable by every test."""
