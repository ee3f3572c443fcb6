"""Printed pages: a typst document becomes PDF/A with marking, time, zone and who printed on each sheet."""

from portal.printing.sheets import Head, download, pdf

__all__ = ["Head", "download", "pdf"]
