// Shows what belongs to what is chosen: [data-when] names the field, [data-is] its values. Without it, all is shown.
const parts = [...document.querySelectorAll("[data-when]")];

function valueOf(name) {
  const field = document.querySelector(`[name="${name}"]:is(select, :checked)`);
  return field?.value ?? "";
}

function show() {
  for (const part of parts) part.hidden = !part.dataset.is.split(" ").includes(valueOf(part.dataset.when));
}

document.addEventListener("change", (event) => {
  if (parts.some((part) => part.dataset.when === event.target.name)) show();
});
show();
