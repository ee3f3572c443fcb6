"""What a record cites, quotes or merges, and the strictest terms that it takes from it (R12)."""
