// Offers the grades of the chosen scheme alone. Without this script all are there, each under its scheme.
const scheme = document.querySelector("[data-scheme]");
const fields = [...document.querySelectorAll("[data-grades-of]")].map((field) => ({
  field,
  groups: [...field.querySelectorAll("optgroup")],
}));

function belongs(group) {
  return group.firstElementChild?.value.startsWith(`${scheme.value}:`);
}

function narrow() {
  for (const { field, groups } of fields) {
    const kept = field.value;
    groups.forEach((group) => group.remove());
    field.append(...groups.filter(belongs));
    // A grade of another scheme means something else here: it is chosen anew.
    field.value = [...field.options].some((option) => option.value === kept) ? kept : "";
  }
}

if (scheme) {
  scheme.addEventListener("change", narrow);
  narrow();
}
