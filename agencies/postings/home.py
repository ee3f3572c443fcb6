"""What home tells an agency's admin: proposals to answer, accounts that sleep, open items nobody took over. And every
officer: what was handed over to one."""

from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission, Role
from agencies.postings import handover
from agencies.postings.accounts import accounts_of
from agencies.postings.choices import AccountState
from agencies.postings.models import Handover, Posting
from agencies.postings.posting import may_answer
from portal.ui import home

FRESH = timedelta(days=30)


def register() -> None:
    home.register(
        home.Card(
            "postings.keeping",
            "Officers over time",
            "arrow-left-right",
            "postings/home_keeping.html",
            _keeping,
            order=22,
            roles=frozenset({Role.AGENCY_ADMIN}),
        )
    )
    home.register(
        home.Card(
            "postings.taken_over",
            "Handed over to you",
            "box-arrow-in-down",
            "postings/home_taken.html",
            _taken,
            order=60,
            permission=Permission.DIRECTORY_VIEW,
            aside=True,
        )
    )


def _keeping(request: HttpRequest) -> home.Content:
    by: Appointment = request.appointment  # type: ignore[attr-defined]
    at = request.now  # type: ignore[attr-defined]
    waiting = [
        row
        for row in Posting.objects.kept_by(by).standing().filter(accepted_at=None).with_words()
        if row.ends_at() > at and may_answer(row, by)
    ]
    states = [row.state for row in accounts_of(by.agency, at)]
    gaps = sum(gap.total for gap in handover.gaps_of(by.agency, at))
    accounts = reverse("postings:account-list")
    return home.Content(
        [
            home.Number(
                len(waiting),
                "postings wait for your answer",
                f"{reverse('postings:posting-list')}?state=proposed",
                "warning",
                one="posting waits for your answer",
            ),
            home.Number(
                states.count(AccountState.DORMANT),
                "dormant accounts",
                f"{accounts}?state=dormant",
                "warning",
                one="dormant account",
            ),
            home.Number(
                states.count(AccountState.SOON),
                "accounts dormant within a week",
                f"{accounts}?state=soon_dormant",
                one="account dormant within a week",
            ),
            home.Number(
                gaps,
                "open items of officers who left",
                f"{reverse('postings:handover-list')}?show=gaps",
                "warning",
                one="open item of an officer who left",
            ),
        ],
        {"waiting": waiting},
    )


def _taken(request: HttpRequest) -> home.Content:
    by: Appointment = request.appointment  # type: ignore[attr-defined]
    at = request.now  # type: ignore[attr-defined]
    rows = list(Handover.objects.filter(successor__in=by.chain, made_at__gte=at - FRESH).with_words()[:5])
    return home.Content([], {"rows": rows} if rows else None)
