"""One statement that reads agreements as JSON: every fact of each, or those that can count between a few agencies."""

import json
import uuid
from collections.abc import Collection, Iterator
from typing import Any

from agreements.register.choices import COUNTED, OF_ALL
from portal import prepared

# Between these countries and any other: what one of them confirmed, what concerns no party or one of them, and
# what a party confirmed of its own.
COUNTS = (
    "AND (near.all_sides OR c.country_id = ANY(near.sides) OR {of} IS NULL OR {of} = ANY(near.sides)"
    " OR {of} = c.country_id)"
)
CONFIRMED = """(SELECT json_object_agg(c.country_id, c.confirmed_at) FROM register_confirmation c
 WHERE c.{fact}_id = f.id {counts}) AS confirmed"""
STAMP = "f.id, f.recorded_at, f.recorded_for_id AS recorded_for"
LINKED = "(SELECT json_agg(l.{key}_id) FROM register_{table} l WHERE l.{fact}_id = f.id) AS {name}"

CLAUSES = f"""SELECT {STAMP}, {CONFIRMED.format(fact="clause", counts="")}, f.article, f.kind, f.categories, f.ceiling,
 f.direction, f.purposes, f.onward, f.retention_days, f.starts_on, f.ends_on, f.survives,
 f.continues_id AS continues, f.rectifies_id AS rectifies,
 {LINKED.format(key="country", table="clause_senders", fact="clause", name="senders")},
 {LINKED.format(key="country", table="clause_receivers", fact="clause", name="receivers")},
 {LINKED.format(key="agreement", table="clause_displaced_by", fact="clause", name="displaced_by")}
 FROM register_clause f WHERE f.agreement_id = a.id ORDER BY f.position, f.article, f.id"""
# Acts that count between any two parties, whoever did them, need the confirmation of each; where a condition computes
# the entry into force, the consents of all.
OF_WHOM = "(CASE WHEN f.kind = ANY(%(of_all)s) OR conditional.yes THEN NULL ELSE f.country_id END)"
# As `Treaty.between`, and the acts that correct another or are corrected, whoever did them.
BETWEEN_COUNTRIES = """(%(whole)s OR f.country_id IS NULL OR f.country_id = ANY(near.countries)
 OR f.kind = ANY(%(of_all)s) OR (conditional.yes AND f.kind = ANY(%(counted)s)) OR f.rectifies_id IS NOT NULL
 OR EXISTS (SELECT 1 FROM register_treatyaction later WHERE later.rectifies_id = f.id))"""
BETWEEN_AGENCIES = "(%(whole)s OR f.agency_id = ANY(near.agencies))"
NEAR = """WITH old AS MATERIALIZED (SELECT array(SELECT unnest(%(ends)s)
  UNION SELECT predecessor_id FROM directory_succession WHERE successor_id = ANY(%(ends)s)) AS agencies),
reach AS MATERIALIZED (SELECT old.agencies, array(
  SELECT country_id FROM register_designation WHERE agency_id = ANY(old.agencies)
  UNION SELECT country_id FROM directory_agency WHERE id = ANY(old.agencies)) AS countries FROM old),
near AS MATERIALIZED (SELECT reach.*, cardinality(%(sides)s) = 0 AND %(whole)s AS all_sides,
 CASE WHEN cardinality(%(sides)s) > 0 THEN %(sides)s ELSE reach.countries END AS sides FROM reach)"""
ACTIONS = f"""SELECT {STAMP}, {CONFIRMED.format(fact="action", counts=COUNTS.format(of=OF_WHOM))}, f.kind,
 f.country_id AS country, f.counterpart_id AS counterpart, f.done_on, f.effective_on, f.until, f.lifts_id AS lifts,
 f.excludes, f.lowers_ceiling_to, f.way, f.rectifies_id AS rectifies,
 {LINKED.format(key="clause", table="treatyaction_clauses", fact="treatyaction", name="clauses")}
 FROM register_treatyaction f WHERE f.agreement_id = a.id AND {BETWEEN_COUNTRIES} ORDER BY f.done_on, f.recorded_at, f.id"""
DESIGNATIONS = f"""SELECT {STAMP}, {CONFIRMED.format(fact="designation", counts=COUNTS.format(of="f.country_id"))},
 f.country_id AS country, f.agency_id AS agency, f.starts_on, f.ends_on, f.withdrawn_at,
 {LINKED.format(key="clause", table="designation_clauses", fact="designation", name="clauses")}
 FROM register_designation f WHERE f.agreement_id = a.id AND {BETWEEN_AGENCIES} ORDER BY f.country_id, f.starts_on, f.id"""
CONDITIONS = f"""SELECT {STAMP}, {CONFIRMED.format(fact="condition", counts="")}, f.consents, f.delay, f.delay_unit,
 f.later_delay, f.later_unit, f.rectifies_id AS rectifies,
 {LINKED.format(key="country", table="forcecondition_required", fact="forcecondition", name="required")}
 FROM register_forcecondition f WHERE f.agreement_id = a.id ORDER BY f.recorded_at, f.id"""
SUCCESSIONS = """SELECT s.predecessor_id AS predecessor, s.successor_id AS successor, heir.country_id AS country, s.starts_at
 FROM directory_succession s JOIN directory_agency heir ON heir.id = s.successor_id
 WHERE s.starts_at IS NOT NULL AND s.predecessor_id IN (
  SELECT d.agency_id FROM register_designation d WHERE d.agreement_id = a.id)"""
AGREEMENTS = f"""{NEAR} SELECT row_to_json(treaty)::text FROM (SELECT a.id, a.short_name, a.time_zone, a.expires_on,
 a.renews_months, a.renewal_notice_months, a.made_under_id AS made_under, above.agreement_id AS made_under_agreement,
 a.registered_at IS NULL AS is_draft,
 (SELECT json_agg(p.country_id) FROM register_party p WHERE p.agreement_id = a.id) AS parties,
 (SELECT json_agg(r) FROM ({CLAUSES}) r) AS clauses,
 (SELECT json_agg(r) FROM ({ACTIONS}) r) AS actions,
 (SELECT json_agg(r) FROM ({DESIGNATIONS}) r) AS designations,
 (SELECT json_agg(DISTINCT later.agreement_id) FROM register_clause later
  JOIN register_clause earlier ON earlier.id = later.continues_id WHERE earlier.agreement_id = a.id) AS continued_in,
 (SELECT json_agg(r) FROM ({SUCCESSIONS}) r) AS successions,
 CASE WHEN conditional.yes THEN (SELECT json_agg(r) FROM ({CONDITIONS}) r) END AS conditions
 FROM register_agreement a CROSS JOIN near LEFT JOIN register_clause above ON above.id = a.made_under_id
 CROSS JOIN LATERAL (
  SELECT EXISTS (SELECT 1 FROM register_forcecondition x WHERE x.agreement_id = a.id) AS yes OFFSET 0) conditional
 WHERE a.id = ANY(%(keys)s)) AS treaty"""


TYPES = {
    "keys": "uuid[]", "sides": "varchar[]", "ends": "uuid[]", "whole": "boolean", "of_all": "varchar[]", "counted": "varchar[]",
}  # fmt: skip


def rows(keys: Collection[uuid.UUID], sides: Collection[str], ends: Collection[uuid.UUID]) -> Iterator[dict[str, Any]]:
    """The agreements with these keys; of confirmations those that count for `sides`, or, where none are told, for
    `ends`, or all; of acts and designations those that can count between two of the agencies `ends`, or all."""
    asked: dict[str, Any] = {
        "keys": list(keys), "sides": list(sides), "ends": list(ends), "whole": not ends,
        "of_all": list(OF_ALL), "counted": list(COUNTED),
    }  # fmt: skip
    for (text,) in prepared.rows(AGREEMENTS, TYPES, asked):
        yield json.loads(text)
