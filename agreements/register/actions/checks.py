"""What cannot be: dates, parties and the order of treaty actions. Each check raises Refused at its field."""

from datetime import date, timedelta

from django.db.models import Min
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.register.choices import BINDING, LIFTABLE, NARROWING, ActionKind
from agreements.register.days import stop_day
from agreements.register.models import TreatyAction
from portal.ui.errors import Refused

K = ActionKind
# Acts that only a single party does.
OF_A_PARTY = BINDING | {
    K.SIGNATURE,
    K.PROVISIONAL_APPLICATION,
    K.RESERVATION,
    K.OBJECTION,
    K.DECLARATION,
    K.DENUNCIATION,
    K.WITHDRAWAL,
    K.NON_RENEWAL,
    K.TERRITORIAL_APPLICATION,
    K.TERRITORIAL_EXCLUSION,
}
# Consents that follow a signature.
AFTER_SIGNATURE = frozenset({K.RATIFICATION, K.ACCEPTANCE, K.APPROVAL, K.FORMAL_CONFIRMATION})
TOWARDS = frozenset({K.SUSPENSION, K.OBJECTION})
TERRITORIAL = frozenset({K.TERRITORIAL_APPLICATION, K.TERRITORIAL_EXCLUSION})
# Which acts alone a field is for: of any other it is refused, and a form need not ask.
CONCERNS: dict[str, frozenset[ActionKind]] = {
    "counterpart": TOWARDS,
    "excludes": frozenset({K.RESERVATION}),
    "lowers_ceiling_to": frozenset({K.RESERVATION}),
    "way": frozenset({K.RESERVATION}),
    "lifts": frozenset({K.LIFTING}),
    "territory": TERRITORIAL,
}
# Days that are known before they come.
FORESEEN = frozenset({K.ENTRY_INTO_FORCE, K.EXTENSION, K.PROVISIONAL_APPLICATION})
ONCE = BINDING | {K.SIGNATURE, K.ENTRY_INTO_FORCE}


def check(action: TreatyAction, by: Appointment, *, odd: bool = False) -> None:
    """Everything that must hold before the action is recorded. `odd`: an order of days that cannot be is taken as it
    stands, for a person to judge: the room of drafts flags it."""
    _check_parties(action)
    _check_days(action)
    if not odd:
        _check_concluded(action)
        _check_order(action)
    _check_limits(action)
    _check_lifting(action)
    _check_renewal(action)
    _check_territory(action)
    _check_rectifying(action)
    if action.kind in NARROWING and action.rectifies is None:
        _check_own(action, by)


def _check_parties(action: TreatyAction) -> None:
    parties = {party.country_id for party in action.agreement.parties.all()}
    for field, country in (("country", action.country), ("counterpart", action.counterpart)):
        if country is not None and country.pk not in parties:
            raise Refused(f"{country.name} is no party of this agreement.", field=field)
    if action.kind in OF_A_PARTY and action.country is None:
        raise Refused("Say which party did this.", field="country")
    _check_counterpart(action)


def _check_counterpart(action: TreatyAction) -> None:
    if action.kind == K.OBJECTION and action.counterpart is None:
        raise Refused("Say towards which party it objects.", field="counterpart")
    if action.counterpart is None:
        return
    if action.kind not in TOWARDS:
        raise Refused("Only a suspension or an objection is towards one party.", field="counterpart")
    if action.country is None:
        raise Refused("Say which party did this.", field="country")
    if action.counterpart_id == action.country_id:
        raise Refused("Name the other party.", field="counterpart")


def _check_days(action: TreatyAction) -> None:
    agreement = action.agreement
    today = timezone.now().astimezone(agreement.zone).date()
    if action.done_on > today and action.kind not in FORESEEN:
        raise Refused("This day has not come. Give a later day as its first day of effect.", field="done_on")
    if action.effective_on and action.effective_on < action.done_on:
        raise Refused("It cannot take effect before it was done.", field="effective_on")
    if action.until and action.until < (action.effective_on or action.done_on):
        raise Refused("The last day is before the first.", field="until")


def _check_concluded(action: TreatyAction) -> None:
    agreement = action.agreement
    free = action.kind in (K.ADOPTION, K.SIGNATURE, K.DEFINITIVE_SIGNATURE)
    if agreement.concluded_on and action.done_on < agreement.concluded_on and not free:
        raise Refused(f"The agreement was concluded on {_day(agreement.concluded_on)}.", field="done_on")


def _check_order(action: TreatyAction) -> None:
    """A ratification follows the signature, whichever of the two is recorded first."""
    own = action.agreement.actions.filter(country=action.country)
    if action.rectifies is not None:
        own = own.exclude(pk=action.rectifies.pk)
    if action.kind in AFTER_SIGNATURE:
        signed = own.filter(kind=K.SIGNATURE).aggregate(day=Min("done_on"))["day"]
        if signed and action.done_on < signed:
            word = action.get_kind_display()
            raise Refused(f"{word} before the signature: signed on {_day(signed)}.", field="done_on")
    if action.kind == K.SIGNATURE:
        consent = own.filter(kind__in=AFTER_SIGNATURE).aggregate(day=Min("done_on"))["day"]
        if consent and action.done_on > consent:
            raise Refused(f"The signature is after the ratification of {_day(consent)}.", field="done_on")
    if action.kind in ONCE and own.filter(kind=action.kind, done_on=action.done_on).exists():
        raise Refused("This is recorded already.", field="done_on")


def _check_limits(action: TreatyAction) -> None:
    if action.kind != K.RESERVATION and (action.excludes or action.lowers_ceiling_to is not None or action.way):
        raise Refused(
            "Only a reservation excludes data, lowers the ceiling or narrows one direction.", field="excludes"
        )
    if action.kind == K.EXTENSION:
        if action.agreement.expires_on is None:
            raise Refused("The agreement has no last day: there is nothing to extend.", field="kind")
        if action.until is None:
            raise Refused("Say until when it is extended.", field="until")
        if action.until <= action.agreement.expires_on:
            last = _day(action.agreement.expires_on)
            raise Refused(f"Without it the agreement runs until {last} already.", field="until")


def _check_lifting(action: TreatyAction) -> None:
    lifted = action.lifts
    if action.kind != K.LIFTING:
        if lifted is not None:
            raise Refused("Only a lifting lifts something.", field="lifts")
        return
    if lifted is None or lifted.agreement_id != action.agreement_id or lifted.kind not in LIFTABLE:
        raise Refused("Say which suspension, objection or reservation of this agreement it lifts.", field="lifts")
    if action.done_on < lifted.done_on:
        raise Refused(f"What it lifts was done on {_day(lifted.done_on)}.", field="done_on")
    if lifted.liftings.filter(clauses=None, until=None).exists():
        raise Refused("That is lifted already.", field="lifts")


def _check_renewal(action: TreatyAction) -> None:
    agreement = action.agreement
    if action.kind == K.EXTENSION and agreement.renews_months:
        raise Refused("It renews itself: there is nothing to extend.", field="kind")
    if action.kind != K.NON_RENEWAL:
        return
    if not agreement.renews_months:
        raise Refused("The agreement does not renew itself.", field="kind")
    if agreement.parties.count() > 2:
        raise Refused(
            "It has more than two parties: one alone does not end it. Record a denunciation with effect from the day "
            "after the term.",
            field="kind",
        )
    stop = stop_day(
        agreement.expires_on or action.done_on,
        agreement.renews_months,
        agreement.renewal_notice_months or 0,
        action.done_on,
    )
    if action.effective_on != stop + timedelta(days=1):
        raise Refused(f"This notice ends the agreement with the term, on {_day(stop)}.", field="effective_on")


def _check_rectifying(action: TreatyAction) -> None:
    """A correction is of the same kind and party, or strikes the act out; one at a time (R22)."""
    wrong = action.rectifies
    if action.kind == K.RECTIFICATION and wrong is None:
        raise Refused("Say which act was recorded in error.", field="rectifies")
    if wrong is None:
        return
    if wrong.agreement_id != action.agreement_id:
        raise Refused("There is no such act in this agreement.", field="rectifies")
    same = (wrong.kind, wrong.country_id) == (action.kind, action.country_id)
    if action.kind != K.RECTIFICATION and not same:
        raise Refused(
            "A correction is of the same kind and party. Strike the wrong act out and record another.",
            field="rectifies",
        )
    if action.kind == K.RECTIFICATION and action.country_id not in (None, wrong.country_id):
        raise Refused("The act is another party's.", field="country")
    if wrong.rectified_by.exists():
        raise Refused("That is corrected already. Correct the correction.", field="rectifies")
    if wrong.kind == K.RECTIFICATION:
        raise Refused("What was struck out is recorded anew.", field="rectifies")


def _check_territory(action: TreatyAction) -> None:
    territorial = action.kind in TERRITORIAL
    if territorial and not action.territory:
        raise Refused("Name the territory.", field="territory")
    if action.territory and not territorial:
        raise Refused("Only a territorial application or exclusion names a territory.", field="territory")


def _check_own(action: TreatyAction, by: Appointment) -> None:
    """What narrows is for the party concerned to record, for itself (R22)."""
    own = by.agency.country
    if action.country is not None and action.country_id != own.pk:
        name = action.country.name
        raise Refused(f"Only {name}'s own treaty admin records this for {name}.", field="country", code="forbidden")
    many = action.agreement.parties.count() > 2
    if many and (action.country is None or action.kind == K.TERMINATION):
        raise Refused(
            f"It has more than two parties: record what {own.name} does, as suspension, denunciation or withdrawal.",
            field="kind" if action.kind == K.TERMINATION else "country",
        )


def _day(day: date) -> str:
    return day.strftime("%-d %b %Y")
