"""Two readings of the same records compared: how far two auditors agree, and where they differ."""
