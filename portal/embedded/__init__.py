"""Runs everything Entente needs on a machine that has only Python: see docs/running.md.

`bootstrap` and what it imports use the standard library alone, because they run before anything is installed.
"""
