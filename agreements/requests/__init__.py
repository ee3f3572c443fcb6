"""Access requests: ask an agency for a record of which one knows a reference alone (R17, R19)."""
