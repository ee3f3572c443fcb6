// Where things lie on the device. Two stores answer alike: IndexedDB in the browser (../indexed.js), memory in tests.
//   read(table, key) → value | undefined      list(table, officer) → values      write([{table, key, value}]) → all or nothing
// A value without content (undefined) is taken away. Every value names its `officer`; nothing here reads another's.

export const TABLES = ["vaults", "rows", "blobs", "kits", "fixes", "notes"];

export class MemoryStore {
  constructor() {
    this.tables = Object.fromEntries(TABLES.map((name) => [name, new Map()]));
  }

  async read(table, key) {
    return structuredClone(this.tables[table].get(key));
  }

  async list(table, officer) {
    return structuredClone([...this.tables[table].values()].filter((value) => value.officer === officer));
  }

  async write(changes) {
    for (const { table, key, value } of structuredClone(changes)) {
      if (value === undefined) this.tables[table].delete(key);
      else this.tables[table].set(key, value);
    }
  }
}

// One thing at a time, in the order asked for. In the browser a Web Lock takes its place, so that tabs wait for each other.
export function queueing() {
  let last = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => {});
    return mine;
  };
}
