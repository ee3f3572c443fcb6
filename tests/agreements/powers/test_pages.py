"""Pages, print and API of powers: who sees which, what a form keeps, and what a printed card carries."""

import io
import json
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from agencies.directory.models import new_key
from agreements.powers import actions
from agreements.powers.models import Power, PowerConfirmation
from portal.audit.models import Entry
from tests import answers
from tests.agreements.powers.conftest import Chancery
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
LOOKUP, CARD = "/powers/?actor=XX&host=YY", "/api/v1/powers/card/?actor=XX&host=YY"


def text_of(answer: Any) -> str:
    return " ".join(answers.text_of(answer).split())


def pdf_of(answer: Any) -> tuple[pypdf.PdfReader, str]:
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def sent(client: Client, path: str, body: Any) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


# --- The card -------------------------------------------------------------------------------------------------


def test_a_card_says_what_officers_may_and_may_not(cast: Cast, chancery: Chancery, as_: Any) -> None:
    chancery.confirmed(answer="only_if", triggers=["caught", "escaped"], distance_m=10_000, minutes=90, lead="host")
    text = text_of(as_(cast.lars).get(LOOKUP))
    for words in (
        "Officers of X-land in Y-land",
        "May only if",
        "at most 10 km from the crossing",
        "for at most 1 h 30 min from the crossing",
        "one of: the person was caught in the act; the person escaped from custody",
        "under the host&#x27;s direction",
        "Art. 16",
        "No article permits it",
        f"Valid only on {timezone.localdate():%-d.%-m.%Y}",
    ):
        assert words in text, words


def test_without_an_article_nothing_is_permitted(cast: Cast, chancery: Chancery, as_: Any) -> None:
    chancery.record()
    text = text_of(as_(cast.lars).get(LOOKUP))
    assert "No article permits this" in text
    assert "Does not count: Art. 16, X–Y Pursuit. YY has not confirmed it" in text


def test_another_day_is_in_the_address(cast: Cast, chancery: Chancery, as_: Any) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    chancery.confirmed(starts_on=tomorrow)
    client = as_(cast.lars)
    assert "In hot pursuit" in text_of(client.get(LOOKUP))
    assert not client.get(CARD).json()["pairs"][0]["occasions"][1]["permitted"]
    found = client.get(f"{CARD}&on={tomorrow + timedelta(days=1)}").json()
    assert found["pairs"][0]["occasions"][1]["permitted"]
    assert parse_date(found["day"]) == tomorrow + timedelta(days=1)


def test_each_language_has_its_words_and_missing_texts_fall_back(cast: Cast, chancery: Chancery, as_: Any) -> None:
    row = chancery.confirmed()
    client = as_(cast.lars)
    assert "Es gibt" not in text_of(client.get(f"{LOOKUP}&lang=de"))
    german = text_of(client.get(f"{LOOKUP}&lang=de"))
    assert "Bei der Nacheile" in german
    assert "Auf Deutsch gibt es keinen Text; gezeigt wird Englisch." in german
    assert "Pursuit across the border." in german
    actions.put_into_words(power=row, by=cast.tara, language="de", words="Nacheile ist frei.", origin="own_words")
    german = text_of(client.get(f"{LOOKUP}&lang=de"))
    assert '<span lang="de">Nacheile ist frei.</span>' in german
    assert "(eigene einfache Worte)" in german
    assert "keinen Text" not in german
    assert "Poursuivre au-delà de la frontière" in text_of(client.get(f"{LOOKUP}&lang=fr"))
    assert "Inseguire oltre il confine" in text_of(client.get(f"{LOOKUP}&lang=it"))


def test_articles_between_others_are_neither_named_nor_counted(cast: Cast, chancery: Chancery, as_: Any) -> None:
    """R23: X is no party of what Y and Z agreed."""
    chancery.confirmed(by=cast.yusuf, clause=chancery.secret)
    chancery.confirmed()
    address = "/powers/?actor=YY&host=ZZ"
    for who in (cast.lars, cast.tara, cast.xenia, cast.aldo):
        client = as_(who)
        assert "Quokka" not in text_of(client.get(address))
        assert "ZZ" not in text_of(client.get("/powers/"))
        refused = client.get("/api/v1/powers/card/?actor=YY&host=ZZ")
        assert (refused.status_code, "Quokka" in refused.content.decode()) == (400, False)
        assert str(chancery.secret.agreement_id) not in client.get("/api/v1/powers/").content.decode()
    assert "Quokka" in text_of(as_(cast.yann).get(address))


def test_faults_in_the_address_are_said_at_their_field(cast: Cast, chancery: Chancery, as_: Any) -> None:
    chancery.confirmed()
    client = as_(cast.lars)
    assert "Powers are abroad" in text_of(client.get("/powers/?actor=XX&host=XX"))
    assert "Enter a valid date" in text_of(client.get(f"{LOOKUP}&on=soon"))
    for query, field in (("&on=soon", "on"), ("&border=moon", "border"), ("&lang=tlh", "lang")):
        answer = client.get(CARD + query)
        assert answer.status_code == 400, query
        assert field in answer.content.decode()
    assert client.get("/api/v1/powers/card/?actor=XX&host=XX").status_code == 400
    assert client.get("/powers/print/?actor=XX").status_code == 400


def test_limits_over_the_api_are_metres_and_seconds(cast: Cast, chancery: Chancery, as_: Any) -> None:
    chancery.confirmed(answer="only_if", distance_m=10_500, depth_m=900, minutes=90)
    found = as_(cast.lars).get(CARD).json()
    line = found["pairs"][0]["occasions"][1]["opening"][0]
    assert (line["distance_m"], line["depth_m"], line["seconds"]) == (10_500, 900, 5400)
    assert line["articles"][0]["article"] == "Art. 16"


def test_a_printed_card_is_pdf_a_and_carries_its_day_marking_and_printer(
    cast: Cast, chancery: Chancery, as_: Any
) -> None:
    chancery.confirmed(answer="only_if", distance_m=10_000, words="#set text(red) *not* markup: $x$ </text> \\")
    answer = as_(cast.lars).get(LOOKUP.replace("?", "print/?"))
    reader, text = pdf_of(answer)
    for words in (
        "UNCLASSIFIED",
        "Officers of X-land in Y-land",
        "at most 10 km from the crossing",
        "#set text(red) *not* markup: $x$",
        "Valid only on",
        "Europe/Zurich",
        f"Printed by {cast.lars.function}, X1",
        "Sheet 1 / 1",
        "X–Y Pursuit",
    ):
        assert words in text, words
    metadata = reader.metadata
    assert metadata is not None
    assert metadata.title == "Powers card"
    xmp = reader.xmp_metadata.stream.get_data().decode()  # type: ignore[union-attr]
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert answer["Cache-Control"] == "private, no-store"
    assert Entry.objects.filter(verb="powers.print", appointment_id=cast.lars.pk).count() == 1


def test_a_card_takes_as_many_queries_with_many_rules_as_with_one(cast: Cast, chancery: Chancery, as_: Any) -> None:
    client = as_(cast.lars)
    counts = []
    for number in (1, 9):
        for _ in range(number):
            row = chancery.confirmed(act="detain", answer="only_if", conditions=["until_host"])
            actions.put_into_words(power=row, by=cast.tara, language="en", words="Hold.", origin="own_words")
        client.get(LOOKUP)
        with CaptureQueriesContext(connection) as found:
            client.get(LOOKUP)
        counts.append(len(found))
    assert counts[0] == counts[1] < 40


# --- Entries ---------------------------------------------------------------------------------------------------


def test_hidden_and_unknown_entries_are_the_same(cast: Cast, chancery: Chancery, as_: Any) -> None:
    row = chancery.confirmed(by=cast.yusuf, clause=chancery.secret)
    client = as_(cast.tara)
    for name, key in (
        ("powers:power-detail", row.pk),
        ("powers:power-correct", row.pk),
        ("powers:text-create", row.pk),
        ("powers-detail", row.pk),
        ("powers:power-create", chancery.secret.pk),
        ("powers:agreement-powers", chancery.secret.agreement_id),
    ):
        for asked in (key, new_key()):
            assert client.get(reverse(name, args=[asked])).status_code == 404, name
    assert client.post(reverse("powers:powers-confirm", args=[chancery.secret.agreement_id])).status_code == 404
    assert client.post(reverse("powers-texts", args=[row.pk])).status_code == 404
    body = {"clause": str(chancery.secret.pk), "act": "pursue", "answer": "yes"}
    assert sent(client, "powers/", body).status_code == 400
    assert sent(client, "powers/confirmations/", {"agreement": str(chancery.secret.agreement_id)}).status_code == 400


@pytest.mark.parametrize("name", ["lars", "xenia", "arno"])
def test_only_a_treaty_admin_records_and_confirms(cast: Cast, chancery: Chancery, as_: Any, name: str) -> None:
    row = chancery.confirmed()
    client = as_(getattr(cast, name))
    assert client.get(reverse("powers:power-detail", args=[row.pk])).status_code == 200
    assert f"/powers/{row.pk}/correct/" not in text_of(client.get(reverse("powers:power-detail", args=[row.pk])))
    for page, key in (
        ("power-create", row.clause_id), ("power-correct", row.pk), ("text-create", row.pk),
    ):  # fmt: skip
        assert client.get(reverse(f"powers:{page}", args=[key])).status_code == 403, page
    assert client.post(reverse("powers:powers-confirm", args=[row.agreement.pk])).status_code == 403
    assert sent(client, "powers/", {}).status_code == 403
    assert sent(client, "powers/confirmations/", {}).status_code == 403
    assert sent(client, f"powers/{row.pk}/texts/", {}).status_code == 403


def test_the_sentence_is_read_before_it_is_saved(cast: Cast, chancery: Chancery, as_: Any) -> None:
    client, page = as_(cast.tara), reverse("powers:power-create", args=[chancery.pursuit.pk])
    values = {
        "act": "pursue", "answer": "only_if", "triggers": ["caught"], "distance_km": "10.5", "hours": "5",
        "actor": "XX", "host": "YY", "occasions": ["pursuit"], "borders": ["land"],
    }  # fmt: skip
    text = text_of(client.post(page, {**values, "preview": "1"}))
    assert "Officers of X-land in Y-land. Pursue across the border: May only if" in text
    assert "at most 10.5 km from the crossing; for at most 5 h from the crossing" in text
    assert "It permits once both states stand behind it" in text
    assert not Power.objects.exists()
    assert client.post(page, values).status_code == 302
    row = Power.objects.get()
    assert (row.distance_m, row.minutes, row.actor_id, row.occasions) == (10_500, 300, "XX", ["pursuit"])
    again = text_of(client.post(page, {**values, "answer": "yes", "preview": "1"}))
    assert "choose “May only if”" in again
    assert 'value="10.5"' in again
    assert Power.objects.count() == 1


def test_an_entry_is_corrected_by_a_new_one_from_its_page(cast: Cast, chancery: Chancery, as_: Any) -> None:
    row = chancery.confirmed(answer="only_if", distance_m=10_000, minutes=90)
    client, page = as_(cast.tara), reverse("powers:power-correct", args=[row.pk])
    text = text_of(client.get(page))
    assert 'value="10' in text
    assert client.post(page, {"act": "pursue", "answer": "only_if", "distance_km": "30"}).status_code == 302
    new = Power.objects.get(replaces=row)
    assert (new.distance_m, new.minutes, new.clause) == (30_000, None, row.clause)
    detail = text_of(as_(cast.yann).get(reverse("powers:power-detail", args=[row.pk])))
    assert "Replaced by" in detail


def test_the_other_side_confirms_on_the_agreement(cast: Cast, chancery: Chancery, as_: Any) -> None:
    row = chancery.record()
    panel = reverse("powers:agreement-powers", args=[row.agreement.pk])
    assert "1 entry waits for your country" in text_of(as_(cast.yusuf).get(panel))
    assert "waits for your country" not in text_of(as_(cast.tara).get(panel))
    assert "A treaty admin of your country confirms" in text_of(as_(cast.yara).get(panel))
    url = reverse("powers:powers-confirm", args=[row.agreement.pk])
    assert as_(cast.yusuf).post(url, {"power": [str(row.pk)]}).status_code == 302
    assert PowerConfirmation.objects.get().country_id == "YY"
    assert "waits for your country" not in text_of(as_(cast.yusuf).get(panel))


def test_the_api_does_the_same(cast: Cast, chancery: Chancery, as_: Any) -> None:
    tara, yusuf = as_(cast.tara), as_(cast.yusuf)
    body = {"id": str(new_key()), "clause": str(chancery.pursuit.pk), "act": "detain", "answer": "only_if"}
    assert sent(tara, "powers/", body).json()["errors"][0]["field"] == "conditions"
    body |= {"conditions": ["until_host"], "minutes": 60}
    seen = sent(tara, "powers/preview/", body).json()
    assert "Hold a person until the host takes over" in seen["sentence"]
    assert not Power.objects.exists()
    made = sent(tara, "powers/", body)
    assert made.status_code == 201
    assert sent(tara, "powers/", body).json()["id"] == made.json()["id"] == body["id"]
    words = sent(tara, f"powers/{body['id']}/texts/", {"language": "de", "words": "Halten.", "origin": "own_words"})
    assert words.status_code == 201
    agreement = str(chancery.pursuit.agreement_id)
    stranger = sent(yusuf, "powers/confirmations/", {"agreement": agreement, "powers": [str(new_key())]})
    assert stranger.status_code == 400
    assert sent(yusuf, "powers/confirmations/", {"agreement": agreement}).json() == []
    found = yusuf.get(f"/api/v1/powers/?agreement={agreement}&act=detain").json()["results"]
    assert [(row["confirmed_by"], row["texts"][0]["words"]) for row in found] == [(["YY"], "Halten.")]
    correction = sent(
        tara, "powers/", {"clause": body["clause"], "act": "detain", "answer": "no", "replaces": body["id"]}
    )
    assert correction.json()["replaces"] == body["id"]
