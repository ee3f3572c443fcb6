"""What is done with joint reports: written and put to their sides, signed, sealed."""
