"""The four ways to write a position, and the one in which the reader of this request wants them shown."""

from asgiref.local import Local
from django.db import models


class Notation(models.TextChoices):
    DECIMAL = "decimal", "Decimal degrees: 47.66030, 9.17580"
    DMS = "dms", "Degrees, minutes, seconds: 47°39'37.1\"N 9°10'32.9\"E"
    UTM = "utm", "UTM: 32T 513200 5278560"
    MGRS = "mgrs", "MGRS: 32TNT 13199 78560"


_active = Local()


def activate(notation: str) -> None:
    """Show positions so from here on in this request; an unknown or empty word is decimal degrees."""
    _active.notation = Notation(notation) if notation in Notation.values else Notation.DECIMAL


def active() -> Notation:
    return getattr(_active, "notation", Notation.DECIMAL)
