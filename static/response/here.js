// Fills in the device's position, at a tap and never before.
const button = document.querySelector("[data-locate]");
const position = document.querySelector("[name=position]");
const status = document.querySelector("[data-located]");

if (button && position && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = "Looking for your position …";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        position.value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
        status.textContent = `Accurate to ${Math.round(coords.accuracy)} m. Is it where they are needed?`;
      },
      () => { status.textContent = "No position. Type it instead."; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 },
    );
  });
}
