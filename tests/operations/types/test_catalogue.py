"""The commander's work: a draft, versions, and who may see and do what, by pages and the API."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from operations.types import actions, presenting
from operations.types.definitions import read_types
from operations.types.models import Catalogue
from portal.audit.models import Entry
from portal.ui.errors import Refused
from tests.operations.patrols.conftest import Joint, joint
from tests.operations.types.conftest import BIRD, VAN, first, publish

__all__ = ["first", "joint"]


def page(name: str, joint: Joint, *keys: str) -> str:
    return reverse(f"types:{name}", args=[joint.record.pk, *keys])


def test_a_draft_is_published_and_stays(joint: Joint, first: Catalogue) -> None:
    xenia = joint.cast.xenia
    assert (first.number, [each.key for each in first.read]) == (1, ["van", "bird"])
    draft = actions.begin(operation=joint.record, by=xenia)
    assert actions.begin(operation=joint.record, by=xenia) == draft
    with pytest.raises(Refused, match="Nothing differs from version 1"):
        actions.publish(catalogue=draft, revision=draft.revision, by=xenia)
    changed = actions.change(catalogue=draft, revision=1, by=xenia, types=read_types([BIRD]))
    for work in (
        lambda: actions.change(catalogue=draft, revision=1, by=xenia, types=read_types([VAN])),
        lambda: actions.publish(catalogue=draft, revision=1, by=xenia),
    ):
        with pytest.raises(Refused) as stale:
            work()
        assert stale.value.code == "stale"
    second = actions.publish(catalogue=draft, revision=changed.revision, by=xenia)
    assert second.number == 2
    assert presenting.current(joint.record) == second
    for work in (
        lambda: actions.change(catalogue=second, revision=2, by=xenia, types=()),
        lambda: actions.drop(catalogue=first, by=xenia),
    ):
        with pytest.raises(Refused, match="published"):
            work()
    third = actions.begin(operation=joint.record, by=xenia)
    actions.drop(catalogue=third, by=xenia)
    assert Catalogue.objects.count() == 2
    entries = Entry.objects.filter(verb__startswith="catalogue.", subject_id=str(joint.record.pk))
    assert {"catalogue.begin", "catalogue.publish", "catalogue.drop"} <= set(entries.values_list("verb", flat=True))
    assert "Van" not in json.dumps(list(entries.values_list("data", flat=True)))


def test_only_planners_of_the_lead_change_it(joint: Joint, first: Catalogue) -> None:
    draft = actions.begin(operation=joint.record, by=joint.cast.xenia)
    for who, code in (("yara", "forbidden"), ("lars", "forbidden"), ("zoe", "not_found")):
        by = getattr(joint.cast, who)
        for work in (
            lambda by=by: actions.begin(operation=joint.record, by=by),
            lambda by=by: actions.change(catalogue=draft, revision=1, by=by, types=()),
            lambda by=by: actions.publish(catalogue=draft, revision=1, by=by),
            lambda by=by: actions.drop(catalogue=draft, by=by),
        ):
            with pytest.raises(Refused) as refused:
                work()
            assert refused.value.code in (code, "forbidden")


def test_the_editor_from_nothing_to_a_version(joint: Joint, as_: Any) -> None:
    """No JSON is typed: a type, fields of several kinds, moved, changed, looked at, published; then the file."""
    client = as_(joint.cast.xenia)

    def send(name: str, *keys: str, **data: Any) -> Any:
        row = Catalogue.objects.filter(number=None).first()
        answer = client.post(page(name, joint, *keys), {"revision": row.revision if row else 1, **data}, follow=True)
        assert answer.status_code == 200
        return answer

    assert "has no types of its own" in client.get(page("catalogue", joint)).content.decode()
    send("draft-begin")
    assert client.get(page("type-create", joint)).status_code == 200
    wrong = send("type-create", label_en="", base="check")
    assert "This field is required" in wrong.content.decode()
    send("type-create", label_en="Van", base="check", quick="on")
    send("field-create", "van", kind="text", label_en="Plate", longest=12, personal="on")
    send("field-create", "van", kind="whole", label_en="Persons", minimum="0", maximum="60", required="on", unit="")
    send("field-create", "van", kind="choices", label_en="Signs", choices_en="No lights\nLow")
    for bad, says in (
        ({"kind": "whole", "label_en": "N", "minimum": "0.5"}, "the bounds are whole"),
        ({"kind": "number", "label_en": "N", "minimum": "9", "maximum": "1"}, "smaller than the smallest"),
        ({"kind": "choice", "label_en": "N"}, "Give something to choose from"),
    ):
        answer = send("field-create", "van", **bad)
        assert says in answer.content.decode()
        assert 'value="N"' in answer.content.decode()
    send("field-move", "van", "signs", step="up")
    # A choice that is called otherwise keeps its key; a new one gets one.
    send("field-change", "van", "signs", kind="choices", label_en="What was seen", choices_en="Lights out\nLow\nFast")
    send("type-create", label_en="Bird", base="sighting")
    send("type-move", "bird", step="up")
    draft = Catalogue.objects.get()
    assert [each.key for each in draft.read] == ["bird", "van"]
    van = draft.read[1]
    assert [each.key for each in van.fields] == ["plate", "signs", "persons"]
    assert [choice.key for choice in van.fields[1].choices] == ["no_lights", "low", "fast"]
    assert van.fields[0].personal
    # A page that a colleague overtook changes nothing, and says so with the input kept.
    stale = client.post(page("type-change", joint, "van"), {"revision": 1, "label_en": "Lorry", "base": "check"})
    assert "A colleague has changed this draft" in stale.content.decode()
    assert 'value="Lorry"' in stale.content.decode()
    shown = client.get(page("draft-detail", joint)).content.decode()
    assert "As on the phone" in shown
    assert "What was seen" in shown
    send("draft-publish")
    assert Catalogue.objects.get().number == 1
    exported = client.get(page("schema-export", joint))
    assert exported["Content-Type"] == "application/schema+json"
    assert exported["Content-Disposition"].endswith('.schema.json"')
    send("draft-begin")
    send("type-move", "bird", step="remove")
    file = SimpleUploadedFile("types.json", exported.content, "application/json")
    send("schema-import", schema=file)
    assert Catalogue.objects.get(number=None).types == Catalogue.objects.get(number=1).types
    broken = send("schema-import", schema=SimpleUploadedFile("a.json", b"{}", "application/json"))
    assert "defines no type" in broken.content.decode()
    send("draft-drop")
    assert Catalogue.objects.count() == 1


def test_pages_by_who_asks(joint: Joint, first: Catalogue, as_: Any) -> None:
    cast = joint.cast
    draft = actions.begin(operation=joint.record, by=cast.xenia)
    actions.change(
        catalogue=draft, revision=1, by=cast.xenia, types=read_types([{**BIRD, "labels": {"en": "Secretbird"}}])
    )
    expected = {"xenia": (200, 200), "lars": (200, 403), "yara": (200, 403), "yann": (200, 403), "zoe": (404, 404)}
    for who, (read, edit) in expected.items():
        client = as_(getattr(cast, who))
        shown = client.get(page("catalogue", joint))
        assert shown.status_code == client.get(page("operation-types", joint)).status_code == read, who
        assert client.get(page("schema-export", joint)).status_code == read, who
        assert ("Van" in shown.content.decode()) == (read == 200), who
        assert "Secretbird" not in shown.content.decode()
        codes = {client.get(page(name, joint)).status_code for name in ("draft-detail", "type-create", "schema-import")}
        assert codes == {edit}, who
        codes = {client.post(page(name, joint)).status_code for name in ("draft-publish", "draft-drop", "draft-begin")}
        assert edit == 200 or codes == {edit}, who
    client = as_(cast.xenia)
    for name, keys in (("type-change", ["cat"]), ("field-create", ["cat"]), ("field-change", ["bird", "cat"])):
        actions.begin(operation=joint.record, by=cast.xenia)
        assert client.get(page(name, joint, *keys)).status_code == 404
    assert client.get(page("catalogue", joint) + "?version=7").status_code == 404
    assert client.get(page("catalogue", joint) + "?version=x").status_code == 404
    # The treaty is suspended: the partner sees the operation no more, nor its types.
    joint.suspend()
    assert as_(cast.yann).get(page("catalogue", joint)).status_code == 404


def test_the_api_beside_the_pages(joint: Joint, first: Catalogue, api_as: Any) -> None:
    cast = joint.cast
    path, own = f"operations/{joint.record.pk}/observation-types/", api_as(cast.xenia)
    draft = own.send("POST", path, {}).json()
    assert (draft["number"], draft["revision"]) == (None, 1)
    row = f"observation-types/{draft['id']}/"
    changed = own.send("PUT", row, {"revision": 1, "types": [BIRD]})
    assert changed.status_code == 200, changed.content
    assert own.send("PUT", row, {"revision": 1, "types": [BIRD]}).status_code == 412
    wrong = own.send("PUT", row, {"revision": 2, "types": [{**BIRD, "base": "ship"}]})
    assert wrong.status_code == 400
    assert "types.0.base" in wrong.content.decode()
    # The schema of the first version is put into the draft.
    document = own.send("GET", f"observation-types/{first.pk}/schema/").json()
    taken = own.send("PUT", f"{row}schema/", {"revision": 2, "schema": document})
    assert taken.json()["types"] == first.types
    assert own.send("PUT", f"{row}schema/", {"revision": 3, "schema": {"$defs": {}}}).status_code == 400
    assert own.send("POST", f"{row}publish/", {"revision": 3}).status_code == 409
    own.send("PUT", row, {"revision": 3, "types": [BIRD]})
    # A partner reads the published one, and learns nothing of the draft.
    theirs = api_as(cast.yann)
    assert [item["number"] for item in theirs.send("GET", path).json()] == [1]
    assert theirs.send("GET", row).status_code == 404
    assert api_as(cast.yara).send("PUT", row, {"revision": 4, "types": []}).status_code == 404
    assert api_as(cast.yara).send("POST", path, {}).status_code == 403
    assert theirs.send("PUT", row, {"revision": 4, "types": []}).status_code == 403
    assert own.send("POST", f"{row}publish/", {"revision": 4}).json()["number"] == 2
    assert [item["number"] for item in theirs.send("GET", path).json()] == [2, 1]
    listed = theirs.send("GET", f"observation-types/?operation={joint.record.pk}").json()
    assert {item["number"] for item in listed["results"]} == {1, 2}
    assert api_as(cast.zoe).send("GET", path).status_code == 404
    assert api_as(cast.zoe).send("GET", "observation-types/").json()["results"] == []
    third = own.send("POST", path, {}).json()["id"]
    assert own.send("DELETE", f"observation-types/{third}/").status_code == 204
    assert own.send("DELETE", row).status_code == 409


def test_lists_cost_the_same_with_one_and_with_many(
    joint: Joint, first: Catalogue, as_: Any, django_assert_max_num_queries: Any
) -> None:
    client = as_(joint.cast.yann)
    client.get(page("catalogue", joint))
    for types in ([VAN], [BIRD], [VAN, BIRD]):
        publish(joint, *types)
    with django_assert_max_num_queries(30) as asked:
        client.get(page("catalogue", joint))
    before = len(asked)
    for types in ([VAN], [BIRD], [VAN, BIRD], [VAN]):
        publish(joint, *types)
    with django_assert_max_num_queries(before):
        client.get(page("catalogue", joint))
