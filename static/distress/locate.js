// Fills in the device's position, at a tap and never before.
const button = document.querySelector("[data-locate]");
const field = document.querySelector("[data-position]");
const status = document.querySelector("[data-located]");

if (button && field && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = "Looking for your position …";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
        status.textContent = `Accurate to ${Math.round(coords.accuracy)} m. Is it where the danger is?`;
      },
      () => { status.textContent = "No position. Type it instead."; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 },
    );
  });
}
