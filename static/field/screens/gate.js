// Before the app opens: a safe address, a session or the field code, and a code once for each device.
import { button, field, h, link, note } from "../dom.js";
import { checkCode } from "../core/vault.js";

const { login, scope } = document.body.dataset;
export const signIn = () => link("Sign in", `${login}?next=${encodeURIComponent(scope)}`, { kind: "main", shape: "key" });

export function unsafe(content) {
  content.append(
    h("h1", {}, "In the field"),
    note("bad", h("p", {}, "This address is not secure, so the browser keeps nothing for later and gives no position."), h("p", {}, "Open the portal by its https address. Whoever runs the portal finds how under “HTTPS” in its handbook.")),
    link("Patrols in the portal", "/patrols/", { kind: "main" }),
  );
}

export async function locked(content, state) {
  const officers = await state.store.keys("vaults");
  const input = h("input", { type: "password", autocomplete: "current-password", id: "code", required: true });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const open = async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    const send = event.target.querySelector("button");
    send.setAttribute("aria-disabled", "true");
    if (!(await state.unlock(input.value))) {
      wrong.textContent = "That is not a field code of this device.";
      send.removeAttribute("aria-disabled");
      input.select();
    } else state.changed();
  };
  const offline = state.session === null;
  content.append(h("h1", {}, "In the field"));
  if (state.needsOldCode) content.append(note("info", "The portal’s key has changed. Your field code opens what lies here."));
  else if (offline) content.append(note("info", "No network. Your field code opens what lies on this device."));
  if (officers.length) {
    content.append(h("form", { onsubmit: open }, field("Field code", input, "Nothing here is lost while it is shut."), wrong, h("button", { class: "tap tap-main", type: "submit" }, "Open")));
    if (!offline) content.append(h("p", { class: "or" }, "or"), signIn());
  } else if (offline) content.append(h("p", {}, "This device is not set up yet. It needs a network once: sign in, and choose your field code."), button("Try again", () => state.enter(), { kind: "main" }));
  else content.append(h("p", {}, "Sign in once. From then on the app also works without a network."), signIn());
  const seen = JSON.stringify([state.session?.officer, offline]);
  return { keeps: () => JSON.stringify([state.session?.officer, state.session === null]) !== seen, focus: officers.length ? "#code" : null };
}

export function code(content, state) {
  const input = h("input", { type: "password", autocomplete: "new-password", id: "new-code", required: true });
  const show = h("input", { type: "checkbox", id: "show-code", onchange: () => { input.type = show.checked ? "text" : "password"; } });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const keep = async (event) => {
    event.preventDefault();
    wrong.textContent = checkCode(input.value);
    if (wrong.textContent) return input.focus();
    event.target.querySelector("button").setAttribute("aria-disabled", "true");
    return state.setCode(input.value);
  };
  content.append(
    h("h1", {}, "Your field code"),
    h("p", {}, "It opens the app without a network. What you log lies sealed on this device; only you can open it."),
    h("form", { onsubmit: keep },
      field("Field code", input, "At least 8 signs. Three words are better than a number. Not your password."),
      h("label", { class: "tick" }, show, h("span", {}, "Show it")), wrong,
      h("button", { class: "tap tap-main", type: "submit" }, "Keep it, and open")),
  );
  return { keeps: () => false, focus: "#new-code" };
}
