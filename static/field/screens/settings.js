// Themes, how coordinates are written, what is kept on this device.
import { button, field, h, link, note } from "../dom.js";
import { FORMATS } from "../core/places.js";
import { code } from "./gate.js";

const WORDS = { decimal: "Decimal degrees", dms: "Degrees, minutes, seconds", utm: "UTM", mgrs: "MGRS" };
const THEMES = { auto: "As the device", day: "Day", sun: "Sunlight: black on white, thick edges", night: "Night: dim red" };
const read = (name, fallback, among) => {
  try {
    const value = localStorage.getItem(`field-${name}`);
    return value in among ? value : fallback;
  } catch {
    return fallback;
  }
};
const keep = (name, value) => { try { localStorage.setItem(`field-${name}`, value); } catch { /* for this window only */ } };

export const format = () => read("format", "decimal", FORMATS);

export function applyTheme() {
  const theme = read("theme", "auto", THEMES);
  const dark = theme === "night" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  Object.assign(document.documentElement.dataset, { bsTheme: dark ? "dark" : "light", light: theme });
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);

let install = null;
addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); install = event; });

export async function settings(content, state) {
  const pick = (legend, name, words, chosen, after) => h("fieldset", { class: "stack" }, h("legend", {}, legend), Object.entries(words).map(([value, label]) => h("label", { class: "tick" },
    h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => { keep(name, value); after?.(); } }), h("span", {}, label))));
  const persisted = await navigator.storage?.persisted?.();
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const megabytes = (bytes) => `${Math.round(bytes / 1048576)} MB`;
  content.append(
    h("h1", {}, "Settings"),
    pick("Light", "theme", THEMES, read("theme", "auto", THEMES), applyTheme),
    pick("Coordinates", "format", WORDS, format()),
    h("section", { class: "stack" }, h("h2", {}, "On this device"),
      h("p", {}, `${state.rows.length} rows, sealed with your key. ${quota ? `${megabytes(usage)} of ${megabytes(quota)} used.` : ""}`),
      persisted ? note("ok", "The browser keeps it until you remove the app.") : note("info", h("p", {}, "The browser may clear it when room is short or the app is not used for days. Add it to the home screen."), button("Keep it", async () => { await navigator.storage?.persist?.(); state.changed(); }, { kind: "small" })),
      install ? button("Install the app", () => install.prompt(), { shape: "plus" }) : h("p", { class: "hint" }, "To install: in the browser’s menu, “Add to Home Screen” or “Install app”."),
      state.session?.officer === state.officer
        ? button("Change the field code", (event) => { const box = h("div", {}); code(box, state); event.currentTarget.replaceWith(box); }, { shape: "key" })
        : h("p", { class: "hint" }, "The field code is changed while you are signed in."),
      button("Shut the app", () => { state.shut(); state.session = null; state.changed(); }, { shape: "key" }),
      h("p", { class: "hint" }, `Version ${document.body.dataset.version}. Signing out of the portal removes nothing here.`)),
    h("p", {}, link("Back", "#/")),
  );
  return { keeps: () => false };
}
