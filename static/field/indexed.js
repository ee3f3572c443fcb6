// The store of the core, in IndexedDB. Everything but the names of tables, keys and officers is sealed before it comes here.
import { TABLES } from "./core/store.js";

const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export class IndexedStore {
  static open(name = "entente-field") {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const table of TABLES) request.result.createObjectStore(table).createIndex("officer", "officer");
    };
    return asked(request).then((database) => {
      const store = new IndexedStore();
      store.database = database;
      // Another window with a newer version may go on.
      database.onversionchange = () => database.close();
      return store;
    });
  }

  #table(name) {
    return this.database.transaction(name).objectStore(name);
  }

  read(table, key) {
    return asked(this.#table(table).get(key));
  }

  list(table, officer) {
    return asked(this.#table(table).index("officer").getAll(officer));
  }

  keys(table) {
    return asked(this.#table(table).getAllKeys());
  }

  write(changes) {
    if (!changes.length) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const names = [...new Set(changes.map((change) => change.table))];
      const work = this.database.transaction(names, "readwrite", { durability: "strict" });
      work.oncomplete = () => resolve();
      work.onabort = () => reject(work.error ?? new Error("The device did not keep it."));
      for (const { table, key, value } of changes) {
        if (value === undefined) work.objectStore(table).delete(key);
        else work.objectStore(table).put(value, key);
      }
    });
  }
}
