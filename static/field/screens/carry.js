// The outbox as a file: out of a device without a network, and in again at a desk.
import { button, field, h, note } from "../dom.js";
import { EXTENSION, NotAFile, content as read, forColleague, pack, unpack } from "../core/transfer.js";
import { transport } from "../network.js";
import { twice } from "./parts.js";
import { save as download } from "./track.js";

export const carrying = (state, say) => [carryOut(state, say), carryIn(state, say)];

function carryOut(state, say) {
  const passphrase = h("input", { type: "password", id: "out-passphrase", autocomplete: "new-password" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const save = async () => {
    wrong.textContent = "";
    try {
      const { text, count } = await pack({ outbox: state.outbox, locker: state.locker, passphrase: passphrase.value });
      download(text, "application/octet-stream", `outbox-${new Date().toISOString().slice(0, 16).replaceAll(":", "")}${EXTENSION}`);
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
