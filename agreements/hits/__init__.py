"""Hit/no-hit: ask partners whether they know something, and learn whom to ask (R19)."""
