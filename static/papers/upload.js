// How far an upload is. Without this the same form is sent, and the browser shows it.
const form = () => document.querySelector("form[data-upload]");

function tell(value, words) {
  const part = form()?.querySelector("[data-upload-progress]");
  if (!part) return;
  part.hidden = false;
  const bar = part.querySelector("progress");
  if (value === null) bar.removeAttribute("value"); else bar.value = value;
  const place = part.querySelector("[data-upload-words]");
  if (place.textContent !== words) place.textContent = words;
}

// What is too large is said before it is sent.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("form[data-upload] input[type=file]")) return;
  const size = field.files[0]?.size ?? 0;
  field.setCustomValidity(size > Number(field.form.dataset.most) ? field.form.dataset.tooLarge : "");
  field.reportValidity();
  const title = field.form.elements.title;
  if (title && !title.value && field.files[0]) title.value = field.files[0].name.replace(/\.[^.]+$/, "").slice(0, 200);
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const { loaded, total, lengthComputable } = event.detail;
  if (!lengthComputable || !event.target.closest?.("form[data-upload]")) return;
  const percent = Math.floor((100 * loaded) / total);
  // In tens: a screen reader is not told each of a hundred steps.
  if (percent < 100) tell(percent, `Uploading: ${percent - (percent % 10)} %`);
  else tell(null, "Uploaded. It is being checked …");
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "upload") document.querySelector("#upload [data-error-summary]")?.focus();
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => { if (form()) tell(0, "The upload did not arrive. Nothing was kept; try again."); });
}
