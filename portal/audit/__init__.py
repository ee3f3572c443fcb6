"""The ledger: what was done, and what was disclosed to whom under which article (R29)."""
