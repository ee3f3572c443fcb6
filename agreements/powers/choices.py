"""The words of powers: what is done, when, at which border, on what conditions. Every language has words for each."""

from django.db import models


class Act(models.TextChoices):
    """What officers of one state do in another. The first ones are what an occasion is made of (`GATES`)."""

    PATROL = "patrol", "Patrol jointly"
    PURSUE = "pursue", "Pursue across the border"
    OBSERVE = "observe", "Go on observing across the border"
    OBSERVE_URGENT = "observe_urgent", "Go on observing before leave is given"
    ENTER = "enter", "Cross in an emergency"
    ASSIST = "assist", "Serve under the host's command"
    DELIVER = "deliver", "Take part in a controlled delivery"
    UNDERCOVER = "undercover", "Work under cover"
    STOP = "stop", "Stop persons and vehicles"
    CHECK_IDENTITY = "check_identity", "Check identity"
    SEARCH = "search", "Search"
    SEIZE = "seize", "Seize objects"
    DETAIN = "detain", "Hold a person until the host takes over"
    ENTER_PREMISES = "enter_premises", "Enter homes and closed places"
    WEAR_UNIFORM = "wear_uniform", "Wear uniform"
    CARRY_ARMS = "carry_arms", "Carry service arms"
    USE_ARMS = "use_arms", "Use firearms"
    USE_FORCE = "use_force", "Use other force"
    OWN_VEHICLES = "own_vehicles", "Use own vehicles with signals"
    BOATS = "boats", "Use own boats"
    AIRCRAFT = "aircraft", "Use own aircraft"
    TECHNICAL_MEANS = "technical_means", "Use technical means of observation"
    CONSULT = "consult", "Consult own databases"


class Occasion(models.TextChoices):
    """In the course of what something is done: holding a person is one thing in pursuit and another on observation."""

    JOINT_PATROL = "joint_patrol", "On a joint patrol"
    PURSUIT = "pursuit", "In hot pursuit"
    OBSERVATION = "observation", "On observation"
    EMERGENCY = "emergency", "In an emergency"
    ASSISTANCE = "assistance", "Lent to the host"
    DELIVERY = "delivery", "On a controlled delivery"
    UNDERCOVER = "undercover", "Under cover"


# What opens an occasion: while no article permits any of these, nothing is permitted in its course.
GATES: dict[Occasion, tuple[Act, ...]] = {
    Occasion.JOINT_PATROL: (Act.PATROL,),
    Occasion.PURSUIT: (Act.PURSUE,),
    Occasion.OBSERVATION: (Act.OBSERVE, Act.OBSERVE_URGENT),
    Occasion.EMERGENCY: (Act.ENTER,),
    Occasion.ASSISTANCE: (Act.ASSIST,),
    Occasion.DELIVERY: (Act.DELIVER,),
    Occasion.UNDERCOVER: (Act.UNDERCOVER,),
}
OPENING = frozenset(act for acts in GATES.values() for act in acts)
# What may be done in the course of any occasion.
WITHIN = tuple(act for act in Act if act not in OPENING)


class Answer(models.TextChoices):
    """What the article says, from the widest to the narrowest."""

    YES = "yes", "May"
    ONLY_IF = "only_if", "May only if"
    AUTHORISED = "authorised", "May only when authorised"
    NO = "no", "May not"
    SILENT = "silent", "Says nothing: takes an earlier entry back"


RANK = {Answer.YES: 0, Answer.ONLY_IF: 1, Answer.AUTHORISED: 2, Answer.NO: 3}


class Border(models.TextChoices):
    LAND = "land", "Land border"
    INLAND_WATER = "inland_water", "Inland waters"
    SEA = "sea", "Sea border"
    AIR = "air", "By air"


class Requirement(models.TextChoices):
    """Triggers and conditions. Of triggers one must be given, of conditions each."""

    CAUGHT = "caught", "the person was caught in the act"
    ESCAPED = "escaped", "the person escaped from custody"
    EXTRADITABLE = "extraditable", "the offence is extraditable"
    LISTED_OFFENCE = "listed_offence", "the offence is on the article's list"
    EVADED_CHECK = "evaded_check", "the person evaded a check"
    ENFORCEMENT = "enforcement", "a sentence is to be enforced"
    LEADS_TO_SUSPECT = "leads_to_suspect", "the person may lead to the suspect"
    URGENT = "urgent", "the host could not be told or be there in time"
    DANGER = "danger", "life, limb or major assets are in immediate danger"
    AGREED_BEFORE = "agreed_before", "the host agreed beforehand"
    REQUESTED_AT_ONCE = "requested_at_once", "a request follows at once"
    HOST_LEADS = "host_leads", "host officers lead"
    HOST_PRESENT = "host_present", "host officers are present, as a rule"
    HOST_ORDER = "host_order", "the host officer in command orders it"
    HOST_LAW = "host_law", "host law allows it and the host's instructions are followed"
    STOP_ON_REQUEST = "stop_on_request", "it stops as soon as the host asks"
    NOT_OBJECTED = "not_objected", "the host has not objected"
    IDENTIFIABLE = "identifiable", "officers are recognisable: uniform, armband or marked vehicle"
    SELF_DEFENCE = "self_defence", "it is in self-defence or defence of others"
    OPEN_ROOMS = "open_rooms", "the rooms are open to the public, in opening hours"
    UNTIL_HOST = "until_host", "it lasts only until host officers take over"
    NEAR_BORDER = "near_border", "it is close to the border"
    BORDER_AREA = "border_area", "it is in the border area, unless the host leads"
    LAST_RESORT = "last_resort", "it would otherwise be hopeless or much harder"
    FREED_IN_SIX_HOURS = (
        "freed_in_six_hours",
        "who is not the host's national is freed within 6 hours (0 to 9 o'clock not counted) unless arrest for extradition is sought",
    )
    FAILS_WITHOUT = "fails_without", "the measure would fail without it"
    ON_BOARD = "on_board", "on board, or escorted off it"


# Offered as triggers: of what an article names as its occasions, one must be given.
TRIGGERS = (
    Requirement.CAUGHT,
    Requirement.ESCAPED,
    Requirement.EXTRADITABLE,
    Requirement.LISTED_OFFENCE,
    Requirement.EVADED_CHECK,
    Requirement.ENFORCEMENT,
    Requirement.LEADS_TO_SUSPECT,
    Requirement.DANGER,
    Requirement.SELF_DEFENCE,
    Requirement.HOST_ORDER,
)


class NotifyWhen(models.TextChoices):
    BEFORE = "before", "beforehand"
    CROSSING = "crossing", "on crossing, at the latest"
    AT_ONCE = "at_once", "at once"
    AFTER = "after", "afterwards"


class Lead(models.TextChoices):
    """Under whose direction."""

    HOST = "host", "under the host's direction"
    JOINT = "joint", "under joint direction"
    OWN = "own", "under one's own direction"


class Report(models.TextChoices):
    EACH = "each", "report to the host after each time"
    ASKED = "asked", "report when the host asks"


class Origin(models.TextChoices):
    """Whose words a text is in."""

    AUTHENTIC = "authentic", "authentic text"
    TRANSLATION = "translation", "translation"
    OWN_WORDS = "own_words", "own plain words"
