"""The words of treaties: United Nations depositary vocabulary, and the words of clauses."""

from django.db import models


class InstrumentKind(models.TextChoices):
    TREATY = "treaty", "Treaty"
    AGREEMENT = "agreement", "Agreement"
    CONVENTION = "convention", "Convention"
    PROTOCOL = "protocol", "Protocol"
    EXCHANGE_OF_NOTES = "exchange_of_notes", "Exchange of notes"
    MOU = "memorandum_of_understanding", "Memorandum of understanding"
    STATUS_AGREEMENT = "status_agreement", "Status agreement"
    IMPLEMENTING_ARRANGEMENT = "implementing_arrangement", "Implementing arrangement"
    TECHNICAL_ARRANGEMENT = "technical_arrangement", "Technical arrangement"
    DOMESTIC_ARRANGEMENT = "domestic_arrangement", "Domestic arrangement"


class ActionKind(models.TextChoices):
    """Treaty actions as the UN Treaty Collection names them."""

    INITIALLING = "initialling", "Initialling"
    ADOPTION = "adoption", "Adoption"
    OPENING = "opening_for_signature", "Opening for signature"
    SIGNATURE = "signature", "Signature"
    DEFINITIVE_SIGNATURE = "definitive_signature", "Definitive signature"
    RATIFICATION = "ratification", "Ratification"
    ACCEPTANCE = "acceptance", "Acceptance"
    APPROVAL = "approval", "Approval"
    FORMAL_CONFIRMATION = "formal_confirmation", "Formal confirmation"
    ACCESSION = "accession", "Accession"
    SUCCESSION = "succession", "Succession"
    CONSENT = "consent_to_be_bound", "Consent to be bound"
    PARTICIPATION = "participation", "Participation"
    PROVISIONAL_APPLICATION = "provisional_application", "Provisional application"
    ENTRY_INTO_FORCE = "entry_into_force", "Entry into force"
    RESERVATION = "reservation", "Reservation"
    OBJECTION = "objection", "Objection"
    DECLARATION = "declaration", "Interpretative declaration"
    NOTIFICATION = "notification", "Notification"
    TERRITORIAL_APPLICATION = "territorial_application", "Territorial application"
    TERRITORIAL_EXCLUSION = "territorial_exclusion", "Territorial exclusion"
    REGISTRATION = "registration", "Registration"
    AMENDMENT = "amendment", "Amendment"
    MODIFICATION = "modification", "Modification"
    RECTIFICATION = "rectification", "Rectification"
    EXTENSION = "extension", "Extension"
    NON_RENEWAL = "non_renewal", "Notice against renewal"
    SUSPENSION = "suspension", "Suspension"
    LIFTING = "lifting", "Lifting of a suspension"
    DENUNCIATION = "denunciation", "Denunciation"
    WITHDRAWAL = "withdrawal", "Withdrawal"
    TERMINATION = "termination", "Termination"


# Consent to be bound by a treaty (Vienna Convention on the Law of Treaties, Articles 11 to 17).
BINDING = frozenset(
    {
        ActionKind.DEFINITIVE_SIGNATURE,
        ActionKind.RATIFICATION,
        ActionKind.ACCEPTANCE,
        ActionKind.APPROVAL,
        ActionKind.FORMAL_CONFIRMATION,
        ActionKind.ACCESSION,
        ActionKind.SUCCESSION,
        ActionKind.CONSENT,
        ActionKind.PARTICIPATION,
    }
)
# Facts that narrow act at once; facts that widen wait for both sides of each pair (R22).
NARROWING = frozenset(
    {
        ActionKind.RESERVATION,
        ActionKind.OBJECTION,
        ActionKind.SUSPENSION,
        ActionKind.DENUNCIATION,
        ActionKind.WITHDRAWAL,
        ActionKind.NON_RENEWAL,
        ActionKind.TERMINATION,
    }
)
WIDENING = BINDING | {
    ActionKind.ENTRY_INTO_FORCE,
    ActionKind.PROVISIONAL_APPLICATION,
    ActionKind.EXTENSION,
    ActionKind.LIFTING,
}


# What a lifting ends.
LIFTABLE = frozenset({ActionKind.RESERVATION, ActionKind.OBJECTION, ActionKind.SUSPENSION})
# How a party leaves an agreement.
LEAVING = frozenset({ActionKind.DENUNCIATION, ActionKind.WITHDRAWAL})
# Acts that count between any two parties, whoever did them.
OF_ALL = frozenset({ActionKind.LIFTING, ActionKind.TERMINATION, ActionKind.EXTENSION, ActionKind.NON_RENEWAL})
# Where a condition computes the entry into force, also who consented and who left.
COUNTED = BINDING | LEAVING


class DelayUnit(models.TextChoices):
    """How the time between the consents and the first day of effect is counted."""

    DAYS = "days", "Days"
    MONTHS = "months", "Months"
    MONTH_STARTS = "month_starts", "First day of the following month, counted in months"


class RelationKind(models.TextChoices):
    """What one instrument is to another."""

    AMENDS = "amends", "Amends"
    PROTOCOL = "protocol_to", "Protocol to"
    ANNEX = "annex_to", "Annex to"
    SUPPLEMENTS = "supplements", "Supplements"
    IMPLEMENTS = "implements", "Implements"
    SUCCEEDS = "succeeds", "Replaces"

    @property
    def back(self) -> str:
        """The same seen from the other instrument."""
        return _BACK[self.value]


_BACK = {
    "amends": "Amended by",
    "protocol_to": "Has the protocol",
    "annex_to": "Has the annex",
    "supplements": "Supplemented by",
    "implements": "Implemented by",
    "succeeds": "Replaced by",
}


class Way(models.TextChoices):
    """The direction that a reservation narrows, seen from who made it."""

    GIVING = "giving", "What it gives"
    RECEIVING = "receiving", "What it receives"


class ClauseKind(models.TextChoices):
    INFORMATION_SHARING = "information_sharing", "Information sharing"
    HIT_NO_HIT = "hit_no_hit", "Hit / no-hit"
    JOINT_PATROL = "joint_patrol", "Joint patrol"
    HOT_PURSUIT = "hot_pursuit", "Hot pursuit"
    CROSS_BORDER_SURVEILLANCE = "cross_border_surveillance", "Cross-border surveillance"
    CONTROLLED_DELIVERY = "controlled_delivery", "Controlled delivery"
    LIAISON_OFFICERS = "liaison_officers", "Liaison officers"
    FORCE_AND_ARMS = "use_of_force_and_arms", "Use of force and arms"
    UNIFORM_VEHICLES = "uniform_and_vehicles", "Uniform and vehicles"
    MUTUAL_ASSISTANCE = "mutual_assistance", "Mutual assistance"
    JOINT_INVESTIGATION = "joint_investigation_team", "Joint investigation team"
    EXTRADITION = "extradition", "Extradition"
    EVIDENCE = "evidence", "Evidence handling"
    JURISDICTION = "jurisdiction", "Jurisdiction"
    DATA_PROTECTION = "data_protection", "Data protection"
    COMMUNICATIONS = "communications", "Communications"
    TRAINING = "training", "Training"
    COSTS_LIABILITY = "costs_liability", "Costs and liability"


class Category(models.TextChoices):
    """Data categories: the words of the clauses. Extended by adding a line here."""

    OPERATIONAL = "operational", "Operational"
    CRIMINAL_INTELLIGENCE = "criminal_intelligence", "Criminal intelligence"
    PERSONAL_DATA = "personal_data", "Personal data"
    VEHICLE_REGISTRATION = "vehicle_registration", "Vehicle registration"
    TRAVEL_DOCUMENTS = "travel_documents", "Travel documents"
    FINGERPRINTS = "fingerprints", "Fingerprints"
    DNA = "dna", "DNA"
    FACIAL_IMAGES = "facial_images", "Facial images"
    PASSENGER_DATA = "passenger_data", "Passenger data"
    FIREARMS = "firearms", "Firearms"
    CUSTOMS = "customs", "Customs"
    EVIDENCE = "evidence", "Evidence"


class Purpose(models.TextChoices):
    """Purposes a clause may name (after CISE's purpose list)."""

    BORDER_MONITORING = "border_monitoring", "Border monitoring"
    BORDER_OPERATION = "border_operation", "Border operation"
    LAW_ENFORCEMENT = "law_enforcement", "Law enforcement"
    CUSTOMS_OPERATION = "customs_operation", "Customs operation"
    SECURITY = "security", "Public security"
    SAFETY = "safety", "Safety and rescue"
    COORDINATION = "coordination", "Coordination and administration"


class Direction(models.TextChoices):
    MUTUAL = "mutual", "All parties to all parties"
    ONE_WAY = "one_way", "Named senders to named receivers"


class Onward(models.TextChoices):
    NEVER = "never", "Never"
    CONSENT = "consent", "With the originator's consent"
    FREE = "free", "Free"
