"""The API of postings, acting-for, accounts and handovers."""
