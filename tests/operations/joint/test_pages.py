"""Pages of joint reports: forms keep their input, hidden is 404, not allowed is 403 with the reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from operations.joint.content import content_digest
from operations.joint.models import JointReport, SealedCopy, Signature
from portal.audit.models import Entry
from tests.operations.joint.conftest import Table


def url(name: str, *keys: Any) -> str:
    return reverse(f"joint:{name}", args=keys)


def form(**values: Any) -> dict[str, Any]:
    now = timezone.localtime()
    return {
        "title": "Night at the shore", "form": "joint", "language": "en", "text": "We walked.", "open_points": "A lamp.",
        "starts_at": f"{now - timedelta(hours=2):%Y-%m-%dT%H:%M}", "ends_at": f"{now:%Y-%m-%dT%H:%M}",
        "position": "47.66, 9.17", "categories": ["operational"], "classification": "1", "tlp": "2", **values,
    }  # fmt: skip


def test_the_whole_story(table: Table, as_: Any) -> None:
    cast = table.cast
    lars, yann = as_(cast.lars), as_(cast.yann)
    assert table.patrol.record.title in lars.get(url("report-create")).content.decode()
    address = f"{url('report-create')}?host={table.patrol.pk}"
    page = lars.get(address)
    assert "Y1" in page.content.decode()
    kept = lars.post(address, form(text="", sides=[cast.b.pk], place="Kept words"))
    assert (kept.status_code, "Kept words" in kept.content.decode()) == (200, True)
    made = lars.post(address, form(sides=[cast.b.pk]))
    row = JointReport.objects.get()
    assert made.status_code == 302, made.content.decode()
    assert yann.get(url("report-detail", row.pk)).status_code == 404
    assert "Art. 7" in lars.get(url("report-put", row.pk)).content.decode()
    lars.post(url("report-word", row.pk), {"language": "de", "text": "Wir gingen.", "open_points": ""})
    lars.post(url("report-put", row.pk))
    page = yann.get(url("report-detail", row.pk)).content.decode()
    assert "Wir gingen." in page
    assert "Boat of ours." in page
    assert str(cast.lars.officer) not in page
    assert url("report-sign", row.pk) in yann.get(reverse("picture:home")).content.decode()
    assert yann.get(url("report-change", row.pk)).status_code == 403
    assert "Night at the shore" in yann.get(url("patrol-joint", table.patrol.pk)).content.decode()
    assert "Night at the shore" in yann.get(url("operation-joint", table.joint.record.pk)).content.decode()
    seen = content_digest(table.again(row))
    refused = yann.post(url("report-sign", row.pk), {"decision": "disagrees", "statement": "", "seen": seen})
    assert "Say what your side states" in refused.content.decode()
    device = {"device": "0198aaaa-0000-7000-8000-000000000001", "device_at": "2026-03-02T20:40:00.000+01:00"}
    yann.post(
        url("report-sign", row.pk),
        {"decision": "disagrees", "statement": "It rained.", "seen": seen, **device},
        headers={"user-agent": "Tablet 9"},
    )
    mine = Signature.objects.get()
    assert (str(mine.device), mine.user_agent) == (device["device"], "Tablet 9")
    assert mine.device_at is not None
    assert yann.get(url("report-sign", row.pk)).status_code == 403
    assert "It rained." in lars.get(url("statement-detail", mine.statement_id)).content.decode()
    lars.post(url("report-sign", row.pk), {"decision": "confirms", "seen": seen, "device": "nonsense"})
    theirs = table.copy(cast.b)
    page = yann.get(url("copy-detail", theirs.pk)).content.decode()
    assert "It rained." in page
    assert cast.yann.officer.full_name in page
    assert cast.lars.officer.full_name not in page
    assert lars.get(url("copy-detail", theirs.pk)).status_code == 404
    assert "It is what was sealed" in yann.post(url("copy-verify", theirs.pk)).content.decode()
    assert yann.get(url("copy-download", theirs.pk)).content.decode() == theirs.text
    table.joint.suspend()
    assert yann.get(url("report-detail", row.pk)).status_code == 404
    page = yann.get(url("copy-detail", theirs.pk)).content.decode()
    assert "We walked." in page
    assert url("report-detail", row.pk) not in page
    printed = yann.get(url("copy-print", theirs.pk))
    assert printed.content[:5] == b"%PDF-"
    assert (
        Entry.objects.filter(door__contains="copy-print").exists()
        or Entry.objects.filter(records__contains=[{"record": str(theirs.pk)}]).exists()
    )


def test_who_may_not(table: Table, as_: Any) -> None:
    cast, row = table.cast, table.put()
    table.sign(row, cast.yann)
    for who in (cast.zoe, cast.aldo):
        client = as_(who)
        for name in ("report-detail", "report-sign", "report-change", "report-withdraw"):
            assert client.get(url(name, row.pk)).status_code == 404, (who, name)
        assert row.record.title not in client.get(url("report-list")).content.decode()
    auditor = as_(cast.arno)
    assert auditor.get(url("report-detail", row.pk)).status_code == 200
    assert auditor.get(url("report-sign", row.pk)).status_code == 403
    yara = as_(cast.yara)
    assert yara.post(url("report-take-back", row.pk)).status_code == 302
    assert not Signature.objects.standing().exists()


def test_a_change_is_made_on_the_version_that_was_read(table: Table, as_: Any) -> None:
    row, client = table.put(), as_(table.cast.lars)
    table.sign(row, table.cast.yann)
    page = client.get(url("report-change", row.pk))
    assert "every signature lapses" in page.content.decode()
    sent = {k: v for k, v in page.context["form"].initial.items() if v is not None} | {"text": "Twice."}
    sent |= {name: f"{timezone.localtime(sent[name]):%Y-%m-%dT%H:%M}" for name in ("starts_at", "ends_at")}
    stale = client.post(url("report-change", row.pk), {**sent, "version": 1})
    assert "changed since you read it" in stale.content.decode()
    assert client.post(url("report-change", row.pk), sent).status_code == 302
    assert (table.again(row).text, table.again(row).revision) == ("Twice.", 2)
    assert "All sides sign this text anew" in client.get(url("report-detail", row.pk)).content.decode()


def test_lists_cost_the_same_for_one_and_for_many(table: Table, as_: Any) -> None:
    client = as_(table.cast.lars)
    table.sealed()

    def count(name: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url(name)).status_code == 200
        return len(queries)

    count("report-list")
    one = {name: count(name) for name in ("report-list", "copy-list")}
    for number in range(4):
        row = table.put(title=f"Another {number}")
        table.sign(row, table.cast.yann)
        table.sign(row, table.cast.lars)
    assert {name: count(name) for name in one} == one
    listed = client.get(url("report-list"), {"state": "sealed", "q": "Another"}).content.decode()
    assert listed.count("Another ") >= 4
    assert "Night at" not in listed


def test_a_copy_that_was_tampered_with_says_so(table: Table, as_: Any, tmp_path: Any) -> None:
    ours, _theirs = table.sealed()
    call_command("joint", "verify")
    file = tmp_path / "copy.json"
    file.write_text(ours.text, encoding="utf-8")
    call_command("joint", "verify", file=file)
    file.write_text(ours.text.replace("Boat of", "Ship of"), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("joint", "verify", file=file)
    SealedCopy.objects.filter(pk=ours.pk).update(text="gone")
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("joint", "verify")
    client = as_(table.cast.lars)
    assert "no sealed copy any more" in client.get(url("copy-detail", ours.pk)).content.decode()
    assert "It is not what was sealed" in client.post(url("copy-verify", ours.pk)).content.decode()
    assert client.get(url("copy-print", ours.pk)).status_code == 302


def test_api(table: Table, api_as: Any) -> None:
    cast = table.cast
    lars, yann = api_as(cast.lars), api_as(cast.yann)
    now = timezone.now()
    body = {
        "host": str(table.patrol.pk), "sides": [str(cast.b.pk)], "title": "Night", "text": "We walked.",
        "starts_at": (now - timedelta(hours=1)).isoformat(), "ends_at": now.isoformat(), "latitude": 47.66,
        "longitude": 9.17,
    }  # fmt: skip
    made = lars.send("post", "joint-reports/", body)
    assert made.status_code == 201, made.content
    path = f"joint-reports/{made.json()['id']}/"
    assert lars.send("patch", path, {"text": "We walked far."}, if_match=made["ETag"]).status_code == 200
    assert lars.send("post", f"{path}words/", {"language": "fr", "text": "Loin."}).status_code == 200
    assert lars.send("get", f"{path}footings/").json()[0]["clause"] == str(cast.art7.pk)
    assert lars.send("post", f"{path}put-forward/").json()["state"] == "open_to_sign"
    assert yann.send("get", f"{path}footings/").status_code == 403
    waiting = yann.send("get", "joint-reports/?to_sign=true").json()["results"]
    assert [item["id"] for item in waiting] == [made.json()["id"]]
    read = yann.send("get", path).json()
    assert [item["language"] for item in read["wordings"]] == ["fr"]
    assert len(yann.send("get", f"{path}entries/").json()["entries"]) == 3
    stale = yann.send("post", f"{path}sign/", {"seen": "0" * 64, "decision": "confirms"})
    assert stale.status_code in (409, 412), stale.content
    sign = {"seen": read["content_digest"], "decision": "disagrees", "statement": "It rained."}
    signed = yann.send("post", f"{path}sign/", sign)
    assert signed.status_code == 201, signed.content
    assert signed.json()["by"]["name"] == str(cast.yann.officer)
    assert yann.send("post", f"{path}take-back/").status_code == 200
    assert yann.send("post", f"{path}sign/", sign).status_code == 201
    told = lars.send("get", f"{path}signatures/").json()
    assert [(item["by"]["name"], bool(item["lapsed_at"])) for item in told] == [(None, True), (None, False)]
    assert "entries_digest" not in told[0]
    assert lars.send("get", f"joint-statements/{told[1]['statement']}/").json()["text"] == "It rained."
    assert (
        lars.send("post", f"{path}sign/", {"seen": read["content_digest"], "decision": "confirms"}).status_code == 201
    )
    copies = lars.send("get", f"joint-copies/?report={made.json()['id']}").json()["results"]
    assert len(copies) == 1
    assert lars.send("get", f"joint-copies/{copies[0]['id']}/verify/").json()["is_whole"]
    assert yann.send("get", f"joint-copies/{copies[0]['id']}/").status_code == 404
    assert lars.send("post", f"{path}withdraw/", {"reason": "No."}).status_code == 409
