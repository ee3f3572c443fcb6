// Themes, how coordinates are written, what is kept on this device.
import { button, field, h, link, note } from "../dom.js";
import { clock, offBy } from "../core/times.js";
import { applyTheme, format, keep, offer, read, THEMES } from "../prefs.js";
import { code } from "./gate.js";

const WORDS = { decimal: "Decimal degrees", dms: "Degrees, minutes, seconds", utm: "UTM", mgrs: "MGRS" };

export async function settings(content, state) {
  const pick = (legend, name, words, chosen, after) => h("fieldset", { class: "stack" }, h("legend", {}, legend), Object.entries(words).map(([value, label]) => h("label", { class: "tick" },
    h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => { keep(name, value); after?.(); } }), h("span", {}, label))));
  state.persisted = Boolean(await navigator.storage?.persisted?.());
  const { persisted } = state;
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const megabytes = (bytes) => `${Math.round(bytes / 1048576)} MB`;
  content.append(
    h("h1", {}, "Settings"),
    pick("Light", "theme", THEMES, read("theme", "auto", THEMES), applyTheme),
    pick("Coordinates", "format", WORDS, format()),
    h("section", { class: "stack" }, h("h2", {}, "On this device"),
      h("p", {}, `${state.rows.length} rows, sealed with your key. ${quota ? `${megabytes(usage)} of ${megabytes(quota)} used.` : ""}`),
      persisted ? note("ok", "The browser keeps it until you remove the app.") : note("info", h("p", {}, "The browser may clear it when room is short or the app is not used for days. Add it to the home screen."), button("Keep it", async () => { await navigator.storage?.persist?.(); state.changed(); }, { kind: "small" })),
      offer.install ? button("Install the app", () => offer.install.prompt(), { shape: "plus" }) : h("p", { class: "hint" }, "To install: in the browser’s menu, “Add to Home Screen” or “Install app”."),
      state.session?.officer === state.officer
        ? button("Change the field code", (event) => { const box = h("div", {}); code(box, state); event.currentTarget.replaceWith(box); }, { shape: "key" })
        : h("p", { class: "hint" }, "The field code is changed while you are signed in."),
      button("Shut the app", () => { state.shut(); state.session = null; state.changed(); }, { shape: "key" }),
      h("p", { class: "hint" }, `This device’s clock is ${offBy(state.drift)}${state.heardAt ? `, compared ${clock(state.heardAt)}` : ""}. Both times are kept.`),
      h("p", { class: "hint" }, `Version ${document.body.dataset.version}. Signing out of the portal removes nothing here.`)),
    h("p", {}, link("Back", "#/")),
  );
  return { keeps: () => false };
}
