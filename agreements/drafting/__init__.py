"""Registering an agreement as a list of tasks: filled in by several, approved by a second officer, put to the parties
on a day (R22, R23, ADR 0023). The draft itself is the register's agreement."""
