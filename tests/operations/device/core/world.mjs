// Devices, officers and a seeded chance, for the tests of the core.
import { Outbox } from "../../../../static/field/core/outbox.js";
import { MemoryStore, queueing } from "../../../../static/field/core/store.js";
import { Locker, Vault, toBase64 } from "../../../../static/field/core/vault.js";

export const ANNA = "0195a000-0000-7000-8000-00000000000a";
export const BERT = "0195a000-0000-7000-8000-00000000000b";

// mulberry32: small, and the same for the same seed everywhere.
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: (n) => Math.floor(next() * n), pick: (list) => list[Math.floor(next() * list.length)], odds: (p) => next() < p };
}

export function secretsOf(officer, generation = 1) {
  return [{ id: `g${generation}`, secret: toBase64(new TextEncoder().encode(`${officer}/${generation}`.padEnd(64, "."))) }];
}

export class Device {
  constructor(name, { clock, offset = () => 60 } = {}) {
    Object.assign(this, { name, clock, offset, store: new MemoryStore(), exclusive: queueing(), open: new Map() });
  }

  async sign(officer, generation = 1) {
    const secrets = secretsOf(officer, generation);
    if (!(await this.store.read("vaults", officer))) {
      await Vault.make({ store: this.store, officer, device: `${this.name}/${officer}`, secrets });
    }
    const vault = await Vault.open({ store: this.store, officer, secrets });
    const locker = new Locker(this.store, vault);
    const outbox = new Outbox({ locker, exclusive: this.exclusive, clock: this.clock, offset: this.offset });
    this.open.set(officer, { vault, locker, outbox });
    return this.open.get(officer);
  }

  // The tab was killed: all that was in memory is gone.
  kill() {
    this.open.clear();
    this.exclusive = queueing();
  }

  // The app was removed and installed again: all that was stored is gone.
  wipe() {
    this.kill();
    this.store = new MemoryStore();
  }
}
