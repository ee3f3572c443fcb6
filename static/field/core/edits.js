// An entry that was received is edited by an item of its own, which names the version that it was made on. Which one that is
// the receipts tell: of the entry, of its photographs, of earlier edits. What a colleague changed meanwhile is in none
// of them, so that the server keeps both versions and a person decides.

const counted = (rows, entry) => rows.filter((row) => row.state === "received" && row.receipt?.record === entry.receipt.record && row.receipt.version)
  .map((row) => row.receipt.version).sort((a, b) => a - b);

export const editsOf = (rows, id) => rows.filter((row) => row.kind === "observation" && (row.wire?.body ?? row.body)?.edits === id).sort((a, b) => a.order - b.order);

// What a new edit begins with; null where none can: not received, another one is not through yet, or two versions wait.
export function begun(rows, id) {
  const entry = rows.find((row) => row.id === id);
  if (entry?.kind !== "observation" || entry.state !== "received" || !entry.receipt?.version || entry.wire.body.edits) return null;
  const earlier = editsOf(rows, id);
  if (earlier.some((row) => row.state !== "received")) return null;
  let { version } = entry.receipt;
  const photos = rows.filter((row) => row.entry === id);
  // One that does not follow on the last known was made after a colleague's change, which nobody read here.
  for (const next of counted([...photos, ...earlier], entry)) if (next === version + 1) version = next;
  const { type, form, catalogue, values, text, latitude, longitude } = Object.assign({}, entry.wire.body, ...earlier.map((row) => row.wire.body));
  const body = { edits: id, version, type, form, catalogue, values, text, latitude, longitude };
  return { patrol: entry.patrol, leg: entry.leg, operation: entry.operation, body: Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) };
}

// As it goes along: only what an edit may say.
export function wireOf({ edits, version, type, form, values, text, latitude, longitude }) {
  const fields = { edits, version, text: text ?? "", ...(form ? { values } : { type }), latitude, longitude };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
