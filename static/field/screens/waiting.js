// Waiting to send: each row with how it stands and why; send now; out as a file, and in again at a desk.
import { button, field, h, link, note } from "../dom.js";
import { EXTENSION, NotAFile, content as read, forColleague, pack, unpack } from "../core/transfer.js";
import { transport } from "../network.js";
import { rowLine, standing } from "./parts.js";
import { twice } from "./patrol.js";

const LATEST = 20;

function actions(state, row, { go }) {
  const put = async (draft) => {
    if (!draft) return;
    await state.refresh();
    if (draft.kind === "observation") go(`#/entry/${draft.id}`);
    else {
      // Nothing to write on: it goes again as it is.
      await state.outbox.commit(draft.id);
      await state.refresh();
      state.send();
    }
  };
  const found = [];
  if (row.state === "draft" && row.kind === "observation") found.push(link("Continue", `#/entry/${row.id}`, { kind: "small" }));
  if (row.state === "waiting" && row.kind === "observation" && !row.attempts && !row.carried) found.push(button("Change", async () => put(await state.outbox.takeBack(row.id)), { kind: "small" }));
  if ((row.state === "refused" && !row.correctedBy && row.kind !== "photo") || row.problem?.code === "missing") {
    found.push(button(row.kind === "observation" ? "Put right" : "Send again", async () => put(await state.outbox.correct(row.id)), { kind: "small" }));
  }
  return found;
}

export function waiting(content, state, { go, say }) {
  const open = state.rows.filter((row) => row.kind !== "photo" && row.state !== "received" && !row.correctedBy);
  const photos = state.rows.filter((row) => row.kind === "photo" && row.state === "waiting" && !open.some((each) => each.id === row.entry));
  const done = state.rows.filter((row) => row.kind !== "photo" && row.state === "received").slice(-LATEST).reverse();
  const count = state.rows.filter((row) => row.state === "waiting").length;
  content.append(h("h1", {}, `Waiting to send (${count})`), ...standing(state),
    button(state.sending ? "Sending …" : "Send now", () => state.contact(), { kind: "main", shape: "send", id: "send-now", ...(state.sending ? { "aria-disabled": "true" } : {}) }),
    open.length || photos.length ? h("ul", { class: "rows" }, [...open, ...photos].map((row) => rowLine(state, row, ...actions(state, row, { go })))) : h("p", { class: "hint" }, "Nothing waits. What you logged was received."));
  if (done.length) content.append(h("section", {}, h("h2", {}, "Received"), h("ul", { class: "rows" }, done.map((row) => rowLine(state, row)))));
  content.append(carryOut(state, say), carryIn(state, say), h("p", {}, h("a", { class: "tap tap-plain", href: "#/" }, "Back")));
  let before = JSON.stringify(state.rows.map((row) => [row.id, row.state, row.problem?.at])) + state.sending + state.stopped;
  return { keeps: () => {
    const now = JSON.stringify(state.rows.map((row) => [row.id, row.state, row.problem?.at])) + state.sending + state.stopped;
    const busy = content.querySelector("details[open] input:focus");
    const changed = now !== before && !busy;
    if (changed) before = now;
    return changed;
  } };
}

function carryOut(state, say) {
  const passphrase = h("input", { type: "password", id: "out-passphrase", autocomplete: "new-password" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const save = async () => {
    wrong.textContent = "";
    try {
      const { text, count } = await pack({ outbox: state.outbox, locker: state.locker, passphrase: passphrase.value });
      const href = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
      h("a", { href, download: `outbox-${new Date().toISOString().slice(0, 16).replaceAll(":", "")}${EXTENSION}` }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60000);
      passphrase.value = "";
      say(`${count} rows written to the file. They stay here too.`);
    } catch (error) {
      if (!(error instanceof NotAFile)) throw error;
      wrong.textContent = error.message;
    }
  };
  return h("details", { class: "fold" }, h("summary", {}, "Carry it out in a file"), h("div", { class: "fold-body" },
    h("p", {}, "For when no network comes. The file is sealed with a passphrase; at a desk it is opened on this page. Whatever arrives twice is stored once."),
    field("Passphrase", passphrase, "At least 8 signs. It is not in the file: remember it."), wrong, button("Save the file", save, { shape: "file", id: "export" })));
}

function carryIn(state, say) {
  const file = h("input", { type: "file", id: "in-file", accept: EXTENSION });
  const passphrase = h("input", { type: "password", id: "in-passphrase", autocomplete: "off" });
  const told = h("div", { role: "status" });
  const load = async () => {
    try {
      const text = await file.files[0]?.text();
      if (!text) throw new NotAFile("Choose the file first.");
      const found = await read(text, passphrase.value);
      if (found.officer === state.officer) {
        const { taken, known } = await unpack({ outbox: state.outbox, locker: state.locker, text, passphrase: passphrase.value });
        const words = `${taken} brought in, ${known} known already.`;
        say(words);
        await state.refresh();
        await state.contact();
      } else told.replaceChildren(colleague(state, found));
    } catch (error) {
      if (!(error instanceof NotAFile)) throw error;
      told.replaceChildren(note("bad", error.message));
    }
  };
  return h("details", { class: "fold" }, h("summary", {}, "Bring in a file"), h("div", { class: "fold-body" }, field("File", file), field("Its passphrase", passphrase), button("Open it", load, { shape: "file", id: "import" }), told));
}

function colleague(state, found) {
  const batches = forColleague(found);
  const place = h("div", {});
  const send = async () => {
    const way = transport(state);
    let count = 0;
    for (const batch of batches) {
      const { status, body } = await way.carried({ ...batch, sent_at: state.outbox.stamp() }).catch(() => ({ status: 0 }));
      if (status !== 200) {
        place.replaceChildren(note("bad", body?.detail ?? "It did not arrive. The file stays as it is: try again."));
        return;
      }
      count += body.results.length;
    }
    place.replaceChildren(note("info", `${count} handed in. A supervisor of the agency decides.`));
  };
  place.append(note("info", h("p", {}, `A colleague’s file, ${batches.reduce((sum, each) => sum + each.items.length, 0)} entries. It goes to a supervisor of the agency, who admits it. Photographs are sent by the colleague.`), twice("Hand it in", "Yes, hand it in", send, { shape: "send" })));
  return place;
}
