// What lies on the device is sealed: AES-GCM under a key of one officer, through WebCrypto.
// That key lies there wrapped twice: by a secret that the server gives to the officer's session and that is kept in
// memory alone, and by the officer's field code, for opening without a network. See ADR 32 for what this protects.
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const subtle = () => crypto.subtle;
const AES = { name: "AES-GCM", length: 256 };
export const ITERATIONS = 600000;
export const SHORTEST_CODE = 8;

export class Locked extends Error {}

export function toBase64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

export async function sha256(bytes) {
  return [...new Uint8Array(await subtle().digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const fresh = (count) => crypto.getRandomValues(new Uint8Array(count));

async function fromSecret(secret, salt) {
  const base = await subtle().importKey("raw", fromBase64(secret), "HKDF", false, ["deriveKey"]);
  return subtle().deriveKey({ name: "HKDF", hash: "SHA-256", salt, info: encoder.encode("entente field key") }, base, AES, false, ["wrapKey", "unwrapKey"]);
}

export async function fromCode(code, salt, iterations, uses = ["wrapKey", "unwrapKey"]) {
  const base = await subtle().importKey("raw", encoder.encode(code.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  return subtle().deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, base, AES, false, uses);
}

async function wrap(key, by) {
  const iv = fresh(12);
  return { iv, data: new Uint8Array(await subtle().wrapKey("raw", key, by, { name: "AES-GCM", iv })) };
}

async function unwrap({ iv, data }, by, extractable) {
  try {
    return await subtle().unwrapKey("raw", data, by, { name: "AES-GCM", iv }, AES, extractable, ["encrypt", "decrypt"]);
  } catch {
    return null;
  }
}

export function checkCode(code) {
  if ([...code].length < SHORTEST_CODE) return `At least ${SHORTEST_CODE} signs.`;
  if (/^(.)\1*$/.test(code) || "01234567890123456789".includes(code) || "98765432109876543210".includes(code)) return "Too easy to guess.";
  return "";
}

export class Vault {
  constructor(officer, key, device) {
    Object.assign(this, { officer, key, device });
  }

  // A new key for an officer who has none here. `device` tells the server which installation this is, for this officer.
  static async make({ store, officer, device, secrets }) {
    const key = await subtle().generateKey(AES, true, ["encrypt", "decrypt"]);
    const salt = fresh(16);
    const session = { id: secrets[0].id, salt, ...(await wrap(key, await fromSecret(secrets[0].secret, salt))) };
    await store.write([{ table: "vaults", key: officer, value: { officer, device, session } }]);
    return Vault.open({ store, officer, secrets });
  }

  // Opens with the session's secrets or with the code. Throws Locked; what lies there stays as it is.
  static async open({ store, officer, secrets = [], code = null, extractable = false }) {
    const kept = await store.read("vaults", officer);
    if (!kept) throw new Locked("Nothing of this officer lies on this device yet.");
    let key = null;
    for (const { id, secret } of secrets) {
      if (!key && kept.session?.id === id) key = await unwrap(kept.session, await fromSecret(secret, kept.session.salt), extractable);
    }
    if (!key && code !== null && kept.code) {
      key = await unwrap(kept.code, await fromCode(code, kept.code.salt, kept.code.iterations), extractable);
    }
    if (!key) throw new Locked(code === null ? "Sign in to open this." : "That is not your field code.");
    return new Vault(officer, key, kept.device);
  }

  static async hasCode(store, officer) {
    return Boolean((await store.read("vaults", officer))?.code);
  }

  // Sets the code anew, and wraps under the newest secret. Needs the session: a code cannot be changed by the code alone.
  static async setCode({ store, officer, secrets, code, iterations = ITERATIONS }) {
    const wrong = checkCode(code);
    if (wrong) throw new Error(wrong);
    const { key, device } = await Vault.open({ store, officer, secrets, extractable: true });
    const [salt, sessionSalt] = [fresh(16), fresh(16)];
    const value = {
      officer, device,
      session: { id: secrets[0].id, salt: sessionSalt, ...(await wrap(key, await fromSecret(secrets[0].secret, sessionSalt))) },
      code: { salt, iterations, ...(await wrap(key, await fromCode(code, salt, iterations))) },
    };
    await store.write([{ table: "vaults", key: officer, value }]);
  }

  // After the portal's own key was changed: wrapped under the newest secret, before the older one is forgotten.
  // Opened by the code, a session whose secret is a new one takes the vault over too.
  static async renew({ store, officer, secrets, code = null }) {
    const kept = await store.read("vaults", officer);
    if (!kept || !secrets.length || kept.session?.id === secrets[0].id) return;
    const { key } = await Vault.open({ store, officer, secrets, code, extractable: true });
    const salt = fresh(16);
    const session = { id: secrets[0].id, salt, ...(await wrap(key, await fromSecret(secrets[0].secret, salt))) };
    await store.write([{ table: "vaults", key: officer, value: { ...kept, session } }]);
  }

  // Bound to its place: a sealed row that somebody moves to another key or officer does not open.
  #place(table, key) {
    return encoder.encode(`${table}/${this.officer}/${key}`);
  }

  async sealBytes(table, key, bytes) {
    const iv = fresh(12);
    const data = await subtle().encrypt({ name: "AES-GCM", iv, additionalData: this.#place(table, key) }, this.key, bytes);
    return { officer: this.officer, key, iv, data: new Uint8Array(data) };
  }

  async openBytes(table, { key, iv, data }) {
    return new Uint8Array(await subtle().decrypt({ name: "AES-GCM", iv, additionalData: this.#place(table, key) }, this.key, data));
  }

  async seal(table, key, value) {
    return this.sealBytes(table, key, encoder.encode(JSON.stringify(value)));
  }

  async unseal(table, sealed) {
    return JSON.parse(decoder.decode(await this.openBytes(table, sealed)));
  }
}

// A store as one officer sees it through an open vault.
export class Locker {
  constructor(store, vault) {
    Object.assign(this, { store, vault, officer: vault.officer });
  }

  async get(table, key) {
    const sealed = await this.store.read(table, key);
    return sealed?.officer === this.officer ? this.vault.unseal(table, sealed) : undefined;
  }

  async bytes(table, key) {
    const sealed = await this.store.read(table, key);
    return sealed?.officer === this.officer ? this.vault.openBytes(table, sealed) : undefined;
  }

  async all(table) {
    return Promise.all((await this.store.list(table, this.officer)).map((sealed) => this.vault.unseal(table, sealed)));
  }

  // [{table, key, value | bytes | nothing}], all or nothing.
  async put(changes) {
    const sealed = await Promise.all(changes.map(async ({ table, key, value, bytes }) => {
      if (bytes) return { table, key, value: await this.vault.sealBytes(table, key, bytes) };
      return { table, key, value: value === undefined ? undefined : await this.vault.seal(table, key, value) };
    }));
    await this.store.write(sealed);
  }
}
