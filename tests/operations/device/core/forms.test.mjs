// Fields of observation types on the device: read from the schema that the kit carries, and checked as the server checks.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as forms from "../../../../static/field/core/forms.js";

const SCHEMA = {
  type: "object", required: ["persons"], properties: {
    speed: { title: "Speed", "x-kind": "number", "x-unit": "km/h", type: "number", minimum: 0, maximum: 120 },
    plate: { title: "Plate", "x-kind": "text", "x-personal": true, type: "string", minLength: 1, maxLength: 12 },
    persons: { title: "Persons", "x-kind": "whole", type: "integer", minimum: 0, maximum: 1e12 },
    searched: { title: "Searched", "x-kind": "yes_no", type: "boolean" },
    signs: { title: "Signs", "x-kind": "choices", type: "array", items: { oneOf: [{ const: "lights", title: "No lights" }, { const: "low", title: "Low" }] } },
    kind: { title: "Kind", "x-kind": "choice", type: "string", oneOf: [{ const: "car", title: "Car" }] },
    day: { title: "Day", "x-kind": "date", type: "string", format: "date" },
    at: { title: "At", "x-kind": "instant", type: "string", format: "date-time" },
  },
};

test("the fields in their order, without bounds that say nothing", () => {
  const fields = forms.fieldsOf(SCHEMA);
  assert.deepEqual(fields.map(({ key }) => key), Object.keys(SCHEMA.properties));
  assert.equal(fields[2].maximum, null);
  assert.deepEqual(fields[4].choices.map(({ key }) => key), ["lights", "low"]);
  assert.deepEqual(forms.fieldsOf(null), []);
  // Another's schema, without our words.
  assert.deepEqual(forms.fieldsOf({ properties: { a: { type: "boolean" }, b: { type: "integer" }, c: { oneOf: [] }, d: { type: "string" } } }).map(({ kind }) => kind), ["yes_no", "whole", "choice", "text"]);
});

test("every fault at its field, and none where all is right", () => {
  const right = { speed: 12.5, plate: "KN-X 1", persons: 0, searched: false, signs: ["low"], kind: "car", day: "2026-11-26", at: "2026-11-26T10:00:00.000+01:00" };
  assert.deepEqual(forms.faultsOf(SCHEMA, right), {});
  assert.deepEqual(forms.filledOf(SCHEMA, { ...right, gone: 1, signs: [] }), Object.fromEntries(Object.entries(right).filter(([key]) => key !== "signs")));
  const wrong = { speed: 121, plate: "x".repeat(13), persons: 1.5, searched: "no", signs: ["low", "low"], kind: "van", day: "26.11.", at: "2026-11-26T10:00" };
  assert.deepEqual(Object.keys(forms.faultsOf(SCHEMA, wrong)), Object.keys(SCHEMA.properties));
  assert.deepEqual(forms.faultsOf(SCHEMA, {}), { persons: "Fill in “Persons”." });
  assert.match(forms.faultsOf(SCHEMA, { persons: 1, speed: "fast" }).speed, /from 0 to 120 km\/h/);
});

test("numbers as people write them; what is none stays", () => {
  assert.deepEqual(["12", "12,5", " 3.25 ", "-1", ".5", "12a", "", "1e3"].map(forms.numberOf), [12, 12.5, 3.25, -1, 0.5, "12a", "", "1e3"]);
});

test("personal data, and the type of a draft", () => {
  assert.equal(forms.holdsPersonal(SCHEMA, { plate: "KN" }), true);
  assert.equal(forms.holdsPersonal(SCHEMA, { plate: "" }), false);
  const rows = [{ value: "note" }, { value: "van", operation: "a" }, { value: "boat", operation: "b" }];
  const { own, words } = forms.offered(rows, "a");
  assert.deepEqual([own.map(({ value }) => value), words.map(({ value }) => value)], [["van"], ["note"]]);
  assert.equal(forms.chosenOf(own, { type: "van" }), own[0]);
  assert.equal(forms.chosenOf(own, { type: "check", form: "van" }), own[0]);
  assert.equal(forms.chosenOf(own, { type: "note" }), null);
  assert.deepEqual(forms.offered(rows, null).own, []);
});
