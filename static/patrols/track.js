// Shows how far a long track has come: bytes while it is sent, seconds while it is read. Without it the form just works.
const LARGE = 1024 * 1024;

function words(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function reading(bar, told) {
  const begun = Date.now();
  bar.removeAttribute("value");
  const tell = () => { told.textContent = `Sent. Reading the points, ${Math.round((Date.now() - begun) / 1000)} s …`; };
  tell();
  return setInterval(tell, 1000);
}

// The same page again, with its reasons.
function show(text, form) {
  const next = new DOMParser().parseFromString(text, "text/html").querySelector("main");
  const here = document.querySelector("main");
  if (!next) { form.submit(); return; }
  here.replaceWith(document.adoptNode(next));
  next.querySelector(".error-summary, [role=alert]")?.focus();
  start(next.querySelector("[data-upload]"));
}

function send(within, button) {
  const [input, bar, told] = ["input[type=file]", "progress", "[data-uploaded]"].map((part) => within.querySelector(part));
  const request = new XMLHttpRequest();
  let ticking = 0;
  const over = () => { clearInterval(ticking); bar.hidden = true; button?.removeAttribute("disabled"); };
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.max = total;
    bar.value = loaded;
    told.textContent = `${words(loaded)} of ${words(total)} sent.`;
  });
  request.upload.addEventListener("load", () => { ticking = reading(bar, told); });
  request.addEventListener("load", () => {
    over();
    if (request.getResponseHeader("Content-Type")?.startsWith("application/json")) {
      window.location.assign(JSON.parse(request.responseText).url);
    } else if (request.status < 500 && request.status !== 413) {
      show(request.responseText, within);
    } else {
      told.textContent = "It could not be taken in. Try again, or split the track.";
    }
  });
  request.addEventListener("error", () => { over(); told.textContent = "The connection broke off: nothing was kept. Send it again."; });
  request.open("POST", within.action || window.location.href);
  request.setRequestHeader("X-Progress", "1");
  bar.hidden = false;
  bar.value = 0;
  button?.setAttribute("disabled", "");
  request.send(new FormData(within));
  input.setAttribute("aria-describedby", told.id);
}

function start(within) {
  within?.addEventListener("submit", (event) => {
    const input = within.querySelector("input[type=file]");
    if (!input?.files[0] || input.files[0].size < LARGE) return;
    event.preventDefault();
    send(within, event.submitter);
  });
}

start(document.querySelector("[data-upload]"));
