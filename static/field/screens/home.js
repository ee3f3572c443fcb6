// Continue · Start patrol · Waiting to send (n). Nothing else above the fold.
import { button, h, icon, link } from "../dom.js";
import { lasting } from "../core/times.js";
import { underWay } from "../core/patrols.js";
import { labelOf, operationOf, standing, titleOf } from "./parts.js";
import { begin } from "./start.js";

export function home(content, state, { go }) {
  const running = state.running;
  const drafts = state.rows.filter((row) => row.state === "draft" && row.kind === "observation");
  const waiting = state.rows.filter((row) => row.state === "waiting").length;
  const refused = state.rows.filter((row) => (row.state === "refused" && !row.correctedBy) || row.problem).length;
  const under = new Set(running.map((each) => each.id));
  const ended = new Set(state.rows.filter((row) => row.kind === "patrol.end" && row.state !== "refused").map((row) => row.patrol));
  const due = (state.kit?.list("patrols", Date.now()) ?? []).filter((each) => !under.has(each.id) && !ended.has(each.id));
  content.append(
    h("h1", {}, state.own.function ? `${state.own.agency_name} · ${state.own.function}` : "In the field"),
    ...standing(state, running[0] ? operationOf(state, running[0].id) : null),
    h("section", { "aria-label": "Continue" },
      running.map((each) => h("a", { class: "tap tap-big tap-go", href: `#/patrol/${each.id}` }, icon("play"), h("span", {}, h("strong", {}, "Continue"), h("small", {}, `${titleOf(state, each.id)} · ${lasting(underWay(each.leg, Date.now()) / 1000)}`)))),
      drafts.map((row) => h("a", { class: "tap tap-big", href: `#/entry/${row.id}` }, icon("pencil"), h("span", {}, h("strong", {}, "Continue"), h("small", {}, `${labelOf(state, row)} · Draft on this device`))))),
    h("section", { "aria-label": "Start patrol" },
      due.map((each) => button(h("span", {}, h("strong", {}, "Start patrol"), h("small", {}, each.title)), async () => go(`#/patrol/${await begin(state, each)}`), { kind: `big ${running.length ? "" : "tap-go"}`, shape: "play", "data-start": each.id })),
      link(h("span", {}, h("strong", {}, "Start patrol"), h("small", {}, due.length ? "another one" : "not planned before")), "#/start", { kind: `big ${running.length || due.length ? "" : "tap-go"}`, shape: "plus" })),
    h("a", { class: `tap tap-big ${refused ? "tap-bad" : ""}`, href: "#/waiting", id: "waiting-link" }, icon("send"),
      h("span", {}, h("strong", {}, `Waiting to send (${waiting})`), refused > 0 && h("small", {}, `${refused} not taken: look at the reason`))),
    h("div", { class: "pair" }, link("Settings", "#/settings", { shape: "gear" }), link("Portal", document.body.dataset.home, { shape: "book" })),
  );
}
