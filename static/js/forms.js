// Forms: asked about before a grave step, sent once, and not lost by leaving the page.
let asking = null;

function dialog() {
  if (asking) return asking;
  asking = document.createElement("dialog");
  asking.setAttribute("aria-labelledby", "confirm-question");
  const question = Object.assign(document.createElement("p"), { id: "confirm-question" });
  const actions = Object.assign(document.createElement("form"), { method: "dialog", className: "actions" });
  const yes = Object.assign(document.createElement("button"), { value: "yes", className: "btn btn-primary" });
  const no = Object.assign(document.createElement("button"), { value: "no", className: "btn btn-outline-secondary", textContent: "Cancel", autofocus: true });
  actions.append(yes, no);
  asking.append(question, actions);
  document.body.append(asking);
  return asking;
}

function confirmed(form) {
  return new Promise((resolve) => {
    const box = dialog();
    box.querySelector("p").textContent = form.dataset.confirm;
    box.querySelector("[value=yes]").textContent = form.dataset.confirmAction || "Yes, go on";
    box.returnValue = "";
    box.addEventListener("close", () => resolve(box.returnValue === "yes"), { once: true });
    box.showModal();
  });
}

function sendOnce(form, submitter) {
  form.dataset.sent = "1";
  submitter?.setAttribute("aria-disabled", "true");
  const words = submitter?.dataset.busy || form.dataset.busy;
  if (words) setTimeout(() => { if (form.dataset.sent) form.append(busy(words)); }, 400);
}

// What takes a while says what it is at until its page comes.
function busy(words) {
  const part = Object.assign(document.createElement("div"), { className: "progress-part mt-3" });
  const label = Object.assign(document.createElement("span"), { textContent: words });
  label.setAttribute("role", "status");
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", words);
  part.dataset.busyPart = "";
  part.append(label, bar);
  return part;
}

function release() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[data-busy-part]")?.remove();
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.dataset.confirm && !form.dataset.confirmed) {
    event.preventDefault();
    const submitter = event.submitter;
    if (await confirmed(form)) {
      form.dataset.confirmed = "1";
      form.requestSubmit(submitter);
    } else {
      submitter?.focus();
    }
    return;
  }
  delete form.dataset.confirmed;
  delete form.dataset.dirty;
  if (!form.matches("[hx-post], [hx-put], [hx-delete]")) sendOnce(form, event.submitter);
});

// Fields that some choices of a list alone ask for (data-concerns names them). What is not shown is not sent.
function ask(list) {
  for (const [name, choices] of Object.entries(JSON.parse(list.dataset.concerns))) {
    const part = list.form?.querySelector(`#div_id_${name}`);
    if (!part) continue;
    const asked = choices.includes(list.value) || part.querySelector(".is-invalid, .invalid-feedback") !== null;
    part.hidden = !asked;
    for (const control of part.querySelectorAll("input, select, textarea")) control.disabled = !asked;
  }
}

document.addEventListener("change", (event) => { if (event.target.dataset?.concerns) ask(event.target); });
document.querySelectorAll("[data-concerns]").forEach(ask);

// Back from the browser's memory of pages: the form may be sent again.
window.addEventListener("pageshow", (event) => { if (event.persisted) release(); });
setInterval(release, 15000);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-guard")) form.dataset.dirty = "1";
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-guard][data-dirty]")) event.preventDefault();
});

// A page that came back with errors holds what was typed, which is not saved either.
export function guard(within) {
  for (const form of within.querySelectorAll("form[data-guard]")) {
    if (form.querySelector(".is-invalid")) form.dataset.dirty = "1";
  }
}
