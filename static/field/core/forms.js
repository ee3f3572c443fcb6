// What the fields of an observation type take, read from its JSON Schema: the same that the server checks with.
const OFFSET = /(?:Z|[+-]\d{2}:\d{2})$/i;
const LARGEST = 1e12;

const kindOf = (raw) => raw["x-kind"] ?? { boolean: "yes_no", integer: "whole", number: "number", array: "choices" }[raw.type] ?? (raw.oneOf ? "choice" : "text");

// [{key, title, hint, kind, needed, personal, unit, minimum, maximum, longest, choices}], in their order.
export function fieldsOf(schema) {
  const needed = new Set(schema?.required ?? []);
  return Object.entries(schema?.properties ?? {}).map(([key, raw]) => ({
    key, title: raw.title ?? key, hint: raw.description ?? "", kind: kindOf(raw), needed: needed.has(key), personal: raw["x-personal"] === true, unit: raw["x-unit"] ?? "",
    minimum: raw.minimum > -LARGEST ? raw.minimum : null, maximum: raw.maximum < LARGEST ? raw.maximum : null, longest: raw.maxLength ?? 200,
    choices: (raw.items?.oneOf ?? raw.oneOf ?? []).map((each) => ({ key: each.const, title: each.title ?? each.const })),
  }));
}

// A number as people write it: 12.5 and 12,5. What is none stays a text, so that nothing typed is lost.
export function numberOf(text) {
  const plain = text.trim().replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : plain;
}

export const isEmpty = (value) => value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

function bounds({ kind, minimum, maximum, unit }) {
  const what = kind === "whole" ? "a whole number" : "a number";
  const tail = unit ? ` ${unit}` : "";
  if (minimum !== null && maximum !== null) return `Give ${what} from ${minimum} to ${maximum}${tail}.`;
  if (minimum !== null) return `Give ${what}, ${minimum}${tail} or more.`;
  if (maximum !== null) return `Give ${what}, ${maximum}${tail} or less.`;
  return `Give ${what}.`;
}

const CHECKS = {
  text: (each, value) => (typeof value === "string" && [...value].length <= each.longest ? "" : `Write a text of ${each.longest} characters at most.`),
  number: (each, value) => (Number.isFinite(value) && Math.abs(value) <= LARGEST && value >= (each.minimum ?? -LARGEST) && value <= (each.maximum ?? LARGEST) ? "" : bounds(each)),
  whole: (each, value) => (Number.isInteger(value) && !CHECKS.number(each, value) ? "" : bounds(each)),
  yes_no: (_, value) => (typeof value === "boolean" ? "" : "Say yes or no."),
  choice: (each, value) => (each.choices.some(({ key }) => key === value) ? "" : "Choose one of the list."),
  choices: (each, value) => (Array.isArray(value) && new Set(value).size === value.length && value.every((one) => each.choices.some(({ key }) => key === one)) ? "" : "Choose from the list, each once."),
  date: (_, value) => (/^\d{4}-\d{2}-\d{2}$/.test(value) && Number.isFinite(Date.parse(value)) ? "" : "Give a day."),
  instant: (_, value) => (OFFSET.test(value) && Number.isFinite(Date.parse(value)) ? "" : "Give day and time."),
};

// Why the value cannot be taken; empty when it can.
export function faultOf(each, value) {
  if (isEmpty(value)) return each.needed ? `Fill in “${each.title}”.` : "";
  return CHECKS[each.kind]?.(each, value) ?? "";
}

// {key: why} of all values at once.
export function faultsOf(schema, values) {
  return Object.fromEntries(fieldsOf(schema).map((each) => [each.key, faultOf(each, values?.[each.key])]).filter(([, why]) => why));
}

// What goes along: filled in, and known to the type.
export function filledOf(schema, values) {
  return Object.fromEntries(fieldsOf(schema).map(({ key }) => [key, values?.[key]]).filter(([, value]) => !isEmpty(value)));
}

export const holdsPersonal = (schema, values) => fieldsOf(schema).some((each) => each.personal && !isEmpty(values?.[each.key]));

// The types to choose from: those of the operation, the quick ones first; and the words that every operation has.
export function offered(rows, operation) {
  return { own: rows.filter((row) => row.operation && row.operation === operation), words: rows.filter((row) => !row.operation) };
}

// The operation's type that a draft is of: told by its key, and at first by the button that began it.
export const chosenOf = (own, body) => own.find((each) => each.value === (body.form ?? body.type)) ?? null;
