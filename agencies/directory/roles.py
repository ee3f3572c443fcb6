"""Who may do what: the one table of roles and permissions.

A role comes to an officer through an appointment (R1). A permission says what an officer may do at all; whether
a record may be seen is decided by the treaties (agreements.sharing.policy), and whether its state allows a step
by the lifecycle of its room. Roles open nothing across agencies.
"""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """Every verb of the portal. `*_VIEW` is the view permission of a kind of record (R1)."""

    OPERATION_VIEW = "operation.view"
    OPERATION_PLAN = "operation.plan"
    OPERATION_JOIN = "operation.join"
    PATROL_VIEW = "patrol.view"
    PATROL_PLAN = "patrol.plan"
    PATROL_RUN = "patrol.run"
    FIELD_SUPERVISE = "field.supervise"
    INCIDENT_VIEW = "incident.view"
    INCIDENT_REPORT = "incident.report"
    INCIDENT_KEEP = "incident.keep"
    REPORT_VIEW = "report.view"
    REPORT_WRITE = "report.write"
    MEETING_VIEW = "meeting.view"
    MEETING_CALL = "meeting.call"
    RECORD_RELEASE = "record.release"
    RECORD_MARK = "record.mark"
    COMPARTMENT_KEEP = "compartment.keep"
    RECORD_ASK_WHO = "record.ask_who"
    RECORD_ANSWER = "record.answer"
    HIT_SEARCH = "hit.search"
    ACCESS_REQUEST = "access.request"
    STANDING_ORDER_ISSUE = "standing_order.issue"
    COMPELLED_RECORD = "compelled.record"
    BULLETIN_VIEW = "bulletin.view"
    BULLETIN_SEND = "bulletin.send"
    DISTRESS_VIEW = "distress.view"
    DISTRESS_SEND = "distress.send"
    DISTRESS_REVIEW = "distress.review"
    AGREEMENT_VIEW = "agreement.view"
    AGREEMENT_DRAFT = "agreement.draft"
    AGREEMENT_CONFIRM = "agreement.confirm"
    DIRECTORY_VIEW = "directory.view"
    AGENCY_MANAGE = "agency.manage"
    AGENCY_MANAGE_ANY = "agency.manage_any"
    AGENCY_INVITE = "agency.invite"
    LEDGER_VIEW = "ledger.view"
    SYSTEM_HEALTH = "system.health"


class Role(StrEnum):
    LIAISON_OFFICER = "liaison_officer"
    PATROL_LEADER = "patrol_leader"
    COMMANDER = "commander"
    TREATY_ADMIN = "treaty_admin"
    AGENCY_ADMIN = "agency_admin"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"


@dataclass(frozen=True)
class RoleSheet:
    """What a role is called, what it is for in one sentence, and what it permits."""

    label: str
    sentence: str
    permissions: frozenset[Permission]


P = Permission
_READ = {
    P.OPERATION_VIEW,
    P.PATROL_VIEW,
    P.INCIDENT_VIEW,
    P.MEETING_VIEW,
    P.BULLETIN_VIEW,
    P.AGREEMENT_VIEW,
    P.DIRECTORY_VIEW,
}

ROLES: dict[Role, RoleSheet] = {
    Role.LIAISON_OFFICER: RoleSheet(
        "Liaison officer",
        "Plans and logs joint patrols with partner agencies, writes and releases reports, and calls meetings.",
        frozenset(
            _READ
            | {
                P.OPERATION_JOIN,
                P.PATROL_PLAN,
                P.PATROL_RUN,
                P.INCIDENT_REPORT,
                P.INCIDENT_KEEP,
                P.REPORT_VIEW,
                P.REPORT_WRITE,
                P.MEETING_CALL,
                P.RECORD_RELEASE,
                P.ACCESS_REQUEST,
                P.RECORD_ASK_WHO,
                P.RECORD_ANSWER,
                P.COMPELLED_RECORD,
                P.DISTRESS_VIEW,
                P.DISTRESS_SEND,
                P.BULLETIN_SEND,
                P.HIT_SEARCH,
            }
        ),
    ),
    Role.PATROL_LEADER: RoleSheet(
        "Patrol leader",
        "Starts, logs and ends the patrols of the own team.",
        frozenset(
            _READ
            | {
                P.PATROL_RUN,
                P.INCIDENT_REPORT,
                P.RECORD_RELEASE,
                P.ACCESS_REQUEST,
                P.RECORD_ANSWER,
                P.COMPELLED_RECORD,
                P.DISTRESS_VIEW,
                P.DISTRESS_SEND,
                P.BULLETIN_SEND,
            }
        ),
    ),
    Role.COMMANDER: RoleSheet(
        "Commander",
        "Opens and commands operations, invites partners, issues standing orders and sees the whole picture.",
        frozenset(
            _READ
            | {
                P.OPERATION_PLAN,
                P.OPERATION_JOIN,
                P.PATROL_PLAN,
                P.PATROL_RUN,
                P.FIELD_SUPERVISE,
                P.INCIDENT_REPORT,
                P.INCIDENT_KEEP,
                P.REPORT_VIEW,
                P.MEETING_CALL,
                P.RECORD_RELEASE,
                P.ACCESS_REQUEST,
                P.RECORD_MARK,
                P.COMPARTMENT_KEEP,
                P.RECORD_ASK_WHO,
                P.RECORD_ANSWER,
                P.COMPELLED_RECORD,
                P.STANDING_ORDER_ISSUE,
                P.DISTRESS_VIEW,
                P.DISTRESS_SEND,
                P.BULLETIN_SEND,
                P.DISTRESS_REVIEW,
            }
        ),
    ),
    Role.TREATY_ADMIN: RoleSheet(
        "Treaty admin",
        "Registers agreements and treaty actions for the own country, designates agencies and confirms facts.",
        frozenset(
            {
                P.AGREEMENT_VIEW,
                P.AGREEMENT_DRAFT,
                P.AGREEMENT_CONFIRM,
                P.AGENCY_INVITE,
                P.DIRECTORY_VIEW,
                P.MEETING_VIEW,
                P.MEETING_CALL,
            }
        ),
    ),
    Role.AGENCY_ADMIN: RoleSheet(
        "Agency admin",
        "Keeps the agency's own entry, officers and appointments.",
        frozenset({P.DIRECTORY_VIEW, P.AGENCY_MANAGE, P.AGREEMENT_VIEW}),
    ),
    Role.ANALYST: RoleSheet(
        "Analyst",
        "Writes, grades, marks and releases intelligence reports.",
        frozenset(
            _READ
            | {
                P.INCIDENT_REPORT,
                P.INCIDENT_KEEP,
                P.REPORT_VIEW,
                P.REPORT_WRITE,
                P.RECORD_RELEASE,
                P.ACCESS_REQUEST,
                P.RECORD_MARK,
                P.COMPARTMENT_KEEP,
                P.RECORD_ASK_WHO,
                P.RECORD_ANSWER,
                P.COMPELLED_RECORD,
                P.HIT_SEARCH,
            }
        ),
    ),
    Role.AUDITOR: RoleSheet(
        "Auditor",
        "Reads the agency's records and the ledger: who saw what, when, under which article. Changes no record.",
        frozenset(
            _READ
            | {P.REPORT_VIEW, P.LEDGER_VIEW, P.RECORD_ASK_WHO, P.COMPELLED_RECORD, P.DISTRESS_VIEW, P.DISTRESS_REVIEW}
        ),
    ),
    Role.SYSTEM_ADMIN: RoleSheet(
        "System admin",
        "Keeps the installation running and any agency's entry and officers; sees queue ages and counts, never content.",
        frozenset({P.SYSTEM_HEALTH, P.DIRECTORY_VIEW, P.AGENCY_MANAGE, P.AGENCY_MANAGE_ANY, P.AGENCY_INVITE}),
    ),
}


def permissions_of(role: str) -> frozenset[Permission]:
    """The permissions of a role; of an unknown role, none."""
    return ROLES[Role(role)].permissions if role in set(Role) else frozenset()


ROLE_CHOICES = [(role.value, sheet.label) for role, sheet in ROLES.items()]
