"""Words of hit/no-hit searches."""

from django.db import models

from agreements.register.choices import Category


class Term(models.TextChoices):
    """What can be indexed and searched."""

    PASSPORT = "passport", "Passport number"
    IDENTITY_CARD = "identity_card", "Identity card number"
    OTHER_DOCUMENT = "other_document", "Number of another document"
    VEHICLE = "vehicle", "Vehicle registration"
    TELEPHONE = "telephone", "Telephone number"
    PERSON = "person", "Person by name and date of birth"

    @property
    def category(self) -> Category:
        """What a clause must name so that such a term may be searched under it."""
        return CATEGORIES[self]


CATEGORIES = {
    Term.PASSPORT: Category.TRAVEL_DOCUMENTS,
    Term.IDENTITY_CARD: Category.TRAVEL_DOCUMENTS,
    Term.OTHER_DOCUMENT: Category.TRAVEL_DOCUMENTS,
    Term.VEHICLE: Category.VEHICLE_REGISTRATION,
    Term.TELEPHONE: Category.PERSONAL_DATA,
    Term.PERSON: Category.PERSONAL_DATA,
}


class Outcome(models.TextChoices):
    HIT = "hit", "Hit"
    NO_HIT = "no_hit", "No hit"
    NOT_SEARCHED = "not_searched", "Not searched"
