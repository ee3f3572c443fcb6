"""Words of marking and sharing: TLP 2.0, Europol handling codes, kinds of audience and circle."""

from django.db import models


class Tlp(models.IntegerChoices):
    """Traffic Light Protocol 2.0 (FIRST, August 2022), ordered: a higher number travels less far."""

    CLEAR = 0, "TLP:CLEAR"
    GREEN = 1, "TLP:GREEN"
    AMBER = 2, "TLP:AMBER"
    AMBER_STRICT = 3, "TLP:AMBER+STRICT"
    RED = 4, "TLP:RED"


class HandlingCode(models.TextChoices):
    """Europol handling codes (R10). H0 is the absence of the others."""

    H1 = "H1", "H1 – not in judicial proceedings without the provider's permission"
    H2 = "H2", "H2 – no dissemination without the provider's permission"
    H3 = "H3", "H3 – other restrictions (see note)"


class Recalled(models.TextChoices):
    """What becomes of a record of which those who opened it are told (R16)."""

    WITHDRAWN = "withdrawn", "Withdrawn"
    RECLASSIFIED = "reclassified", "Reclassified"
    CORRECTED = "corrected", "Corrected"


class AudienceKind(models.TextChoices):
    """To whom a release is given (R4). The three OWN kinds carry no clause: they serve the owner (R3)."""

    OWN_AGENCY = "own_agency", "Own officers"
    OWN_CIRCLE = "own_circle", "Own compartment"
    OWN_OFFICER = "own_officer", "Own officer by name"
    ALL_PARTIES = "all_parties", "All receiving parties"
    PARTY = "party", "One party"
    AGENCY = "agency", "One agency"
    UNIT = "unit", "A unit of an agency"
    FUNCTION = "function", "A function at an agency"
    CIRCLE = "circle", "A circle"
    OFFICER = "officer", "Named officer"


OWN_KINDS = frozenset({AudienceKind.OWN_AGENCY, AudienceKind.OWN_CIRCLE, AudienceKind.OWN_OFFICER})
# Of an agency that they reach, all are meant: the others name a part of it.
WHOLE_KINDS = frozenset({AudienceKind.OWN_AGENCY, AudienceKind.ALL_PARTIES, AudienceKind.PARTY, AudienceKind.AGENCY})

# R7: the most restrictive TLP that may still reach each kind of audience.
WIDEST_TLP: dict[AudienceKind, Tlp] = {
    AudienceKind.OWN_AGENCY: Tlp.AMBER_STRICT,
    AudienceKind.OWN_CIRCLE: Tlp.AMBER_STRICT,
    AudienceKind.OWN_OFFICER: Tlp.RED,
    AudienceKind.ALL_PARTIES: Tlp.GREEN,
    AudienceKind.PARTY: Tlp.AMBER,
    AudienceKind.AGENCY: Tlp.AMBER_STRICT,
    AudienceKind.UNIT: Tlp.AMBER_STRICT,
    AudienceKind.FUNCTION: Tlp.AMBER_STRICT,
    AudienceKind.CIRCLE: Tlp.AMBER,
    AudienceKind.OFFICER: Tlp.RED,
}


def widest_tlp(kind: AudienceKind, circle: "CircleKind | str | None" = None) -> Tlp:
    """R7, where circles differ: AMBER reaches an operation's; a meeting's or a board's only GREEN does."""
    if kind == AudienceKind.CIRCLE and circle != CircleKind.OPERATION:
        return Tlp.GREEN
    return WIDEST_TLP[kind]


class CircleKind(models.TextChoices):
    OPERATION = "operation", "Operation"
    MEETING = "meeting", "Meeting"
    BOARD = "board", "Board"
    COMPARTMENT = "compartment", "Compartment"


class AssignmentRole(models.TextChoices):
    COMMANDER = "commander", "Commander"
    HOST_COMMANDER = "host_commander", "Host commander"
    TEAM_LEADER = "team_leader", "Team leader"
    MEMBER = "member", "Team member"
    LIAISON = "liaison", "Liaison"
