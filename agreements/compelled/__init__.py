"""What a court order or a law compels an agency to disclose of another's record; the originator is told first (R25)."""
