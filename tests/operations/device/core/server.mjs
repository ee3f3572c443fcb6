// The server as the contract describes it, and nothing else: idempotent by (officer, id), one receipt for one id, another body
// under the same id refused; what is refused leaves nothing and is judged anew. It notes every time that it stores, so that a test can count.
import { createHash } from "node:crypto";

const digest = (value) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

export class Server {
  constructor({ clock }) {
    Object.assign(this, { clock, stored: new Map(), receipts: new Map(), photos: new Map(), session: null, revoked: new Set(), versions: new Map(), writes: 0, number: 0 });
  }

  #receipt(state, extra = {}) {
    this.number += 1;
    return {
      state, reference: state === "received" ? `OBS-${String(this.number).padStart(6, "0")}` : "", held: false, errors: [],
      received_at: new Date(this.clock()).toISOString(), ...extra,
    };
  }

  #judge(officer, item) {
    if (this.revoked.has(officer)) return this.#receipt("quarantined");
    if (item.body?.waits && !this.stored.has(`${officer}/${item.body.waits}`)) return this.#receipt("refused", { code: "missing", errors: [{ field: "patrol", message: "Not received yet." }] });
    if (item.body?.bad) return this.#receipt("refused", { errors: [{ field: "text", message: "Say what was seen." }] });
    if (item.body?.versions) return this.#receipt("conflict", { errors: [{ field: "", message: "Another device ended it at another time." }] });
    if (item.kind !== "observation") return this.#receipt("received");
    const record = item.body?.edits ?? item.id;
    if (item.body?.edits && this.versions.get(record) !== item.body.version) return this.#receipt("conflict", { record, errors: [{ field: "", message: "Both are kept." }] });
    return this.#receipt("received", { record, version: this.touch(record) });
  }

  // Somebody changed the record.
  touch(record) {
    this.versions.set(record, (this.versions.get(record) ?? 0) + 1);
    return this.versions.get(record);
  }

  batch(officer, { device, sent_at: sentAt, items }) {
    if (!device || !sentAt || items.length > 200 || JSON.stringify(items).length > 1048576) return { status: 400, body: { detail: "Too much." } };
    if (items.some((item) => item.body?.poison)) return { status: 400, body: { detail: "An item cannot be read." } };
    const results = items.map((item) => {
      const key = `${officer}/${item.id}`;
      const known = this.receipts.get(key);
      if (known) {
        if (known.digest === digest(item)) return { id: item.id, ...known.receipt };
        return { id: item.id, ...this.#receipt("refused", { code: "other_body", errors: [{ field: "id", message: "This id was sent with other words." }] }) };
      }
      const receipt = this.#judge(officer, item);
      if (receipt.state !== "refused") this.receipts.set(key, { digest: digest(item), receipt });
      if (receipt.state === "received" || receipt.state === "conflict") {
        this.writes += 1;
        this.stored.set(key, item);
      }
      return { id: item.id, ...receipt };
    });
    return { status: 200, body: { received_at: new Date(this.clock()).toISOString(), drift_seconds: (this.clock() - Date.parse(sentAt)) / 1000, results } };
  }

  photo(officer, row, bytes) {
    const key = `${officer}/${row.id}`;
    const known = this.receipts.get(key);
    const entry = this.receipts.get(`${officer}/${row.entry}`)?.receipt.state;
    if (!known && (!entry || entry === "refused")) return { status: 404, body: { detail: "Not found." } };
    if (!known) {
      const state = this.revoked.has(officer) || entry === "quarantined" ? "quarantined" : "received";
      if (state === "received") this.writes += 1;
      this.photos.set(key, bytes);
      this.receipts.set(key, { receipt: this.#receipt(state, state === "received" ? { record: row.entry, version: this.touch(row.entry) } : {}) });
    }
    return { status: 200, body: { results: [{ id: row.id, ...this.receipts.get(key).receipt }] } };
  }

  // A way to the server for whoever is signed in on that device. `weather()` says what befalls the next question:
  // "fine", "off" (it never arrives), "lost" (it arrives, the answer does not), 401, 403, 429, 500, "page" (a proxy's page).
  transport(session, weather = () => "fine", answerOf = (answer) => answer) {
    const ask = async (work) => {
      const sky = weather();
      if (sky === "off") throw new TypeError("Failed to fetch");
      if (typeof sky === "number") return { status: sky, body: { detail: "No." } };
      if (sky === "page") return { status: 200, body: null };
      const answer = work(session());
      if (sky === "lost") throw new TypeError("Failed to fetch");
      return answerOf(answer);
    };
    return {
      whose: async () => session(),
      batch: (body) => ask((officer) => this.batch(officer, structuredClone(body))),
      photo: (row, bytes) => ask((officer) => this.photo(officer, row, bytes)),
    };
  }
}
