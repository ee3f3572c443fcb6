// The device's position: watched while a leg runs, and while a screen looks for it. Never before a tap.
export class Positions extends EventTarget {
  constructor() {
    super();
    Object.assign(this, { watch: null, last: null, trouble: "", lock: null, asked: new Set() });
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

  // Who asks is named, so that a screen that closes does not end the recording of a leg.
  start(who = "leg") {
    this.asked.add(who);
    if (who === "leg") this.#stayAwake();
    if (this.watch !== null) return;
    if (!navigator.geolocation) {
      this.#fail({ code: 2 });
      return;
    }
    this.watch = navigator.geolocation.watchPosition((fix) => this.#take(fix), (error) => this.#fail(error), { enableHighAccuracy: true, maximumAge: 2000, timeout: 60000 });
  }

  stop(who = "leg") {
    this.asked.delete(who);
    if (who === "leg") {
      this.lock?.release?.().catch(() => {});
      this.lock = null;
    }
    if (this.asked.size || this.watch === null) return;
    navigator.geolocation.clearWatch(this.watch);
    this.watch = null;
  }

  // A browser records only while it is shown and awake. The lock goes whenever the page is hidden: asked for again then.
  async #stayAwake() {
    if (this.lock && !this.lock.released) return;
    try {
      this.lock = await navigator.wakeLock?.request("screen");
    } catch { /* low battery: the device decides */ }
  }

  once(timeout = 15000) {
    return new Promise((resolve) => {
      if (!navigator.geolocation) return resolve(null);
      return navigator.geolocation.getCurrentPosition(
        (fix) => resolve(this.#take(fix)), (error) => { this.#fail(error); resolve(null); },
        { enableHighAccuracy: true, timeout, maximumAge: 10000 },
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

export const FRESH = 30000; // milliseconds: older than that it is the last known place, and said to be

// In metres and in a word: "± 12 m, good".
export function accuracyWords(metres) {
  const word = metres <= 20 ? "good" : metres <= 100 ? "fair" : "poor";
  return `± ${Math.round(metres)} m, ${word}`;
}
