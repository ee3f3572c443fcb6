// What waits to be sent. A row is a draft, then waits, and is received only by the server's word for its own id.
// Nothing else moves a row on: no lost answer, no error page, no other sign-in. A body is frozen when it is put
// forward, so that however often it is sent it is the same one.
//
//   draft → waiting → received | refused | conflict | quarantined
//   ↑____________|_______________↓ taken back (only if it never left the device), or put right after a refusal
//
// What the server refuses leaves nothing there: put right, it goes again under its id, on which others may hang. Only where the
// server holds other words under that id, or a supervisor turned it away, does it get a new one.
import { uuid7 } from "./ids.js";
import { drift, withOffset } from "./times.js";

export const MOST_ITEMS = 200;
export const MOST_BYTES = 1000000; // the contract's megabyte, with room for the envelope
export const FINAL = ["received", "refused", "conflict", "quarantined"];
// Refusals that may pass by themselves: what it hangs on has not come yet, a fault of the server, a damaged transfer.
export const PASSING = ["depends", "missing", "fault", "checksum"];
const TAKEN = ["other_body", "rejected"]; // the id is used up
const KEPT_FOR = 72 * 3600 * 1000;
const encoder = new TextEncoder();

export class Outbox {
  // `clock` tells milliseconds; `exclusive(work)` lets one piece of work at a time touch the rows, over all tabs.
  constructor({ locker, exclusive, clock = Date.now, offset = undefined, appointment = null }) {
    Object.assign(this, { appointment, locker, exclusive, clock, offset, device: locker.vault.device });
  }

  stamp(at = this.clock()) {
    return withOffset(at, this.offset?.());
  }

  async rows() {
    return (await this.locker.all("rows")).sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  }

  async row(id) {
    return this.locker.get("rows", id);
  }

  // The place of a new row in the order of sending: counted in the store, so that two tabs count together, and never by
  // a clock, which may be set back. Only inside `exclusive`.
  async next() {
    const key = `${this.locker.officer}/order`;
    const order = ((await this.locker.get("notes", key)) ?? 0) + 1;
    await this.locker.put([{ table: "notes", key, value: order }]);
    return order;
  }

  async #change(id, work) {
    return this.exclusive(async () => {
      const row = await this.row(id);
      if (!row) return null;
      const changed = work(row);
      if (changed) await this.locker.put([{ table: "rows", key: id, value: changed }]);
      return changed ?? row;
    });
  }

  // A draft: kept from its first letter on.
  async draft(kind, { id, patrol = null, leg = null, operation = null, happenedAt = null, body = {}, corrects = null } = {}) {
    return this.exclusive(async () => {
      const now = this.clock();
      const row = {
        id: id ?? uuid7(now), kind, patrol, leg, operation, body, corrects, state: "draft", order: await this.next(),
        happenedAt: happenedAt ?? this.stamp(now), startedAt: now, attempts: 0, problem: null, receipt: null,
      };
      await this.locker.put([{ table: "rows", key: row.id, value: row }]);
      return row;
    });
  }

  async change(id, patch) {
    return this.#change(id, (row) => (row.state === "draft" ? { ...row, ...patch, id: row.id, state: "draft" } : null));
  }

  async discard(id) {
    return this.exclusive(async () => {
      const rows = await this.rows();
      const row = rows.find((each) => each.id === id);
      if (row?.state !== "draft") return false;
      const gone = rows.filter((each) => each.entry === id && each.state === "draft");
      await this.locker.put([
        { table: "rows", key: id }, ...gone.flatMap((each) => [{ table: "rows", key: each.id }, { table: "blobs", key: each.id }]),
      ]);
      return true;
    });
  }

  // What is made by the item itself is not named by it: a new patrol and a leg have the item's own key.
  #frozen(row, order, photographs) {
    const { id, kind } = row;
    const [patrol, leg] = [row.patrol, row.leg].map((key) => (key === id ? null : key));
    const body = kind === "observation" && !row.body.edits ? { ...row.body, photographs } : row.body;
    const wire = { id, kind, happened_at: row.happenedAt, made_at: this.stamp(), patrol, leg, body };
    return { ...row, state: "waiting", order, wire, body: undefined, appointment: row.appointment ?? this.appointment };
  }

  // Put forward: the body is frozen, and photographs of the entry go with it, each a row of its own.
  async commit(id) {
    return this.exclusive(async () => {
      const row = await this.row(id);
      if (row?.state !== "draft") return row ?? null;
      const photos = (await Promise.all((row.photos ?? []).map((key) => this.row(key)))).filter((each) => each?.state === "draft");
      const changes = [this.#frozen(row, await this.next(), photos.length)];
      for (const photo of photos) {
        changes.push({ ...photo, state: "waiting", order: await this.next() });
      }
      await this.locker.put(changes.map((value) => ({ table: "rows", key: value.id, value })));
      return changes[0];
    });
  }

  async add(kind, fields) {
    return this.commit((await this.draft(kind, fields)).id);
  }

  // A photograph of an entry: its own row, its own id, its own receipt.
  async attach(entry, { bytes, sha256, type = "image/jpeg", name = "" }) {
    return this.exclusive(async () => {
      const host = await this.row(entry);
      if (!host) return null;
      const now = this.clock();
      const row = {
        id: uuid7(now), kind: "photo", entry, sha256, type, name, size: bytes.length, madeAt: this.stamp(now), startedAt: now,
        state: host.state === "draft" ? "draft" : "waiting", order: await this.next(), attempts: 0, problem: null, receipt: null,
      };
      await this.locker.put([
        { table: "rows", key: row.id, value: row }, { table: "blobs", key: row.id, bytes },
        { table: "rows", key: entry, value: { ...host, photos: [...(host.photos ?? []), row.id] } },
      ]);
      return row;
    });
  }

  // Rows that the server has and that nothing here hangs on.
  async forget(ids) {
    if (ids.length) await this.exclusive(() => this.locker.put(ids.map((key) => ({ table: "rows", key }))));
  }

  async drop(photo) {
    return this.exclusive(async () => {
      if ((await this.row(photo))?.state !== "draft") return false;
      await this.locker.put([{ table: "rows", key: photo }, { table: "blobs", key: photo }]);
      return true;
    });
  }

  // Back to a draft, if it never left: once it was on its way, or in a file, the server may have it.
  async takeBack(id) {
    return this.#change(id, ({ wire, ...row }) => (
      row.state === "waiting" && wire && !row.attempts && !row.carried ? { ...row, state: "draft", body: wire.body } : null
    ));
  }

  // All that the server has not received, for a file. From now on it may arrive by another way, so none is taken back.
  async carry() {
    return this.exclusive(async () => {
      const rows = (await this.rows()).filter((row) => row.state !== "received").map((row) => ({ ...row, carried: true }));
      await this.locker.put(rows.map((row) => ({ table: "rows", key: row.id, value: row })));
      return rows;
    });
  }

  // A refused row is a draft again, with its photographs: under its own id, or under a new one where that is used up.
  // Then the refused one stays, with its reason.
  async correct(id) {
    return this.exclusive(async () => {
      const rows = await this.rows();
      const row = rows.find((each) => each.id === id);
      const refused = row?.state === "refused" || (row?.state === "waiting" && row.problem?.code);
      if (!refused || row.kind === "photo" || row.correctedBy) return null;
      const used = TAKEN.includes(row.receipt?.code);
      const { wire, ...rest } = row;
      const next = used ? uuid7(this.clock()) : id;
      const moved = (key) => (key === id ? next : key);
      const photos = rows.filter((each) => each.entry === id && each.state !== "received")
        .map((photo) => ({ ...photo, entry: next, state: "draft", receipt: null, problem: null }));
      const draft = {
        ...rest, id: next, photos: photos.map((photo) => photo.id), body: wire.body, patrol: moved(row.patrol), leg: moved(row.leg), state: "draft", attempts: 0, problem: null,
        receipt: null, carried: false, corrects: used ? id : row.corrects, order: await this.next(),
      };
      const changes = [draft, ...photos, ...(used ? [{ ...row, correctedBy: next }] : [])];
      await this.locker.put(changes.map((value) => ({ table: "rows", key: value.id, value })));
      return draft;
    });
  }

  async counts() {
    const rows = await this.rows();
    const of = (state) => rows.filter((row) => row.state === state).length;
    return { draft: of("draft"), waiting: of("waiting"), refused: rows.filter((row) => row.state === "refused" && !row.correctedBy).length };
  }

  // --- Sending -------------------------------------------------------------------------------------------------

  // What goes next, in the order in which it was put forward, at most `most` and a megabyte. Marked as on its way first.
  // A call for help hangs on nothing and goes before everything; `urgent`: it alone.
  async #take(most, passed, urgent) {
    return this.exclusive(async () => {
      const [taken, items] = [[], []];
      let bytes = 0;
      const waiting = (await this.rows()).filter((row) => row.state === "waiting" && row.kind !== "photo" && !passed.has(row.id));
      const calls = waiting.filter((row) => row.kind === "panic");
      for (const row of calls.length || urgent ? calls : waiting) {
        // One batch is of one appointment: the server asks under which it was logged (R1).
        if (taken.length && row.appointment !== taken[0].appointment) break;
        const size = encoder.encode(JSON.stringify(row.wire)).length + 1;
        if (items.length && (items.length >= most || bytes + size > MOST_BYTES)) break;
        taken.push({ ...row, attempts: row.attempts + 1 });
        items.push(row.wire);
        bytes += size;
      }
      await this.locker.put(taken.map((row) => ({ table: "rows", key: row.id, value: row })));
      return { items, appointment: taken[0]?.appointment ?? null };
    });
  }

  // Receipts by id. Only a row that waits takes one; what is not spoken of goes on waiting.
  async #settle(results, answer, drifted) {
    let settled = 0;
    for (const result of Array.isArray(results) ? results : []) {
      if (!FINAL.includes(result?.state)) continue;
      const changed = await this.#change(result.id, (row) => {
        if (row.state !== "waiting") return null;
        const errors = result.errors ?? [];
        if (result.state === "refused" && PASSING.includes(result.code)) {
          return { ...row, problem: { reason: wordsOf(errors), code: result.code, at: this.clock() } };
        }
        settled += 1;
        const receipt = {
          at: result.received_at ?? answer.received_at, reference: result.reference ?? "", held: Boolean(result.held),
          code: result.code ?? "", record: result.record ?? null, version: result.version ?? null, errors, drift: drifted, noted: this.clock(),
        };
        return { ...row, state: result.state, receipt, problem: null };
      });
      if (changed?.kind === "photo" && changed.state === "received") await this.locker.put([{ table: "blobs", key: changed.id }]);
    }
    return settled;
  }

  async #blame(id, reason, status) {
    await this.#change(id, (row) => (row.state === "waiting" ? { ...row, problem: { reason, status, at: this.clock() } } : null));
  }

  // Sends all that waits: entries in batches, then photographs of entries that were received. `transport` has
  // whose() → officer, batch(body) and photo(row, bytes), each → {status, body}; it throws where there is no network.
  // → {stopped: null | "offline" | "signed_out" | "other_officer" | "refused" | "busy", received, drift}
  async flush(transport, { urgent = false } = {}) {
    const outcome = { stopped: null, received: 0, drift: null };
    try {
      const whose = await transport.whose();
      if (whose === null) return { ...outcome, stopped: "signed_out" };
      if (whose !== this.locker.officer) return { ...outcome, stopped: "other_officer" };
      await this.#flushEntries(transport, outcome, urgent);
      if (!outcome.stopped && !urgent) await this.#flushPhotos(transport, outcome);
    } catch (error) {
      if (error?.name !== "TypeError" && error?.name !== "AbortError" && error?.name !== "NetworkError") throw error;
      outcome.stopped = "offline";
    }
    return outcome;
  }

  async #flushEntries(transport, outcome, urgent) {
    const passed = new Set(); // not again in this flush
    let most = MOST_ITEMS;
    for (;;) {
      const { items, appointment } = await this.#take(most, passed, urgent);
      if (!items.length) return;
      const sentAt = this.clock();
      const { status, body } = await transport.batch({ device: this.device, sent_at: this.stamp(sentAt), ...(appointment ? { appointment } : {}), items });
      if (status === 200 && Array.isArray(body?.results)) {
        outcome.drift = drift(body, sentAt, this.clock());
        outcome.received += await this.#settle(body.results, body, outcome.drift);
        items.forEach(({ id }) => passed.add(id));
        most = MOST_ITEMS;
        continue;
      }
      outcome.stopped = stopFor(status, body);
      if (outcome.stopped) return;
      // The server does not take this batch as a whole: halved until the one at fault stands alone. The rest goes on.
      if (items.length > 1) {
        most = Math.ceil(items.length / 2);
        continue;
      }
      await this.#blame(items[0].id, reasonOf(body, status), status);
      passed.add(items[0].id);
      most = MOST_ITEMS;
    }
  }

  async #flushPhotos(transport, outcome) {
    const rows = await this.rows();
    const states = new Map(rows.map((row) => [row.id, row.state]));
    for (const row of rows) {
      if (row.state !== "waiting" || row.kind !== "photo") continue;
      if (!["received", "conflict", "quarantined", undefined].includes(states.get(row.entry))) continue;
      const bytes = await this.locker.bytes("blobs", row.id);
      if (!bytes) continue;
      await this.#change(row.id, (each) => ({ ...each, attempts: each.attempts + 1 }));
      const { status, body } = await transport.photo({ ...row, device: this.device, sentAt: this.stamp() }, bytes);
      const results = body?.results ?? (body?.state ? [body] : null);
      if (status >= 200 && status < 300 && results) {
        outcome.received += await this.#settle(results.filter((result) => result.id === row.id), body, outcome.drift);
        continue;
      }
      outcome.stopped = stopFor(status, body);
      if (outcome.stopped) return;
      await this.#blame(row.id, reasonOf(body, status), status);
    }
  }

  // What the server has needs no second copy here: forgotten three days after its receipt, once its patrol is over.
  async prune(running = new Set()) {
    return this.exclusive(async () => {
      const now = this.clock();
      const rows = await this.rows();
      const open = new Set(rows.filter((row) => row.state !== "received").map((row) => row.entry ?? row.id));
      const gone = rows.filter((row) => row.state === "received" && now - row.receipt.noted > KEPT_FOR
        && !running.has(row.wire?.patrol) && !open.has(row.id) && !open.has(row.entry));
      await this.locker.put(gone.flatMap((row) => [{ table: "rows", key: row.id }, { table: "blobs", key: row.id }]));
      return gone.length;
    });
  }
}

// Why the whole queue stops, or null when it is about what was sent.
function stopFor(status, body) {
  if (body?.code === "other_appointment" || (Array.isArray(body?.errors) ? body.errors : []).some((error) => error.code === "other_appointment")) return "other_appointment";
  if (status === 401 || body?.code === "other_officer") return "signed_out";
  if (status === 403) return "refused";
  if (status === 408 || status === 425 || status === 429) return "busy";
  if (status < 400 || status >= 500) return "busy"; // a page that is no answer, a server in trouble
  return null;
}

const wordsOf = (errors) => errors.map((error) => error.message ?? error.detail ?? String(error)).join(" ");

function reasonOf(body, status) {
  return (Array.isArray(body?.errors) && wordsOf(body.errors)) || body?.detail || body?.title || `The server answered ${status}.`;
}
