"""Words of incidents: EUROSUR's levels, the words of the Law Enforcement Directive for persons, steps and outcomes."""

from datetime import timedelta

from django.db import models

from agreements.register.choices import Category

# How soon the first report is due once the agency knows, where the impact is high or very high.
FIRST_REPORT = timedelta(hours=24)
# How long before that the officers are warned.
WARNINGS = (timedelta(hours=4), timedelta(hours=1))


class Impact(models.IntegerChoices):
    """EUROSUR: on the security of the border section. Ordered, so that lists can ask for "at least"."""

    LOW = 1, "Low"
    MEDIUM = 2, "Medium"
    HIGH = 3, "High"
    VERY_HIGH = 4, "Very high"


URGENT = (Impact.HIGH, Impact.VERY_HIGH)


class Confidence(models.IntegerChoices):
    """CISE's levels of how far the information is trusted."""

    VERY_LOW = 1, "Very low"
    LOW = 2, "Low"
    MEDIUM = 3, "Medium"
    HIGH = 4, "High"
    VERY_HIGH = 5, "Very high"


class ReportState(models.TextChoices):
    DRAFT = "draft", "Draft"
    WITH_CENTRE = "with_centre", "With the coordination centre"
    WITH_HEADQUARTERS = "with_headquarters", "With headquarters"
    RETURNED = "returned", "Returned"
    VALIDATED = "validated", "Validated"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ChainStep(models.TextChoices):
    """Who validates, in this order; an operation may leave out either."""

    CENTRE = "centre", "Coordination centre"
    HEADQUARTERS = "headquarters", "Headquarters"


class Verdict(models.TextChoices):
    VALIDATED = "validated", "Validated"
    RETURNED = "returned", "Returned"


class EventState(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class Outcome(models.TextChoices):
    """Why an event is closed (EUROSUR)."""

    ENDED = "ended", "Ended"
    DID_NOT_HAPPEN = "did_not_happen", "Did not happen"
    IMPACT_TOO_LOW = "impact_too_low", "Impact too low"
    DOUBLE = "double", "Told twice: another event has it"


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


class Thing(models.TextChoices):
    """What is involved."""

    PERSON = "person", "Person"
    VEHICLE = "vehicle", "Vehicle"
    VESSEL = "vessel", "Vessel"
    GOODS = "goods", "Goods"


class Subject(models.TextChoices):
    """Categories of data subjects, Directive (EU) 2016/680 Article 6."""

    SUSPECT = "suspect", "Suspect"
    CONVICTED = "convicted", "Convicted"
    VICTIM = "victim", "Victim or possible victim"
    WITNESS = "witness", "Witness"
    INFORMANT = "informant", "Can give information"
    CONTACT = "contact", "Contact or associate"
    OTHER = "other", "None of these"


class Goods(models.TextChoices):
    DRUGS = "drugs", "Drugs"
    EXCISE = "excise", "Excise goods"
    FIREARMS = "firearms", "Firearms and ammunition"
    DOCUMENTS = "documents", "Travel documents"
    CASH = "cash", "Cash"
    OTHER = "other", "Other goods"


class SeriousKind(models.TextChoices):
    FORCE = "force", "Use of force"
    FIREARM = "firearm", "Use of a firearm"
    INJURY = "injury", "Injury"
    DEATH = "death", "Death"
    RIGHTS = "rights", "Fundamental rights"
    CUSTODY = "custody", "In custody"
    OTHER = "other", "Other"


_OF_GOODS = {
    Goods.FIREARMS: Category.FIREARMS,
    Goods.DOCUMENTS: Category.TRAVEL_DOCUMENTS,
    Goods.EXCISE: Category.CUSTOMS,
}


def categories_of(thing: str, goods: str, number: str) -> set[str]:
    """The data categories that something involved brings into the record, so that the clauses are asked for them."""
    if thing == Thing.PERSON:
        return {Category.PERSONAL_DATA.value} | ({Category.TRAVEL_DOCUMENTS.value} if number else set())
    if thing == Thing.VEHICLE:
        return {Category.VEHICLE_REGISTRATION.value} if number else set()
    found = _OF_GOODS.get(Goods(goods)) if thing == Thing.GOODS and goods else None
    return {found.value} if found else set()
