// What open pages learn by themselves. One stream for all tabs of this browser: the tab that holds the lock listens and
// passes on what it hears. What comes is one word; the page then asks again through the door.
const body = document.body;
const RETRY = 15000; // without a stream, ask as often as this
const STEADY = 60000; // whether the page may still show what it shows: what ends by its date tells nobody
const SPREAD = 3000; // after an agreement ended not every page asks in the same moment
const TOGETHER = 100;

function hear(word) {
  for (const name of word === "anything" ? ["alerts", "receipts", "rights"] : [word]) {
    body.dispatchEvent(new CustomEvent(`live:${name}`));
  }
}

const tabs = "BroadcastChannel" in window ? new BroadcastChannel("entente-live") : null;
if (tabs) tabs.onmessage = (event) => hear(event.data);

function tell(word) {
  tabs?.postMessage(word);
  hear(word);
}

const wait = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

async function ticket() {
  const answer = await fetch(body.dataset.live, { headers: { Accept: "application/json" }, redirect: "manual" });
  return answer.status === 200 ? (await answer.json()).stream : null;
}

// Until the stream ends, as it does every few minutes; true when it was ever open.
function listen(address) {
  return new Promise((done) => {
    const source = new EventSource(address);
    let opened = false;
    source.onopen = () => { opened = true; body.dataset.liveState = "open"; };
    source.onmessage = (event) => tell(event.data);
    source.onerror = () => { source.close(); delete body.dataset.liveState; done(opened); };
  });
}

async function follow() {
  for (;;) {
    let opened = false;
    try {
      const address = await ticket();
      opened = address ? await listen(address) : false;
    } catch { /* no network: asked again below */ }
    if (opened) await wait(1000);
    else { await wait(RETRY); tell("alerts"); tell("receipts"); }
  }
}

if (body.dataset.live) {
  // Where there are no locks each tab listens for itself.
  if (navigator.locks) navigator.locks.request("entente-live", follow);
  else follow();
}

function shown() {
  const keys = new Set();
  for (const part of document.querySelectorAll("[data-shown]")) part.dataset.shown.split(" ").forEach((key) => keys.add(key));
  return [...keys];
}

// What the officer had typed is theirs: it stays to be copied when the page is closed.
function typed() {
  const fields = document.querySelectorAll("main textarea, main input:not([type]), main input[type=text]");
  return [...fields].filter((field) => field.value.trim() && field.value !== field.defaultValue).map((field) => field.value).join("\n\n");
}

function close() {
  const own = typed();
  const note = Object.assign(document.createElement("section"), { className: "empty" });
  const words = Object.assign(document.createElement("h1"), { textContent: "This page is closed" });
  const why = Object.assign(document.createElement("p"), { textContent: "Something it showed is not open to you any more: an agreement, a release or an appointment has ended since you opened it, or you act under another appointment now." });
  const again = Object.assign(document.createElement("a"), { className: "btn btn-primary", href: "/", textContent: "Go to the home page" });
  note.setAttribute("role", "alert");
  note.append(words, why);
  if (own) {
    const label = Object.assign(document.createElement("label"), { className: "form-label d-block text-start", textContent: "What you had typed" });
    const kept = Object.assign(document.createElement("textarea"), { className: "form-control mb-3", readOnly: true, rows: 6 });
    kept.value = own;
    label.append(kept);
    note.append(label);
  }
  note.append(again);
  document.querySelector("main").replaceChildren(note);
  document.title = "This page is closed · Entente";
  for (const part of document.querySelectorAll(".marking")) part.remove();
  document.documentElement.dataset.closed = "";
}

async function still() {
  const keys = shown();
  if (!keys.length || "closed" in document.documentElement.dataset) return;
  for (let first = 0; first < keys.length; first += TOGETHER) {
    const address = `${body.dataset.still}?${keys.slice(first, first + TOGETHER).map((key) => `r=${key}`).join("&")}`;
    let answer;
    try { answer = await fetch(address, { redirect: "manual" }); } catch { return; }
    // Gone; or signed out, or without an appointment.
    if (answer.status === 410 || answer.status === 403 || answer.type === "opaqueredirect") { close(); return; }
    if (answer.status !== 204) return;
  }
}

if (body.dataset.still) {
  body.addEventListener("live:rights", () => { setTimeout(still, Math.random() * SPREAD); });
  setInterval(() => { if (!document.hidden) still(); }, STEADY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) still(); });
}
