"""Leaks, sown on purpose: each drops one filter at one door, or one clause of one rule (`test_mutants`).

Add yours with the door or the rule that you add. What it is that must notice stands beside each:

- `policy`: the model of the rules (`model`), asked of the decision (Python), of the list and the feed (SQL), in a
  world where each clause of the rules decides one record alone (`terse`). `halves` are those that it must show in.
- `keyed`, `listed`, `known`: the pieces of the leak test (`asking`), at the doors named.
- `proved`: a test of the suite.
"""

from dataclasses import dataclass, field
from typing import Any

Edit = tuple[str, str, str]
DECISION, LIST, FEED = "decision", "list", "feed"
ALL = (DECISION, LIST, FEED)


@dataclass(frozen=True)
class Mutant:
    """`edits` are place, text before, text after (`rewriting`)."""

    name: str
    rule: str
    edits: tuple[Edit, ...]
    proof: str
    halves: tuple[str, ...] = ()
    doors: tuple[str, ...] = ()
    test: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    # The second lock lets nothing through here: the leak shows only with the lock open (ADR 0020).
    # None: it masks some of it.
    locked: bool | None = False

    def __str__(self) -> str:
        return f"{self.rule} {self.name}"


def policy(rule: str, name: str, halves: tuple[str, ...], *edits: Edit) -> Mutant:
    return Mutant(name, rule, edits, "policy", halves=halves)


def keyed(rule: str, name: str, doors: str, *edits: Edit, locked: bool | None = False) -> Mutant:
    return Mutant(name, rule, edits, "keyed", doors=tuple(doors.split()), locked=locked)


def listed(rule: str, name: str, doors: str, *edits: Edit, locked: bool | None = False) -> Mutant:
    return Mutant(name, rule, edits, "listed", doors=tuple(doors.split()), locked=locked)


def known(rule: str, name: str, doors: str, *edits: Edit, locked: bool | None = False) -> Mutant:
    return Mutant(name, rule, edits, "known", doors=tuple(doors.split()), locked=locked)


def proved(rule: str, name: str, test: str, *edits: Edit, locked: bool | None = False, **given: Any) -> Mutant:
    return Mutant(name, rule, edits, "proved", test=test, given=given, locked=locked)


ACCESS, CHANNEL = "agreements.sharing.policy.access:", "agreements.sharing.policy.channel:"
MEANT = "agreements.sharing.policy.meant:"
COVERS, ABROAD = ACCESS + "LiveAudience.covers", ACCESS + "LiveAudience._covers_abroad"
DECIDE, DOOR = "agreements.sharing.policy.decide:decide", "agreements.sharing.lanes:Door.as_sql"
LIVE, SQL = "agreements.sharing.lanes:LIVE", "agreements.sharing.statements:ByLane."
BINDING, EFFECTS = "agreements.register.status.binding:", "agreements.register.status.effects:"
TERMS, NARROWED = "agreements.register.status.terms:", "agreements.register.status.narrowing:"
LISTS = (LIST, FEED)

# A release that came by no channel has no sentence that says by which.
WITHOUT_WORDS = (
    "agreements.sharing.policy.decide:sentence_of",
    "next(c for c in audience.channels if c.sender == release.provider_id)",
    "audience.channels[0]",
)

# The decision, in Python.
DECISIONS = [
    policy("R1", "a role without the view permission decides", (DECISION,), (DECIDE, "record.kind not in access.kinds", "False")),
    policy("R2", "clearance and ceiling", (DECISION,), (COVERS, "release.classification <= self.ceiling", "True")),
    policy("R7", "TLP at reading", (DECISION,), (COVERS, "release.tlp <= self.widest_tlp", "True")),
    policy("R4", "until", (DECISION,), (COVERS, "(release.until is None or release.until > at)", "True")),
    policy("R13", "revoked", (DECISION,), (COVERS, "release.revoked_at is None", "True"), (ACCESS + "given_of", "record.releases.filter(revoked_at=None)", "record.releases")),
    policy("R4", "who gave it", (DECISION,), (COVERS, "release.provider_id in self.providers", "True"), WITHOUT_WORDS),
    policy("R6", "no category at all", (DECISION,), (ABROAD, "bool(present)", "True")),
    policy("R4", "one category is enough", (DECISION,), (ABROAD, "present <= self.categories", "bool(present & self.categories)")),
    policy("R4", "purpose", (DECISION,), (ABROAD, "release.purpose in self.purposes", "True")),
    policy("R7", "REL TO", (DECISION,), (ABROAD, "(release.rel_to is None or self.country in release.rel_to)", "True")),
    policy("R7", "REL TO that is empty means everybody", (DECISION,), (ABROAD, "release.rel_to is None", "not release.rel_to")),
    policy("R15", "since", (DECISION,), (ABROAD, "(self.since is None or release.released_at >= self.since)", "True")),
    policy("R4", "retention", (DECISION,), (ABROAD, "(self.retention is None or release.released_at > at - self.retention)", "True")),
    policy("R11", "what was passed on outlives what it leans on", (DECISION,), (ABROAD, "(release.via_id is None or release.via_id in self.vias)", "True")),
    proved(
        "R4", "what survives takes something new",
        "tests.doors.mutant_proofs:nothing_new_survives",
        (ABROAD, "(self.till is None or release.released_at < self.till)", "True"),
    ),
]  # fmt: skip

# The same in SQL.
STATEMENTS = [
    policy("R2", "clearance and ceiling in SQL", LISTS, (LIVE, "release.classification <= lane.ceilings[array_position(lane.providers, release.provider_id)]", "release.provider_id = ANY(lane.providers)")),
    policy("R7", "TLP in SQL", LISTS, (LIVE, "release.tlp <= lane.tlp", "true")),
    policy("R4", "until in SQL", LISTS, (LIVE, "(release.until IS NULL OR release.until > lane.at)", "true")),
    policy("R6", "no category at all in SQL", LISTS, (LIVE, "release.categories <> '{}'", "true")),
    policy("R4", "one category is enough in SQL", LISTS, (LIVE, "release.categories <@ lane.categories", "release.categories && lane.categories")),
    policy("R4", "purpose in SQL", LISTS, (LIVE, "release.purpose = ANY(lane.purposes)", "true")),
    policy("R7", "REL TO in SQL", LISTS, (LIVE, "release.rel_to @> ARRAY", "true OR release.rel_to @> ARRAY")),
    policy("R15", "since in SQL", LISTS, (LIVE, "release.released_at >= coalesce(lane.sinces[array_position(lane.providers, release.provider_id)], '-infinity')", "true")),
    policy("R4", "retention in SQL", LISTS, (LIVE, "release.released_at > coalesce(lane.kept, '-infinity')", "true")),
    policy("R11", "via in SQL", LISTS, (LIVE, "(release.via_id IS NULL OR release.via_id = ANY(lane.vias))", "true")),
    policy("R13", "revoked in the list", (LIST,), (DOOR, "release.revoked_at IS NULL", "true")),
    policy("R13", "revoked in the feed", (FEED,), (SQL + "_standing", "release.revoked_at IS NULL", "true")),
    policy("R1", "kinds that the role reads in the list", (LIST,), (DOOR, "release.kind = ANY(%s)", "%s IS NOT NULL"), ("agreements.sharing.querysets:RecordQuerySet.visible_to", ", kind__in=access.kinds", "")),
    proved(
        "R4", "what survives takes something new, in SQL",
        "tests.doors.mutant_proofs:nothing_new_survives",
        (LIVE, "release.released_at < coalesce(lane.tills[array_position(lane.providers, release.provider_id)], 'infinity')", "true"),
    ),
]  # fmt: skip

# Which audiences are live, and by which channels: both halves stand on it.
AUDIENCES = [
    policy("R1", "an appointment that is over", ALL, (ACCESS + "access", "not appointment.is_in_effect(at)", "False")),
    policy("R2", "the ceiling without the clearance", ALL, (ACCESS + "live_of", "ceiling=min(ceiling, clearance)", "ceiling=ceiling"), (ACCESS + "live_of", "ceiling=clearance,", "ceiling=9,")),
    policy("R7", "how far each TLP travels", ALL, ("agreements.sharing.choices:widest_tlp", "return WIDEST_TLP[kind]", "return Tlp.RED")),
    policy("R8", "who is named for a RED record", ALL, (MEANT + "own_of", "Meant(AudienceKind.OWN_OFFICER, {\"appointment_id\": appointment.chain})", "Meant(AudienceKind.OWN_OFFICER, {})")),
    policy("R3", "compartments", ALL, (MEANT + "own_of", "Meant(AudienceKind.OWN_CIRCLE, {\"circle_id\": circles})", "Meant(AudienceKind.OWN_CIRCLE, {})")),
    policy("R3", "own", ALL, (MEANT + "own_of", "Meant(AudienceKind.OWN_AGENCY, {\"agency_id\": agencies})", "Meant(AudienceKind.OWN_AGENCY, {})"), (COVERS, "release.provider_id in self.providers", "True"), (LIVE, "release.classification <= lane.ceilings[array_position(lane.providers, release.provider_id)]", "true"), WITHOUT_WORDS),
    policy("R4", "which agency", ALL, (MEANT + "meant_for", "Meant(AudienceKind.AGENCY, {\"agency_id\": agencies})", "Meant(AudienceKind.AGENCY, {})")),
    policy("R4", "which party", ALL, (MEANT + "meant_for", "Meant(AudienceKind.PARTY, {\"country_id\": parties})", "Meant(AudienceKind.PARTY, {})"), (ACCESS + "live_of", "kind == AudienceKind.PARTY and", "False and")),
    policy("R4", "which function", ALL, (MEANT + "meant_for", "{\"agency_id\": agencies, \"function\": (appointment.function,)}", "{\"agency_id\": agencies}")),
    policy("R4", "which unit", ALL, (MEANT + "meant_for", "Meant(AudienceKind.UNIT, {\"unit_id\": units})", "Meant(AudienceKind.UNIT, {})")),
    policy("R4", "who is in the circle", ALL, (MEANT + "meant_for", "Meant(AudienceKind.CIRCLE, {\"circle_id\": circles})", "Meant(AudienceKind.CIRCLE, {})")),
    policy("R9", "who is named abroad", ALL, (MEANT + "meant_for", "Meant(AudienceKind.OFFICER, {\"appointment_id\": appointment.chain})", "Meant(AudienceKind.OFFICER, {})")),
    policy("R15", "a circle since the participation began", ALL, ("agreements.sharing.policy.reaching:reach_since", "max(item.since, joined) if joined is not None else item.since", "item.since")),
    policy("R11", "a release that was taken back is held still", ALL, ("agreements.sharing.policy.onward:_stood", "(row.revoked_at is None or row.revoked_at > at)", "True")),
    policy("R11", "a release by one that never had it", ALL, ("agreements.sharing.policy.onward:_all_the_way", "while (key, agency) in live:", "while True:")),
    policy("R4", "agencies of one party", ALL, (CHANNEL + "_parties_gap", "giver == taker and len(treaty.parties) > 1", "False")),
    policy("R4", "direction", ALL, (CHANNEL + "_parties_gap", "not clause.mutual", "False")),
    policy("R4", "objection", ALL, (CHANNEL + "_blocked", "is_cut(treaty, clause.id, pair, at)", "False")),
    policy("R4", "reserved categories", ALL, (NARROWED + "narrowed", "categories - fact.excludes", "categories")),
    policy("R4", "a reserved ceiling", ALL, (NARROWED + "narrowed", "min(ceiling, fact.lowers_ceiling_to)", "ceiling")),
    policy("R4", "expiry", ALL, (TERMS + "ended", "expiry is not None and expiry < treaty.day(at)", "False")),
    policy("R4", "the day after the last", ALL, (TERMS + "ended", "expiry < treaty.day(at)", "expiry < treaty.day(at) - timedelta(days=1)".replace("timedelta", "__import__('datetime').timedelta"))),
    policy("R4", "termination", ALL, (TERMS + "ended", "fact.kind == ActionKind.TERMINATION and", "False and")),
    policy("R4", "withdrawal of a party", ALL, (EFFECTS + "left_on", "fact.kind in LEAVING and", "False and")),
    policy("R4", "suspension", ALL, (NARROWED + "suspended", "concerned and strikes", "False and strikes")),
    policy("R4", "suspension by one party", ALL, (NARROWED + "suspended", "fact.country in (None, party)", "fact.country is None")),
    policy("R4", "a withdrawn designation", ALL, (EFFECTS + "designated", "row.withdrawn_at is not None and row.withdrawn_at <= at", "False")),
    policy("R4", "a designation that ran out", ALL, (EFFECTS + "designated", "if row.ends else []", "if False else []")),
    policy("R15", "a designation that has not begun", ALL, (EFFECTS + "_designated_from", "row.starts > treaty.day(at)", "False"), (EFFECTS + "_designated_from", "max(treaty.start_of(row.starts), confirmed)", "confirmed")),
    policy("R22", "what widens without the other party", ALL, (EFFECTS + "confirmed_at", "return None", "continue")),
    policy("R4", "a party that never consented", ALL, (BINDING + "_definitive", "or not consents", ""), (BINDING + "_definitive", "min(consents)", "min(consents, default=force)")),
    policy("R4", "an agreement that is not in force", ALL, (BINDING + "_definitive", "force is None or", ""), (BINDING + "_definitive", "[force, min(consents),", "[min(consents),")),
    policy("R15", "bound since the later of both", ALL, (CHANNEL + "_channel", "max(*starts, terms.since)", "min(*starts, terms.since)")),
    proved("R4", "a selective suspension", "tests.agreements.register.test_status:test_selective_suspension_cuts_between_two_only", (NARROWED + "is_cut", "fact.kind in (ActionKind.OBJECTION, ActionKind.SUSPENSION)", "fact.kind == ActionKind.OBJECTION")),
    proved("R22", "lifting by one of the two", "tests.agreements.register.test_status:test_lifting_needs_both", (NARROWED + "suspended", "lifted(treaty, fact, clause, at, pair)", "lifted(treaty, fact, clause, at, frozenset())")),
    proved("R4", "a reservation to the whole clause", "tests.agreements.register.test_status:test_reservation_without_a_limit_puts_the_party_out_of_the_clause", (BINDING + "bound", "or reserved(treaty, clause, party, at, pair)", "")),
    proved("R4", "the article above", "tests.agreements.sharing.test_policy:test_an_instrument_binds_only_while_its_parent_article_does", (BINDING + "with_parent", "if isinstance(above, Gap):", "if False:"), (BINDING + "with_parent", "return Bond(max(own.since, above.since), own.provisional or above.provisional)", "return own")),
    proved("R4", "what is displaced", "tests.agreements.sharing.test_displaced:test_what_is_displaced_between_two_carries_nothing_between_them", ("agreements.sharing.policy.displacing:displacing", "if _binds_both(treaties, other, pair, at)", "if False")),
    proved("R4", "a participation that ended", "tests.doors.mutant_proofs:participation_ended", (MEANT + "circles_of", "and (row.participation.ended_at is None or row.participation.ended_at > at)", "")),
    proved("R4", "an assignment that ended", "tests.doors.mutant_proofs:assignment_ended", (MEANT + "circles_of", "if (row.ended_at is None or row.ended_at > at)", "if True")),
    proved("R4", "an assignment past its last day", "tests.doors.mutant_proofs:assignment_run_out", (MEANT + "circles_of", "and (row.ends_on is None or row.ends_on >= day)", "")),
    proved("R4", "a survivor that is suspended", "tests.agreements.sharing.test_survival:test_a_withdrawn_designation_is_lost", ("agreements.sharing.policy.surviving:_kept", "if row.withdrawn_at is None or row.withdrawn_at > at", "")),
    proved("R4", "AMBER to a meeting's circle", "tests.agreements.sharing.test_rules:test_amber_reaches_an_operations_circle_and_no_other", ("agreements.sharing.choices:widest_tlp", "circle != CircleKind.OPERATION", "False"), kind="meeting", tlp=2, live=False),
]  # fmt: skip

# Writing: what a release, an order or a consent needs.
ACTS = [
    proved("R20", "the second officer", "tests.agreements.approvals.test_approvals:test_one_alone_releases_nothing", ("agreements.sharing.actions.releases:needs_second", "bound is not None and", "False and")),
    proved("R20", "the same officer approves", "tests.agreements.approvals.test_approvals:test_who_may_not_approve", ("agreements.sharing.actions.releases:_check_second", "second.officer_id == by.officer_id or", ""), ("agreements.approvals.actions:approve", "row.asked_by.officer_id == by.officer_id", "False")),
    proved("R11", "a consent that has run out", "tests.agreements.onward.test_actions:test_a_consent_runs_out", ("agreements.onward.actions:pass_on_consented", "row.ends_at <= now", "False"), ("agreements.onward.actions:pass_on_consented", "min(ends)", "now + __import__('datetime').timedelta(days=9)")),
    proved("R11", "what was passed on outlives the consent", "tests.agreements.onward.test_actions:test_asked_consented_passed_on_and_ended", ("agreements.onward.actions:end_consent", "row.release is not None", "False")),
    proved("R11", "the strictest rule on the way", "tests.agreements.onward.test_actions:test_free_needs_no_question_and_never_has_none", ("agreements.sharing.policy.onward:_way", "STRICTER[Onward(clause.onward)] > STRICTER[rule]", "False")),
    proved("R10", "H2 goes on freely", "tests.doors.mutant_proofs:h2_asks_for_consent", ("agreements.sharing.policy.onward:_way", "rule == Onward.FREE and HandlingCode.H2 in record.handling_codes", "False")),
    proved("R12", "what cites is marked more loosely", "tests.agreements.citations.test_citations:test_never_marked_more_loosely_than_what_it_cites", ("agreements.citations.actions:marking_gate", "if missing:", "if False:")),
    proved("R21", "a receiver releases a record", "tests.agreements.sharing.test_policy:test_a_receiver_does_not_release", ("agreements.sharing.policy.decide:_refused", "if not owner:", "if False:")),
    proved("R7", "display-only is exported", "tests.operations.meetings.test_pages:test_display_only_is_not_downloaded", ("agreements.sharing.policy.decide:_refused", "record.display_only and not owner", "False")),
    proved("R6", "an order releases what it does not name", "tests.agreements.sharing.test_policy:test_a_standing_order_releases_what_it_names_and_holds_the_rest", ("agreements.sharing.actions.orders:_covers", "(order.photographs or not photographs)", "True")),
]  # fmt: skip

# Doors with a record's key. The page of each kind, its API, its map, its calendar file, and what hangs from it.
VISIBLE = "visible_to(access_of(request))"
HERE, DETAILS = "visible_to(self.access)", "agreements.sharing.api.base:DetailViewSet.get_queryset"
REACH = "operations.patrols.views.reach:"
KEYS = [
    keyed("R17", "pages of any record", "sharing:record-why sharing:record-detail citations:record-citations", ("agreements.sharing.views.door:visible", VISIBLE, "all()"), locked=None),
    keyed("R17", "records over the API", "records-detail records-explain", ("agreements.sharing.api.records:RecordViewSet.get_queryset", HERE, "all()"), locked=None),
    keyed("R17", "operations, meetings and reports over the API", "operations-detail meetings-detail reports-detail", (DETAILS, HERE, "all()"), locked=True),
    keyed("R17", "the calendar file over the API", "meetings-calendar", (DETAILS, HERE, "all()"), ("operations.meetings.api.views:MeetingViewSet.calendar", "if not decision:", "if False:"), locked=True),
    keyed("R17", "the page and the calendar file of a meeting", "meetings:meeting-detail meetings:meeting-calendar", ("operations.meetings.views.door:meeting_or_404", VISIBLE, "all()"), locked=True),
    keyed("R17", "what is logged in an operation", "types:catalogue types:operation-types", ("operations.types.views.door:operation_or_404", VISIBLE, "all()"), locked=True),
    keyed("R17", "the page of an operation and its situation", "planning:operation-detail picture:operation-situation picture:operation-effort", ("operations.planning.views.door:operation_or_404", VISIBLE, "all()"), locked=True),
    keyed("R17", "the map of an operation", "planning:operation-geojson", ("operations.planning.views.operations:operation_geojson", VISIBLE, "all()"), locked=True),
    keyed("R17", "the page of a patrol", "patrols:patrol-detail", (REACH + "patrol_or_404", VISIBLE, "all()"), locked=True),
    keyed("R17", "the page and the map of a leg", "patrols:leg-detail patrols:leg-geojson", (REACH + "leg_or_404", VISIBLE, "all()"), locked=True),
    keyed("R17", "the page of an entry", "patrols:observation-detail", (REACH + "observation_or_404", VISIBLE, "all()"), locked=True),
    keyed("R17", "patrols over the API", "patrols-detail", ("operations.patrols.api.views:PatrolViewSet.get_queryset", HERE, "all()"), locked=True),
    keyed("R17", "the page of a report", "reports:report-detail reports:report-geojson", ("intel.reports.views:_visible", VISIBLE, "all()"), locked=True),
    keyed("R24", "instructions", "planning:instruction-detail", ("operations.planning.views.team:instruction_detail", "visible_to(access)", "all()"), locked=True),
    keyed("R29", "the ledger of a record", "oversight:record-ledger", ("agreements.oversight.views:record_ledger", VISIBLE, "all()"), ("agreements.oversight.reading:require_owner", "record.owner_id not in by.agencies", "False"), locked=None),
]  # fmt: skip

# Lists, counts, search, choices to pick from.
LISTED = [
    listed("R17", "the list and its search", "sharing:record-list", ("agreements.sharing.views.records:record_list", "form.apply(visible(request), by)", "form.apply(visible(request).model.objects.all(), by)"), locked=None),
    listed("R17", "operations to choose from", "sharing:record-list", ("agreements.sharing.views.records:record_list", "operations = visible(request)", "operations = visible(request).model.objects"), locked=None),
    listed("R17", "records over the API, as a list", "records-list", ("agreements.sharing.api.records:RecordViewSet.get_queryset", HERE, "all()"), locked=None),
    listed("R17", "details over the API, as lists", "operations-list meetings-list reports-list instructions-list", (DETAILS, HERE, "all()"), locked=None),
    listed("R17", "patrols", "patrols:patrol-list", ("operations.patrols.views.lists:patrol_list", "Patrol.objects.visible_to(access)", "Patrol.objects.all()"), locked=True),
    listed("R23", "operations", "planning:operation-list", ("operations.planning.views.operations:operation_list", "Operation.objects.visible_to(access)", "Operation.objects.all()"), locked=True),
    proved("R23", "invitations", "tests.doors.mutant_proofs:an_invitation_that_is_hidden", ("operations.planning.views.team:invitation_list", VISIBLE, "all()"), locked=True),
    listed("R23", "the agenda", "meetings:meeting-list", ("operations.meetings.views.listing:_agenda", VISIBLE, "all()"), locked=True),
    listed("R17", "reports", "reports:report-list", ("intel.reports.views:_visible", VISIBLE, "all()"), locked=None),
    listed("R18", "who takes part", "participations-list", ("agreements.sharing.api.circles:ParticipationViewSet.get_queryset", "circle__record__in=self.seen()", "circle__record__isnull=False"), ("agreements.sharing.api.circles:_known_part", "return own_or_led |", "return Q(pk__isnull=False) if not prefix else own_or_led |")),
    proved("R6", "standing orders", "tests.doors.mutant_proofs:standing_orders_are_the_agencys_own", ("agreements.sharing.api.circles:StandingOrderViewSet.get_queryset", "agency__in=self.by.agencies, circle__record__in=self.seen()", "pk__isnull=False")),
    listed("R6", "what is held", "sharing:held", ("agreements.sharing.holding:held_rows", "Record.objects.visible_to(access).filter(owner__in=by.agencies, operation__isnull=False)", "Record.objects.filter(operation__isnull=False)"), locked=True),
    listed("R29", "the ledger names by title", "oversight:ledger", ("agreements.oversight.presenting:Reader._fetch", "Record.objects.visible_to(self.access)", "Record.objects"), locked=None),
    proved("R29", "the ledger of the other agencies", "tests.agreements.oversight.test_ledger:test_entries_of_other_agencies_are_not_there", ("agreements.oversight.reading:own_entries", "Entry.objects.filter(agency_id__in=by.agencies)", "Entry.objects"), ("agreements.oversight.presenting:Reader._named", "key if key in self._keyed else \"\"", "key")),
    proved("R3", "the names of compartments", "tests.agreements.sharing.test_compartments:test_to_those_outside_it_does_not_exist", ("agreements.sharing.compartments:compartments_of", ", pk__in=circles_of(by, at)", "")),
    listed("R17", "home", "picture:home", ("agreements.sharing.latest:latest_shared", "pk__in=Release.objects.live_for(access).values(\"pk\")", "clause__isnull=False"), ("agreements.sharing.latest:latest_shared", "content_object__in=Record.objects.visible_to(access)", "pk__isnull=False"), locked=True),
]  # fmt: skip

# What two sides alone say of a record (R21, R11, R25, R24), at its own doors, beside the record, and in lists.
SAID = [
    proved("R21", "corrections of others", "tests.agreements.corrections.test_actions:test_a_receiver_proposes_and_it_reaches_the_two_sides_alone", ("agreements.corrections.querysets:CorrectionQuerySet.visible_to", "self.filter(sides, ", "self.filter(")),
    proved("R21", "corrections of what is hidden", "tests.doors.mutant_proofs:a_correction_goes_with_its_record", ("agreements.corrections.querysets:CorrectionQuerySet.visible_to", "self.filter(sides, record__in=Record.objects.visible_to(access).values(\"pk\"))", "self.filter(sides)")),
    proved("R11", "what others ask to pass on", "tests.agreements.onward.test_actions:test_two_sides_alone_know_of_it", ("agreements.onward.models:ConsentRequestQuerySet.visible_to", "self.filter(Q(record__owner__in=own) | Q(asked_by__agency__in=own))", "self.all()")),
    known("R25", "what an order forbids to tell", "compelled-disclosures-list compelled-disclosures-detail compelled:record-compelled", ("agreements.compelled.models:CompelledDisclosureQuerySet.visible_to", "told = Q(record__owner__in=by.agencies, telling_forbidden=False)", "told = Q(record__owner__in=by.agencies)")),
    known("R25", "what an order forbids to tell colleagues", "compelled-disclosures-list compelled:record-compelled", ("agreements.compelled.models:CompelledDisclosureQuerySet.visible_to", "Q(telling_forbidden=False) | Q(recorded_by__officer=by.officer_id)", "Q(pk__isnull=False)")),
    known("R24", "calls of others", "distress:call-detail", ("agreements.distress.querysets:DistressCallQuerySet.visible_to", "self.filter(Q(sent_by__agency__in=by.agencies) | received)", "self.all()"), ("agreements.distress.reading:side_of", "call.sent_by.agency_id in by.agencies", "True")),
    known("R18", "why a call was sent", "distress-calls-detail", ("agreements.distress.reading:side_of", "call.sent_by.agency_id in by.agencies", "True")),
]  # fmt: skip

# Hit/no-hit, recalls, alerts and mail, photographs, panels, the ledger, the way in.
HITS = "tests.agreements.hits.test_actions:"
ALERTS, DELIVERY = "tests.agreements.alerts.", "tests.agreements.delivery."
REST = [
    proved("R19", "a RED record is hit", HITS + "test_red_withdrawn_and_rel_to_are_silent", ("agreements.hits.searching:look_up", ".exclude(record__tlp=Tlp.RED)", "")),
    proved("R19", "REL TO of what is hit", HITS + "test_red_withdrawn_and_rel_to_are_silent", ("agreements.hits.searching:look_up", "rel_to is None or partner.clauses[clause] in rel_to", "True")),
    proved("R19", "a search without a channel", HITS + "test_a_suspended_treaty_is_not_searched", ("agreements.hits.searching:partners", "if isinstance(item, Channel) and not gap:", "if True:"), ("agreements.hits.searching:partners", "item.receiver_party", "by.agency.country_id")),
    proved("R19", "a search beyond the article's categories", HITS + "test_a_term_or_purpose_that_the_article_does_not_name_is_not_searched", ("agreements.hits.searching:_gap", "term.category not in item.categories", "False")),
    proved("R19", "releases under a clause for searches", HITS + "test_such_a_clause_lets_nothing_be_released", (CHANNEL + "_kind_gap", "not searching and clause.kind == ClauseKind.HIT_NO_HIT", "False")),
    proved("R19", "what is indexed, to receivers", "tests.doors.mutant_proofs:receivers_learn_nothing_of_the_index", ("agreements.hits.models:IndexEntryQuerySet.visible_to", "self.filter(record__owner__in=access.appointment.agencies)", "self")),
    proved("R19", "searches of others", "tests.doors.mutant_proofs:searches_are_the_agencys_own", ("agreements.hits.models:SearchQuerySet.visible_to", "self.filter(searched_by__agency__in=access.appointment.agencies)", "self.all()")),
    proved("R16", "a recall to who never opened it", ALERTS + "test_recalls:test_a_receiver_of_another_release_learns_nothing", ("agreements.sharing.actions.recalls:release_ended", "in (before | meant) - after", "")),
    proved("R16", "a recall to who sees it still", ALERTS + "test_recalls:test_who_goes_on_seeing_it_by_another_release_is_not_told", ("agreements.sharing.actions.recalls:release_ended", "(before | meant) - after", "(before | meant)")),
    proved("R16", "a recall opened by others", ALERTS + "test_recalls:test_only_its_recipient_opens_the_page", ("agreements.alerts.querysets:AlertQuerySet.visible_to", "appointment=access.appointment,", "")),
    proved("R17", "alerts of what is hidden now", "tests.doors.mutant_proofs:an_alert_goes_with_its_record", ("agreements.alerts.querysets:AlertQuerySet.visible_to", "Q(record=None) | Q(record__in=records),", "")),
    proved("R17", "the number at the bell", "tests.doors.mutant_proofs:the_bell_counts_what_is_visible", ("agreements.alerts.querysets:AlertQuerySet.visible_to", "Q(record=None) | Q(record__in=records),", "")),
    proved("R17", "an alert without asking the policy", ALERTS + "test_sharing:test_clearance_is_asked", ("agreements.alerts.concerned:who_see", " if row.clearance >= record.classification", ""), ("agreements.alerts.concerned:who_see", "if rows.visible_to(access(group[0], at, treaties)).exists()", "")),
    proved("R13", "a mail sent without asking again", DELIVERY + "test_mail:test_rights_are_asked_again_at_sending", ("agreements.delivery.sending:_visible", "Alert.objects.visible_to(now).filter(pk__in=keys)", "Alert.objects.filter(pk__in=keys)")),
    proved("R17", "a mail that names its record", DELIVERY + "test_mail:test_a_mail_says_urgency_reference_address_and_the_own_desk_alone", ("agreements.delivery.wording:notice_of", "row.reference", "row.record.title")),
    proved("R13", "a photograph after the record closed", "tests.doors.mutant_proofs:a_photograph_closes_with_its_entry", ("operations.patrols.views.observations:_photo", "observation__in=visible", "pk__isnull=False"), locked=True),
    proved("R7", "a photograph of what is display-only is downloaded", "tests.doors.mutant_proofs:display_only_photographs_stay", ("operations.patrols.views.observations:photo_image", "if not decision:", "if False:")),
    proved("R26", "who sees it, to receivers", "tests.doors.mutant_proofs:who_sees_it_is_the_owners", ("agreements.sharing.views.panels:record_who", "record.owner_id not in by.agencies", "False")),
    proved("R18", "officers of others by name", "tests.agreements.sharing.test_pages:test_openings_tell_the_function_and_not_the_name", ("agreements.sharing.disclosure:openings_by_agency", "row.appointment.function", "row.appointment.officer.full_name")),
    proved("R18", "the ledger to receivers", "tests.agreements.oversight.test_ledger:test_receivers_do_not_read_it_and_strangers_find_nothing", ("agreements.oversight.reading:require_owner", "record.owner_id not in by.agencies", "False")),
    proved("R17", "a filter of the ledger as an oracle", "tests.agreements.oversight.test_hidden:test_a_filter_by_a_hidden_record_is_one_by_an_unknown", ("agreements.oversight.reading:narrowed", "not _may_ask_of(values[\"record\"], access)", "False"), path="/oversight/"),
    proved("R12", "the source of a citation", "tests.doors.mutant_proofs:a_hidden_source_is_not_named", ("agreements.citations.models:CitationQuerySet.visible_to", "self.filter(record__in=seen, source__in=seen)", "self.filter(record__in=seen)"), locked=True),
    proved("R17", "the operation of a meeting", "tests.operations.meetings.test_pages:test_a_hidden_operation_is_not_named", ("operations.meetings.views.door:seen_operation", VISIBLE, "all()"), locked=True),
    proved("R29", "a page that writes no entry", "tests.agreements.sharing.test_pages:test_each_page_writes_one_entry_with_release_and_clause", ("agreements.sharing.disclosure:disclose", "items=items_of(access, records)", "items=[]")),
    proved("R23", "drafts of others", "tests.doors.mutant_proofs:drafts_are_their_drafters", ("agreements.register.querysets:AgreementQuerySet.visible_to", "Q(drafted_by__in=appointment.agencies) | Q(invited__in=appointment.agencies)", "Q()")),
    proved("R5", "a superuser passes", "tests.doors.mutant_proofs:a_superuser_without_an_appointment", ("agencies.directory.acting:appointments_in_effect", "return [", "if officer.is_superuser: return list(Appointment.objects.select_related('officer', 'agency__country')[:1])\n    return [")),
    proved("R1", "a token outlives its appointment", "tests.doors.mutant_proofs:a_token_ends_with_its_appointment", ("agencies.directory.tokens:find", "token and token.appointment.is_in_effect(at)", "token")),
    proved("R1", "an appointment that is over is chosen", "tests.doors.mutant_proofs:a_session_ends_with_its_appointment", ("agencies.directory.acting:appointments_in_effect", "if row.is_in_effect(at)", ""), ("agencies.directory.acting:appointments_in_effect", "Appointment.objects.in_effect(at)", "Appointment.objects"), (ACCESS + "access", "not appointment.is_in_effect(at)", "False"), ("agreements.sharing.policy.gradual:gradual_access", "not appointment.is_in_effect(at)", "False")),
    proved("R17", "a count tells of hidden records", "tests.doors.mutant_proofs:home_counts_what_is_visible", ("agreements.sharing.home:_kinds", "Record.objects.visible_to(access)", "Record.objects"), locked=True),
]  # fmt: skip

# The life of agreements: conditions that compute an entry into force, renewal, corrections, families.
COMPUTING, LIVES = "agreements.register.status.computing:", "tests.agreements.register.test_conditions:"
PAGES = "tests.agreements.register.test_life:"
LIFE = [
    proved("R22", "a condition of one side alone", LIVES + "test_the_condition_itself_needs_both", (COMPUTING + "condition_of", "stood is not None and max(stood, row.recorded_at) <= at", "True")),
    proved("R22", "a third party's consent by one side alone", LIVES + "test_between_two_a_third_partys_consent_counts_once_both_stand_behind_it", (COMPUTING + "_moves", "fact.kind in BINDING and known(fact, at, pair)", "fact.kind in BINDING")),
    proved("R4", "fewer consents than it needs", LIVES + "test_too_few_consents_bind_nobody", (COMPUTING + "meets", "and len(held) >= (condition.consents or 0)", "")),
    proved("R4", "a later party's own wait", LIVES + "test_who_comes_later_waits_by_its_own_delay", (COMPUTING + "own_start", "condition.later.after(consent.done)", "found.starts")),
    proved("R4", "who left before still counts", LIVES + "test_a_party_that_left_before_does_not_count_and_after_undoes_nothing", (COMPUTING + "_moves", "elif fact.kind in LEAVING", "elif False")),
    proved("R4", "a notice against renewal", LIVES + "test_it_renews_itself_until_somebody_gives_notice", (TERMS + "_notices", "f.kind == ActionKind.NON_RENEWAL", "False")),
    proved("R22", "a correction by one side alone", PAGES + "test_what_never_was_is_struck_once_both_say_so", ("agreements.register.facts.correcting:stands", "pair <= behind if pair", "True if pair")),
    proved("R23", "a hidden relative", PAGES + "test_a_family_shows_only_what_the_reader_may_see", ("agreements.register.family:_gather", "Relation.objects.filter(agreement__in=seen, other__in=seen)", "Relation.objects.all()")),
]  # fmt: skip

# Joint reports: what a side reads, and what its copy may take.
SIGNING, KEPT = "tests.operations.joint.test_signing:", "operations.sealing.copies:kept"
MAY_NOT_KEEP = SIGNING + "test_what_a_side_may_not_keep_is_not_in_its_copy"
JOINT = [
    keyed("R17", "the page of a joint report", "joint:report-detail joint:report-sign", ("operations.joint.views.common:reports", VISIBLE, "all()"), locked=True),
    keyed("R3", "signed copies of others", "joint:copy-detail joint:copy-download", ("operations.joint.views.common:copies", VISIBLE, "all()"), locked=True),
    keyed("R17", "joint reports and copies over the API", "joint-reports-detail joint-copies-detail joint-statements-detail", (DETAILS, HERE, "all()"), locked=True),
    listed("R17", "joint reports", "joint:report-list", ("operations.joint.views.common:reports", VISIBLE, "all()"), locked=True),
    listed("R3", "signed copies", "joint:copy-list", ("operations.joint.views.common:copies", VISIBLE, "all()"), locked=True),
    # RED reaches its author and named officers alone (R8), and the copy takes nothing given to officers: two bars.
    proved("R8", "a RED entry in the copy", MAY_NOT_KEEP, (KEPT, "and record.tlp < Tlp.RED", ""), (KEPT, " if audience.kind in OF_THE_AGENCY", "")),
    proved("R3", "what is given to named officers in the copy", MAY_NOT_KEEP, (KEPT, " if audience.kind in OF_THE_AGENCY", "")),
    proved("R7", "a display-only entry in another's copy", MAY_NOT_KEEP, (KEPT, "(access.owns(record.owner_id) or not record.display_only)", "True")),
    proved("R17", "the digest of another's entries", MAY_NOT_KEEP, ("operations.joint.content:signed_of", "\"revision\": row.revision,", "\"revision\": row.revision, \"entries\": row.entries_digest,")),
    proved("R6", "a text that no article covers", SIGNING + "test_it_goes_to_no_side_without_an_article", ("operations.sealing.basis:give", "if not footing.holds:", "if False:")),
    proved("R18", "officers of others by name in a copy", "tests.operations.joint.test_pages:test_the_whole_story", ("operations.sealing.reading:officer_of", "if access is None or item[\"agency\"] not in {str(key) for key in access.agencies}:", "if False:"), ("operations.joint.reading:_signatures", "Signature.objects", "Signature._base_manager")),
    proved("R3", "sealed over what the signer does not see", SIGNING + "test_a_signature_whose_officer_has_lost_sight_does_not_seal", ("operations.joint.actions.lapsing:_still", "copies.kept(mine, sees) == {row.pk}", "True"), ("operations.joint.actions.lapsing:_still", "and signature.entries_digest == annex.entries_digest(row, mine)", "")),
]  # fmt: skip

# Minutes: who reads them, what is told of action items, and what a rhythm or an agenda gives away.
KEEPING, UNDERTAKEN = "operations.minutes.views.common:", "tests.operations.minutes.test_doing:"
MINUTES = [
    keyed("R17", "the page of minutes", "minutes:minutes-detail minutes:minutes-print", (KEEPING + "minutes", VISIBLE, "all()"), locked=True),
    keyed("R3", "copies of minutes of others", "minutes:copy-detail minutes:copy-download", (KEEPING + "copies", VISIBLE, "all()"), locked=True),
    keyed("R17", "minutes and copies over the API", "minutes-detail minutes-copies-detail minutes-annotations-detail", (DETAILS, HERE, "all()"), locked=True),
    listed("R17", "minutes", "minutes:minutes-list", (KEEPING + "minutes", VISIBLE, "all()"), locked=True),
    proved("R5", "what an agency reports of an action item", UNDERTAKEN + "test_a_report_reaches_the_keeper_of_the_minutes_alone", ("operations.minutes.presenting:reports_of", "if access.owns(owner) or access.owns(row.agency_id) or row.agency_id == owner", "")),
    proved("R17", "a line on the agenda of who did not attend", UNDERTAKEN + "test_not_where_somebody_is_invited_who_did_not_attend", ("operations.minutes.sittings:put_first", "not set(invited) <= set(known_to) or ", "")),
    proved("R18", "the officer of another's action item", "tests.operations.minutes.test_pages:test_an_action_item_is_reported_and_closed", ("operations.minutes.presenting:_line", "str(item.officer.officer) if own else item.officer.function", "str(item.officer.officer)")),
    proved("R17", "a hidden meeting keeps a rhythm", "tests.operations.minutes.test_rhythms:test_a_meeting_that_was_held_keeps_it_for_who_sees_it", ("operations.minutes.sittings:_times", "MeetingTime.objects.visible_to(access)", "MeetingTime.objects.select_related(\"meeting__record\")")),
    proved("R6", "minutes that no article covers", "tests.operations.minutes.test_agreeing:test_to_nobody_without_an_article", ("operations.sealing.basis:give", "if not footing.holds:", "if False:")),
]  # fmt: skip

# Bulletins: who is alerted, and what a table of receipts tells to whom. Open pages.
ALERTING, SHOWN = "tests.agreements.bulletins.test_escalating:", "tests.agreements.bulletins.test_pages:"
BULLETINS = [
    proved("R17", "the page of a bulletin", SHOWN + "test_hidden_and_unknown_are_the_same", ("agreements.bulletins.views:_or_404", VISIBLE, "all()"), locked=True, who="zoe"),
    proved("R17", "the list of bulletins", SHOWN + "test_hidden_and_unknown_are_the_same", ("agreements.bulletins.views:bulletin_list", "Bulletin.objects.visible_to(access)", "Bulletin.objects.all()"), locked=True, who="zoe"),
    proved("R13", "alerted of a bulletin whose article ended", "tests.agreements.bulletins.test_sending:test_the_article_ends_before_it_is_sent_on_nobody_is_alerted", ("agreements.bulletins.scopes:people", "concerned.who_see(record, found.values(), at)", "list(found.values())")),
    proved("R13", "a duty chain is told of what was taken back", ALERTING + "test_what_was_taken_back_is_told_to_nobody_there", ("agreements.bulletins.escalating:escalate", "concerned.who_see(row.record, step.people, now)", "step.people")),
    proved("R18", "receipts of other agencies", ALERTING + "test_each_agency_reads_its_own_line", ("agreements.bulletins.querysets:_sides", 'Q(bulletin__record__owner__in=agencies) | Q(**{f"{path}agency__in": agencies}), ', "")),
    proved("R18", "who acknowledged elsewhere, by name", ALERTING + "test_each_agency_reads_its_own_line", ("agreements.bulletins.presenting:_line", 'f"{by.officer}, {by.function}" if own else by.function', 'f"{by.officer}, {by.function}"')),
    proved("R18", "whom another agency's chain tells", ALERTING + "test_each_agency_reads_its_own_line", ("agreements.bulletins.presenting:_line", 'step.words if own else ""', "step.words")),
    proved("R17", "what a bulletin speaks of", SHOWN + "test_about_a_record_and_from_its_panel", ("agreements.bulletins.presenting:view_of", "seen = Record.objects.visible_to(access)", "seen = Record.objects.all()"), locked=True),
    proved("R17", "an open page goes on with what is hidden", "tests.doors.test_still:test_hidden_unknown_and_nonsense_are_the_same_answer", ("agreements.sharing.views.still:still", "Record.objects.visible_to(access_of(request)).filter", "Record.objects.filter"), locked=True),
]  # fmt: skip

# Incidents and the responses to them.
INCIDENTS, RESPONSES = "operations.incidents.views.common:", "operations.response."
TOLD, CALLED = "tests.operations.response.test_responses:", "tests.operations.response.test_assistance:"
OFFER = TOLD + "test_an_offer_opens_nothing_and_reaches_one_partner"
DOING = [
    keyed("R17", "the page and the map of an incident", "incidents:report-detail incidents:report-geojson", (INCIDENTS + "reports", VISIBLE, "all()"), locked=None),
    keyed("R17", "the page of an event", "incidents:event-detail", (INCIDENTS + "events", VISIBLE, "all()"), locked=None),
    keyed("R8", "the page of a serious incident", "incidents:serious-detail", (INCIDENTS + "serious_incidents", VISIBLE, "all()"), locked=None),
    keyed("R17", "the page of a response", "response:response-detail", (RESPONSES + "views.common:response_or_404", VISIBLE, "all()"), locked=None),
    keyed("R17", "the page and the map of a call for assistance", "response:assistance-detail response:assistance-geojson", (RESPONSES + "views.common:call_or_404", VISIBLE, "all()"), locked=None),
    keyed("R17", "the page of a procedure", "response:procedure-detail", (RESPONSES + "views.common:procedure_or_404", VISIBLE, "all()"), locked=None),
    listed("R17", "incidents", "incidents:report-list", (INCIDENTS + "reports", VISIBLE, "all()"), locked=None),
    listed("R17", "calls for assistance", "response:assistance-list", (RESPONSES + "views.assistance:assistance_list", "AssistanceCall.objects.visible_to(access)", "AssistanceCall.objects.all()"), locked=None),
    proved("R17", "what belongs to an incident", "tests.operations.incidents.test_links:test_a_link_opens_nothing_and_shows_to_each_what_each_sees", ("operations.incidents.presenting:linked_of", "Record.objects.visible_to(access).filter(", "Record.objects.filter(")),
    proved("R8", "a serious incident is marked anew", "tests.operations.incidents.test_serious:test_nothing_widens_it", ("operations.incidents.actions.serious:marking_gate", "record.kind == KIND and marking.tlp != Tlp.RED", "False")),
    proved("R18", "tasks of others", TOLD + "test_tasks_are_the_owners_and_a_partner_reads_only_how_it_stands", (RESPONSES + "querysets:TaskQuerySet.visible_to", "response__record__owner__in=_agencies(access), ", "")),
    proved("R13", "a task offered with an incident that is hidden now", OFFER, (RESPONSES + "querysets:HandoverQuerySet.visible_to", 'self.filter(sides, response__in=_seen(access, "incident"))', "self.filter(sides)")),
    proved("R4", "a task offered to who does not read the incident", OFFER, (RESPONSES + "actions.handovers:offer", "agency not in partners_of(row.record)", "False")),
    proved("R18", "the taker's own incident", "tests.operations.response.test_api:test_a_handover", (RESPONSES + "api.outputs:TaskHandoverSerializer.get_own", "row.own_id if row.own_id and mine and sight.knows(row.own_id) else None", "row.own_id")),
    proved("R18", "answers of other desks", CALLED + "test_to_each_desk_its_own_line", (RESPONSES + "querysets:AskedQuerySet.visible_to", "self.filter(sides, ", "self.filter(")),
    proved("R13", "answers to a call that is hidden now", CALLED + "test_to_each_desk_its_own_line", (RESPONSES + "querysets:AskedQuerySet.visible_to", 'self.filter(sides, call__in=_seen(access, "assistance"))', "self.filter(sides)")),
    proved("R6", "asked by an article on sharing alone", CALLED + "test_only_an_article_lets_be_asked_and_another_may_carry_the_call", (RESPONSES + "reach:_bases", "row.kind in ASSISTING", "True"), (RESPONSES + "reach:_bases", "ASSISTING.index(clause.kind)", "0")),
    proved("R24", "a call without an article to the own state", CALLED + "test_life_in_danger_goes_without_an_article_for_one_hour", ("agreements.distress.actions:_check_receivers", "or agency.country_id == by.agency.country_id", "")),
    proved("R18", "desks of strangers", CALLED + "test_desks_say_who_is_in_range", (RESPONSES + "querysets:DeskQuerySet.visible_to", "self.filter(agency__in=known)", "self.all()")),
]  # fmt: skip
MUTANTS = [
    *JOINT,
    *MINUTES,
    *BULLETINS,
    *DOING,
    *LIFE,
    *DECISIONS,
    *STATEMENTS,
    *AUDIENCES,
    *ACTS,
    *KEYS,
    *LISTED,
    *SAID,
    *REST,
]
