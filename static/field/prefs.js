// What an officer chose on this device for all screens: the light, and how coordinates are written.
import { FORMATS } from "./core/places.js";

export const THEMES = { auto: "As the device", day: "Day", sun: "Sunlight: black on white, thick edges", night: "Night: dim red" };
export const read = (name, fallback, among) => {
  try {
    const value = localStorage.getItem(`field-${name}`);
    return value in among ? value : fallback;
  } catch {
    return fallback;
  }
};
export const keep = (name, value) => { try { localStorage.setItem(`field-${name}`, value); } catch { /* for this window only */ } };

export const format = () => read("format", "decimal", FORMATS);

export function applyTheme() {
  const theme = read("theme", "auto", THEMES);
  const dark = theme === "night" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  Object.assign(document.documentElement.dataset, { bsTheme: dark ? "dark" : "light", light: theme });
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);

// What a browser may do to what lies here, said once on home.
const installed = () => navigator.standalone === true || matchMedia("(display-mode: standalone)").matches;
export function advice(state) {
  if (installed() || state.persisted || read("advised", "", { yes: true })) return "";
  // Safari clears what scripts keep after seven days without use, unless the app was added.
  if ("standalone" in navigator) return "Add this to your home screen (Share, Add to Home Screen). Else Safari clears what lies here after seven days without use.";
  return "Add this to your home screen: “Install app” in the browser’s menu. Else the browser may clear it when room is short.";
}

// The browser offers to install the app: kept for the button in the settings.
export const offer = { install: null };
addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); offer.install = event; });
