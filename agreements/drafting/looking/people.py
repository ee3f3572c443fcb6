"""Parties with their agencies, and whom to call there."""

from agencies.directory.models import Agency, Country
from agreements.register.choices import InstrumentKind
from agreements.register.facts import day_words
from agreements.register.models import Agreement, Designation
from agreements.register.tasks import Answer, Found


def countries_of(agreement: Agreement) -> list[Country]:
    return [party.country for party in agreement.parties.all()]


def named_for(agreement: Agreement, country: Country) -> list[Designation]:
    return [row for row in agreement.designations.all() if row.country_id == country.pk]


def enough_parties(agreement: Agreement) -> bool:
    """Two, or the one of a domestic arrangement."""
    least = 1 if agreement.kind == InstrumentKind.DOMESTIC_ARRANGEMENT else 2
    return len(agreement.parties.all()) >= least


def look_at_parties(agreement: Agreement) -> Found:
    parties = countries_of(agreement)
    missing = [] if enough_parties(agreement) else ["Name the other party."]
    alone = [country.pk for country in parties] == [agreement.drafted_by.country_id]
    designations = list(agreement.designations.all())
    content = {
        "parties": sorted(country.pk for country in parties),
        "agencies": sorted(_said(row) for row in designations),
    }
    return Found(
        content={} if alone and not designations else content,
        answers=[Answer(country.name, _authorities(agreement, country)) for country in parties],
        missing=missing,
        odd=[line for country in parties if (line := _odd(agreement, country))],
    )


def _said(row: Designation) -> list[str]:
    articles = sorted(str(clause.pk) for clause in row.clauses.all())
    return [row.country_id, str(row.agency_id), str(row.starts_on), str(row.ends_on or ""), row.source, *articles]


def _authorities(agreement: Agreement, country: Country) -> str:
    rows = named_for(agreement, country)
    return "; ".join(_words(row) for row in rows) or "no authority named"


def _words(row: Designation) -> str:
    articles = ", ".join(clause.article for clause in row.clauses.all())
    until = f" until {day_words(row.ends_on)}" if row.ends_on else ""
    return f"{row.agency.short} from {day_words(row.starts_on)}{until}{f', for {articles}' if articles else ''}"


def _odd(agreement: Agreement, country: Country) -> str:
    if not [agency for agency in country.agencies.all() if agency.is_active]:
        return f"{country.name} has no agency here: it is bound on paper only, and nothing flows to or from it."
    if not named_for(agreement, country):
        return f"{country.name} names no competent authority yet: nothing flows to or from it until it does."
    return ""


def look_at_contacts(agreement: Agreement) -> Found:
    """The duty desks of the authorities named: kept by each agency itself, and looked at here."""
    agencies = authorities(agreement)
    if not agencies:
        return Found(content=[], blocked="Name an authority under “Parties and their agencies” first.")
    return Found(
        content=[[str(row.pk), row.desk_phone, row.desk_email] for row in agencies],
        answers=[Answer(str(row), _desk(row)) for row in agencies],
        odd=[f"{row} has no {what} that is answered day and night." for row in agencies for what in _lacking(row)],
    )


def authorities(agreement: Agreement) -> list[Agency]:
    found = {row.agency_id: row.agency for row in agreement.designations.all()}
    return sorted(found.values(), key=lambda row: (row.country_id, row.name))


def _desk(row: Agency) -> str:
    return ", ".join(word for word in (row.desk_phone, row.desk_email) if word) or "no duty desk"


def _lacking(row: Agency) -> list[str]:
    return [word for word, value in (("telephone", row.desk_phone), ("mail", row.desk_email)) if not value]
