"""Names of countries, as treaties wrote them: certain ones are found, of all others a person decides."""

from agreements.importing.names.matching import Found, Names, load

__all__ = ["Found", "Names", "load"]
