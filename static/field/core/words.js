// What a row is called, everywhere the same. Green is for the server's receipt alone.
import { zulu } from "./times.js";

export const KINDS = {
  "patrol.start": "Patrol started", "patrol.end": "Patrol ended", "leg.start": "Leg started", "leg.pause": "Paused",
  "leg.resume": "Resumed", "leg.end": "Leg ended", observation: "Entry", track: "Track", "crossing.enter": "Entered partner territory",
  "crossing.leave": "Left partner territory", check_in: "Checked in", panic: "Help called", photo: "Photograph",
};

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

// {words, tone, icon, reasons}: tone "ok" only when the entry and each of its photographs were received.
export function stateOf(row, photos = []) {
  const photoProblems = photos.flatMap((photo) => reasons(photo));
  const told = { reasons: [...reasons(row), ...photoProblems] };
  if (row.state === "draft") return { ...told, words: "Draft on this device", tone: "neutral", icon: "pencil" };
  if (row.state === "waiting") return { ...told, words: "Waiting to send", tone: "wait", icon: "hourglass" };
  const at = zulu(row.receipt?.at);
  const reference = row.receipt?.reference ? ` (${row.receipt.reference})` : "";
  if (row.state === "received") {
    const missing = photos.filter((photo) => photo.state !== "received");
    if (missing.some((photo) => photo.state === "waiting")) {
      return { ...told, words: `Waiting to send: ${missing.length} of ${plural(photos.length, "photograph")}`, tone: "wait", icon: "hourglass" };
    }
    if (missing.length) return { ...told, words: `${plural(missing.length, "photograph")} not taken`, tone: "bad", icon: "alert" };
    const held = row.receipt?.held ? ". Held until you release it" : "";
    return { ...told, words: `Received ${at}${reference}${held}`, tone: "ok", icon: "check" };
  }
  if (row.state === "conflict") return { ...told, words: `Two versions since ${at}${reference}: somebody decides`, tone: "wait", icon: "alert" };
  if (row.state === "quarantined") return { ...told, words: `Handed in ${at}, put aside for a supervisor`, tone: "wait", icon: "alert" };
  return { ...told, words: row.correctedBy ? "Not taken; corrected below" : "Not taken", tone: "bad", icon: "alert" };
}

function reasons(row) {
  if (row.problem) return [row.problem.reason];
  if (row.state === "refused" || row.state === "conflict") return (row.receipt?.errors ?? []).map((error) => error.message).filter(Boolean);
  return [];
}

export function stopWords(stopped) {
  return {
    offline: "No network. It goes by itself when there is one.",
    signed_out: "Signed out. Nothing is lost: sign in again to send.",
    other_officer: "Another officer is signed in. Your entries stay here and go when you sign in.",
    other_appointment: "Logged under another of your appointments: choose it in the portal, then send again.",
    refused: "The server refused this session. Sign in again to send.",
    busy: "The server is busy. It is tried again shortly.",
  }[stopped] ?? "";
}
