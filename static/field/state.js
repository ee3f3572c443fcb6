// What the app holds while it is open: the session, the open vault, the outbox, the kit, the position. One object, told about.
import { alarmsOf } from "./core/alarms.js";
import { nearness } from "./core/areas.js";
import { timerOf } from "./core/checkins.js";
import { FALLEN, left, limits, told } from "./core/crossings.js";
import * as kits from "./core/kit.js";
import { Outbox } from "./core/outbox.js";
import { running } from "./core/patrols.js";
import { Recorder } from "./core/recorder.js";
import { wait } from "./core/retry.js";
import { isDue, put, sentOf } from "./core/stretches.js";
import { uuid7 } from "./core/ids.js";
import { Locked, Locker, Vault } from "./core/vault.js";
import { IndexedStore } from "./indexed.js";
import { fetchKit, fetchSession, transport } from "./network.js";
import { Positions } from "./positions.js";

const exclusive = (work) => (navigator.locks ? navigator.locks.request("entente-field", work) : work());

export class State extends EventTarget {
  constructor() {
    super();
    Object.assign(this, {
      session: null, officer: null, locker: null, outbox: null, kit: null, rows: [], stopped: null, sending: false, failures: 0,
      drift: null, heardAt: null, timer: 0, needsCode: false, positions: new Positions(), running: [], alarms: [], neighbours: false,
    });
    this.positions.addEventListener("fix", ({ detail }) => this.#fix(detail));
  }

  changed() {
    this.dispatchEvent(new Event("changed"));
  }

  async begin() {
    this.store = await IndexedStore.open();
    await this.enter();
  }

  // Opens the vault by the session, if there is one. Without a session, or without a network, it stays shut until the code.
  async enter() {
    this.session = await fetchSession();
    if (!this.session?.officer) return this.changed();
    const { officer, secrets } = this.session;
    try {
      if (this.officer && this.officer !== officer) this.shut();
      const known = await this.store.read("vaults", officer);
      if (!known) await Vault.make({ store: this.store, officer, device: uuid7(), secrets });
      if (!this.locker) await this.#unlocked(await Vault.open({ store: this.store, officer, secrets }));
      await Vault.renew({ store: this.store, officer, secrets });
      this.needsCode = !(await Vault.hasCode(this.store, officer));
    } catch (error) {
      if (!(error instanceof Locked)) throw error;
      this.needsOldCode = officer; // wrapped under a secret that is gone: the code still opens it
    }
    return this.changed();
  }

  // By the field code: whichever officer's vault on this device it opens.
  async unlock(code) {
    for (const officer of await this.store.keys("vaults")) {
      try {
        const vault = await Vault.open({ store: this.store, officer, code });
        if (this.session?.officer === officer) await Vault.renew({ store: this.store, officer, secrets: this.session.secrets, code });
        this.needsOldCode = null;
        await this.#unlocked(vault);
        return true;
      } catch (error) {
        if (!(error instanceof Locked)) throw error;
      }
    }
    return false;
  }

  async setCode(code) {
    await Vault.setCode({ store: this.store, officer: this.officer, secrets: this.session.secrets, code });
    this.needsCode = false;
    await this.persist();
    this.changed();
  }

  // Asks the browser not to clear what lies here when room is short.
  async persist() {
    this.persisted = Boolean((await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.()));
  }

  shut() {
    this.positions.stop();
    Object.assign(this, { officer: null, locker: null, outbox: null, kit: null, rows: [], recorder: null, running: [], alarms: [] });
  }

  async #unlocked(vault) {
    this.locker = new Locker(this.store, vault);
    this.officer = vault.officer;
    this.outbox = new Outbox({ locker: this.locker, exclusive });
    this.recorder = new Recorder(this.locker);
    this.kit = await kits.load(this.locker);
    this.persist().then(() => this.changed()).catch(() => {});
    this.outbox.appointment = this.kit?.content.officer?.appointment ?? this.session?.appointment ?? null;
    await this.refresh();
    await this.outbox.prune(new Set(this.running.map((each) => each.id)));
    await this.recorder.tidy(new Set(this.rows.flatMap((row) => [row.id, row.leg])));
    await this.follow();
    this.contact();
  }

  get own() {
    return this.kit?.content.officer ?? {};
  }

  photosOf(entry) {
    return this.rows.filter((row) => row.entry === entry);
  }

  async refresh() {
    if (this.outbox) {
      this.rows = await this.outbox.rows();
      this.running = running(this.rows);
    }
    this.watch();
    this.changed();
  }

  // What is typed before it is an item of the log, kept with each letter.
  async keepForm(name, values) {
    await this.locker.put([{ table: "notes", key: `${this.officer}/${name}`, value: values }]);
  }

  async formOf(name) {
    return (await this.locker.get("notes", `${this.officer}/${name}`)) ?? {};
  }

  get fix() {
    return this.positions.last ?? this.recorder?.last ?? null;
  }

  // --- The patrol as the team stands -------------------------------------------------------------------------------

  operationOf(id) {
    const begun = this.rows.find((row) => row.id === id && row.kind === "patrol.start")?.wire?.body;
    return this.kit?.patrol(id, Date.now())?.operation ?? begun?.operation ?? this.rows.find((row) => row.patrol === id && row.operation)?.operation ?? null;
  }

  hasLost(operation) {
    return Boolean(operation && (this.kit?.hasLost(operation) || this.kit?.withdrawn));
  }

  // The crossing that is open: logged here, or by the kit's word on another device of the team.
  crossingOf(there) {
    if (there.crossing) return there.crossing;
    const team = this.kit?.crossing(there.id, Date.now());
    const known = team && this.rows.some((row) => row.state !== "refused" && ((row.kind === "crossing.leave" && row.wire?.body.crossing === team.id)
      || (row.kind === "crossing.enter" && (row.id === team.id || row.receipt?.record === team.id))));
    return team && !known ? { ...team, at: Date.parse(team.entered_at), team: true } : null;
  }

  // What is permitted now. Where the device knows no rule any more, that of the entry; where the basis is gone, nothing (R24).
  limitOf(operation, crossing) {
    if (this.hasLost(operation)) return FALLEN;
    const now = Date.now();
    const found = limits(this.kit?.cards(operation, now) ?? [], { actor: this.own.country, host: crossing.territory, basis: crossing.basis }, this.kit?.operation(operation, now));
    if (found.known) return found;
    const stay = this.kit?.list("crossings", now).find((row) => row.id === crossing.id);
    return stay ? told(stay) : crossing.then ?? found;
  }

  timerOf(id) {
    return timerOf(this.rows, id, this.kit?.timer(id));
  }

  // What must be heard now. A new word among them is told by an event.
  watch() {
    const there = this.running[0];
    const before = this.alarms;
    if (!there) this.alarms = [];
    else {
      const [now, operation] = [Date.now(), this.operationOf(there.id)];
      const crossing = this.crossingOf(there);
      const place = this.positions.last;
      this.alarms = alarmsOf({
        now, crossing, lost: this.hasLost(operation), timer: this.timerOf(there.id),
        rest: crossing && left(this.limitOf(operation, crossing), crossing, now, place),
        near: place && there.leg && !there.leg.pausedAt ? nearness(this.kit?.areas(operation, now) ?? [], place) : null,
      });
    }
    const known = new Set(before.map((each) => each.id));
    const fresh = this.alarms.filter((each) => each.tone !== "info" && !known.has(each.id));
    this.dispatchEvent(new CustomEvent("watched", { detail: { fresh, patrol: there?.id } }));
  }

  // A crossing whose details nobody finished is put forward as it stands.
  async finishCrossings(older = 600000) {
    const open = this.rows.filter((row) => row.kind === "crossing.enter" && row.state === "draft" && Date.now() - row.startedAt > older);
    for (const row of open) await this.outbox.commit(row.id);
    return open.length;
  }

  // Something was logged: kept first, then sent if there is a network.
  async log(kind, fields) {
    const row = await this.outbox.add(kind, fields);
    await this.refresh();
    this.send();
    return row;
  }

  // A call for help waits for nothing that is on its way already.
  async callHelp(patrol, leg, body) {
    await this.outbox.add("panic", { patrol, leg, body });
    await this.refresh();
    const { stopped } = await this.outbox.flush(transport(this), { urgent: true });
    this.stopped = stopped;
    await this.refresh();
    this.send();
    return stopped;
  }

  // Contact with the server: the kit as it is now, then what waits.
  async contact() {
    if (!this.locker) return;
    if (await this.finishCrossings()) await this.refresh();
    // Asked anew: a session that ended in the meantime takes nothing away, an access that ended does.
    const session = await fetchSession();
    if (session) this.session = session;
    const { locker } = this;
    if (locker && session?.officer === this.officer) {
      const before = this.kit;
      const asked = Date.now();
      const answer = await fetchKit(before?.etag);
      const kit = await kits.adopt(locker, answer, Date.now());
      if (this.locker !== locker) return;
      this.kit = kit;
      if (answer.date) Object.assign(this, { drift: this.drift ?? (answer.date - (asked + Date.now()) / 2) / 1000, heardAt: Date.now() });
      this.outbox.appointment = this.session.appointment ?? this.outbox.appointment;
    }
    await this.send();
  }

  async send() {
    if (!this.outbox || this.sending) return;
    clearTimeout(this.timer);
    this.sending = true;
    this.changed();
    try {
      const outcome = await this.outbox.flush(transport(this));
      this.stopped = outcome.stopped;
      if (outcome.drift !== null) Object.assign(this, { drift: outcome.drift, heardAt: Date.now() });
      this.failures = outcome.stopped ? this.failures + 1 : 0;
    } finally {
      this.sending = false;
    }
    await this.refresh();
    if (this.rows.some((row) => row.state === "waiting")) this.timer = setTimeout(() => this.contact(), wait(this.failures || 1));
  }

  // Goes on recording the leg that runs, also after a reload.
  async follow() {
    const leg = this.running.map((each) => each.leg).find((each) => each && !each.pausedAt);
    if (!leg) {
      this.positions.stop();
      if (!this.running.length) this.recorder.leg = null;
      return;
    }
    if (this.recorder.leg !== leg.id) {
      await this.recorder.begin(leg.id);
      this.broken = this.recorder.count > 0;
    }
    this.positions.start();
  }

  // A stretch of the track goes with a fix, while the device is awake anyway, and only where there is a network.
  async #share() {
    const there = this.running.find((each) => each.leg?.id === this.recorder.leg);
    if (this.sharing || this.sending || this.stopped || !navigator.onLine || !there || there.leg.pausedAt) return;
    if (!isDue(sentOf(this.rows, there.leg.id), { startedAt: there.leg.startedAt, last: this.recorder.last })) return;
    this.sharing = true;
    try {
      if (await put(this.outbox, this.recorder, { patrol: there.id, leg: there.leg.id })) {
        await this.refresh();
        this.send();
      }
    } finally {
      this.sharing = false;
    }
  }

  async #fix(fix) {
    if (!this.recorder?.leg) return;
    const broken = this.broken || (this.recorder.last && fix.at - this.recorder.last.at > 600000);
    if (await this.recorder.add(fix, { broken })) this.broken = false;
    await this.#share();
    this.dispatchEvent(new Event("moved"));
    this.watch();
  }
}
