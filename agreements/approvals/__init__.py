"""Two-person release: above a classification that the agency sets, a second officer approves (R20)."""
