"""What each task of this room finds in a draft: what is said, what is missing, what looks odd."""

from agreements.drafting.looking.articles import look_at_articles, look_at_sharing
from agreements.drafting.looking.beside import DOCUMENTS, look_at_documents, look_at_powers
from agreements.drafting.looking.dates import look_at_dates
from agreements.drafting.looking.people import look_at_contacts, look_at_parties
from agreements.drafting.looking.title import look_at_area, look_at_name
from agreements.register import tasks

PARTIES = (
    "parties__country__agencies",
    "designations__agency__country",
    "designations__clauses",
    "designations__country",
)
ARTICLES = ("clauses__senders", "clauses__receivers")

TASKS = (
    tasks.Task(
        "name", "Name and kind", look_at_name, "drafting:name", order=10, hint="What it is called, and what it is."
    ),
    tasks.Task(
        "parties",
        "Parties and their agencies",
        look_at_parties,
        "drafting:parties",
        order=20,
        hint="Which states, and which authority acts for each.",
        prefetch=PARTIES,
    ),
    tasks.Task(
        "dates",
        "Dates",
        look_at_dates,
        "drafting:dates",
        order=30,
        hint="Signed, in force, last day, notice.",
        prefetch=("parties__country", "actions__country", "force_conditions"),
    ),
    tasks.Task("area", "Area", look_at_area, "drafting:area", order=40, hint="Where it applies, as it says itself."),
    tasks.Task(
        "articles",
        "Articles",
        look_at_articles,
        "drafting:articles",
        order=50,
        hint="What they are about, article by article.",
        prefetch=ARTICLES,
    ),
    tasks.Task(
        "powers",
        "Powers",
        look_at_powers,
        "drafting:powers",
        order=60,
        hint="What officers of one party may do in another.",
        prefetch=("clauses__powers",),
    ),
    tasks.Task(
        "sharing",
        "Data sharing",
        look_at_sharing,
        "drafting:sharing",
        order=70,
        hint="Nothing flows until you say so here.",
        prefetch=("parties__country", *ARTICLES),
    ),
    tasks.Task(
        "contacts",
        "Contacts and liaison",
        look_at_contacts,
        "drafting:contacts",
        order=80,
        hint="Who answers day and night.",
        prefetch=PARTIES,
        binds=False,
    ),
    tasks.Task(
        "documents",
        "Documents",
        look_at_documents,
        "drafting:documents",
        order=90,
        hint="Authentic texts, and what belongs to them.",
        prefetch=(DOCUMENTS,),
    ),
)


def register() -> None:
    for task in TASKS:
        tasks.register(task)
