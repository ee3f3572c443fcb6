// What this browser tells of itself when its officer signs: a key that it made once, and its clock at the moment.
const NAME = "entente-device";

function key() {
  try {
    let found = localStorage.getItem(NAME);
    if (!found) {
      found = crypto.randomUUID();
      localStorage.setItem(NAME, found);
    }
    return found;
  } catch {
    return ""; // Storage is shut off: the server's clock and the browser's name are told alone.
  }
}

function now() {
  const at = new Date(), ahead = -at.getTimezoneOffset(), two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const local = new Date(at.getTime() + ahead * 60000).toISOString().slice(0, -1);
  return `${local}${ahead < 0 ? "-" : "+"}${two(ahead / 60)}:${two(ahead % 60)}`;
}

for (const form of document.querySelectorAll("form[data-sign]")) {
  form.addEventListener("submit", () => {
    form.querySelector("[data-device-key]").value = key();
    form.querySelector("[data-device-time]").value = now();
  });
}
