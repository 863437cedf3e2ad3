"""Two readings of the same records: merged, held against each other, decided."""
