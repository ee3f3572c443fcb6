"""The list of countries: ISO 3166-1 from pycountry, Kosovo beside it, and organisations that conclude treaties."""

import pycountry

# XK/XKX is user-assigned: ISO 3166-1 has no code for Kosovo, and pycountry no entry.
BESIDE_ISO = [("XK", "XKX", "Kosovo")]
# EU is exceptionally reserved in ISO 3166-1; the other codes are the organisations' own short names.
ORGANISATIONS = [("EU", "European Union"), ("INTERPOL", "INTERPOL"), ("BENELUX", "Benelux Union")]


def rows() -> list[dict[str, str]]:
    """Every country and organisation as plain values."""
    states = [(item.alpha_2, item.alpha_3, getattr(item, "common_name", item.name)) for item in pycountry.countries]
    found = [
        {"code": code, "alpha3": alpha3, "name": name, "kind": "state"} for code, alpha3, name in [*states, *BESIDE_ISO]
    ]
    found += [{"code": code, "alpha3": "", "name": name, "kind": "organisation"} for code, name in ORGANISATIONS]
    return found
