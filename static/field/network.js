// The way to the server. Where there is none, fetch throws a TypeError, which the outbox takes for what it is.
const { session, scope } = document.body.dataset;
const api = "/api/v1/field/";
const PATIENCE = 60000;

async function ask(url, options = {}) {
  const response = await fetch(url, {
    credentials: "same-origin", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE), ...options,
    headers: { Accept: "application/json", ...options.headers },
  }).catch((error) => {
    if (error.name === "TimeoutError") throw new TypeError("No answer in time");
    throw error;
  });
  let body = null;
  if ((response.headers.get("Content-Type") ?? "").includes("json")) body = await response.json().catch(() => null);
  return { status: response.type === "opaqueredirect" ? 401 : response.status, body, etag: response.headers.get("ETag"), date: Date.parse(response.headers.get("Date") ?? "") };
}

// Whose session: {officer, csrf, secrets …}, {officer: null} when signed out, null when there is no network.
export async function fetchSession() {
  try {
    const { status, body } = await ask(session);
    if (status === 200 && body?.officer) return body;
    return status === 401 || status === 403 ? { officer: null } : null;
  } catch {
    return null;
  }
}

export async function fetchKit(etag) {
  try {
    return await ask(`${api}kit/`, { headers: etag ? { "If-None-Match": etag } : {} });
  } catch {
    return { status: 0 };
  }
}

export function transport(state) {
  const headers = () => ({ "X-CSRFToken": state.session?.csrf ?? "", "X-Entente-Officer": state.officer });
  const json = (path, body) => ask(`${api}${path}/`, {
    method: "POST", headers: { ...headers(), "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  return {
    // Asked anew before each sending: another officer may have signed in, in another window.
    async whose() {
      const now = await fetchSession();
      if (now === null) throw new TypeError("No network");
      state.session = now;
      return now.officer;
    },
    batch: (body) => json("batches", body),
    carried: (body) => json("imports", body),
    photo(row, bytes) {
      const form = new FormData();
      const values = { id: row.id, observation: row.entry, made_at: row.madeAt, sha256: row.sha256, device: row.device, sent_at: row.sentAt };
      for (const [name, value] of Object.entries(values)) form.append(name, value);
      form.append("file", new Blob([bytes], { type: row.type }), "photograph.jpg");
      return ask(`${api}photos/`, { method: "POST", headers: headers(), body: form });
    },
  };
}

export { scope };
