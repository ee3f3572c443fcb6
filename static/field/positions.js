// The device's position: watched while a leg runs, asked once for an entry. Never before a tap.
export class Positions extends EventTarget {
  constructor() {
    super();
    Object.assign(this, { watch: null, last: null, trouble: "", lock: null });
  }

  #take({ coords, timestamp }) {
    this.last = { lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy, at: timestamp };
    this.trouble = "";
    this.dispatchEvent(new CustomEvent("fix", { detail: this.last }));
    return this.last;
  }

  #fail(error) {
    this.trouble = error.code === 1 ? "Position is not allowed on this device: allow it in the browser’s settings." : "No position at the moment.";
    this.dispatchEvent(new Event("trouble"));
  }

  start() {
    if (this.watch !== null || !navigator.geolocation) return;
    this.watch = navigator.geolocation.watchPosition((fix) => this.#take(fix), (error) => this.#fail(error), { enableHighAccuracy: true, maximumAge: 2000, timeout: 60000 });
    this.#stayAwake();
  }

  stop() {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    this.watch = null;
    this.lock?.release?.().catch(() => {});
    this.lock = null;
  }

  // A browser records only while it is shown and awake.
  async #stayAwake() {
    try {
      this.lock = await navigator.wakeLock?.request("screen");
    } catch { /* low battery: the device decides */ }
  }

  once() {
    return new Promise((resolve) => {
      if (!navigator.geolocation) return resolve(null);
      return navigator.geolocation.getCurrentPosition(
        (fix) => resolve(this.#take(fix)), (error) => { this.#fail(error); resolve(null); },
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 },
      );
    });
  }
}

// The place of a body, as the server takes it.
export function placed(place) {
  if (!place) return {};
  const { lat, lon, accuracy } = place;
  return { latitude: Number(lat.toFixed(6)), longitude: Number(lon.toFixed(6)), ...(Number.isFinite(accuracy) ? { accuracy_m: Math.round(accuracy) } : {}) };
}
