// Fills in the device's position, at a tap and never before. Accuracy is kept with it.
const button = document.querySelector("[data-locate]");
const field = document.querySelector("[data-position]");
const accuracy = document.querySelector("[name=accuracy_m]");
const status = document.querySelector("[data-located]");

if (button && field && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = "Looking for your position …";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
        accuracy.value = Math.round(coords.accuracy);
        status.textContent = `Accurate to ${Math.round(coords.accuracy)} m.`;
      },
      () => { status.textContent = "No position. Type it instead."; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 },
    );
  });
  field.addEventListener("input", () => { accuracy.value = ""; status.textContent = ""; });
}
