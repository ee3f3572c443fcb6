// What the app holds while it is open: the session, the open vault, the outbox, the kit, the position. One object, told about.
import * as kits from "./core/kit.js";
import { Outbox } from "./core/outbox.js";
import { running } from "./core/patrols.js";
import { Recorder } from "./core/recorder.js";
import { wait } from "./core/retry.js";
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
      drift: null, timer: 0, needsCode: false, positions: new Positions(), last: 0,
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
    await navigator.storage?.persist?.();
    this.changed();
  }

  shut() {
    this.positions.stop();
    Object.assign(this, { officer: null, locker: null, outbox: null, kit: null, rows: [], recorder: null });
  }

  async #unlocked(vault) {
    this.locker = new Locker(this.store, vault);
    this.officer = vault.officer;
    this.outbox = new Outbox({ locker: this.locker, exclusive });
    this.recorder = new Recorder(this.locker);
    this.kit = await kits.load(this.locker);
    this.outbox.appointment = this.kit?.content.officer?.appointment ?? this.session?.appointment ?? null;
    await this.refresh();
    await this.outbox.prune(new Set(this.running.map((each) => each.id)));
    await this.follow();
    this.contact();
  }

  get running() {
    return running(this.rows);
  }

  get own() {
    return this.kit?.content.officer ?? {};
  }

  photosOf(entry) {
    return this.rows.filter((row) => row.entry === entry);
  }

  async refresh() {
    if (this.outbox) this.rows = await this.outbox.rows();
    this.changed();
  }

  // Something was logged: kept first, then sent if there is a network.
  async log(kind, fields) {
    const row = await this.outbox.add(kind, fields);
    await this.refresh();
    this.send();
    return row;
  }

  // Contact with the server: the kit as it is now, then what waits.
  async contact() {
    if (!this.locker) return;
    if (!this.session) this.session = await fetchSession();
    if (this.session?.officer === this.officer) {
      const before = this.kit;
      this.kit = await kits.adopt(this.locker, await fetchKit(before?.etag), Date.now());
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
      this.drift = outcome.drift ?? this.drift;
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
      return;
    }
    if (this.recorder.leg !== leg.id) {
      await this.recorder.begin(leg.id);
      this.broken = this.recorder.count > 0;
    }
    this.positions.start();
  }

  async #fix(fix) {
    if (!this.recorder?.leg) return;
    const broken = this.broken || (this.recorder.last && fix.at - this.recorder.last.at > 600000);
    if (await this.recorder.add(fix, { broken })) this.broken = false;
    this.dispatchEvent(new Event("moved"));
  }
}
