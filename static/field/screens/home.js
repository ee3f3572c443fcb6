// Continue · Start patrol · Waiting to send (n). Nothing else above the fold.
import { button, h, icon, link, note } from "../dom.js";
import { underWay } from "../core/patrols.js";
import { clock, lasting } from "../core/times.js";
import { calls, labelOf, operationOf, standing, titleOf } from "./parts.js";
import { advice, keep } from "../prefs.js";
import { begin } from "./start.js";

const endOf = (state, id) => state.rows.find((row) => row.kind === "patrol.end" && row.patrol === id)?.happenedAt;

export function home(content, state, { go }) {
  const running = state.running;
  const drafts = state.rows.filter((row) => row.state === "draft" && ["observation", "crossing.enter"].includes(row.kind));
  const waiting = state.rows.filter((row) => row.state === "waiting").length;
  const refused = state.rows.filter((row) => (row.state === "refused" && !row.correctedBy) || row.problem).length;
  const under = new Set(running.map((each) => each.id));
  const ended = new Set(state.rows.filter((row) => row.kind === "patrol.end" && row.state !== "refused").map((row) => row.patrol));
  const due = (state.kit?.list("patrols", Date.now()) ?? []).filter((each) => !under.has(each.id) && !ended.has(each.id));
  const before = [...ended].filter((id) => state.rows.some((row) => row.id === id || row.patrol === id)).slice(-3).reverse();
  const told = advice(state);
  const dismiss = () => { keep("advised", "yes"); state.changed(); };
  content.append(
    h("h1", {}, state.own.function ? `${state.own.agency_name} · ${state.own.function}` : "In the field"),
    ...standing(state, running[0] ? operationOf(state, running[0].id) : null), ...(running[0] ? calls(state, running[0].id) : []),
    h("section", { "aria-label": "Continue" },
      running.map((each) => h("a", { class: "tap tap-big tap-go", href: `#/patrol/${each.id}` }, icon("play"), h("span", {}, h("strong", {}, "Continue"), h("small", {}, `${titleOf(state, each.id)} · ${lasting(underWay(each.leg, Date.now()) / 1000)}`)))),
      drafts.map((row) => h("a", { class: "tap tap-big", href: row.kind === "observation" ? `#/entry/${row.id}` : `#/crossing/${row.patrol}` }, icon("pencil"), h("span", {}, h("strong", {}, "Continue"), h("small", {}, `${labelOf(state, row)} · Draft on this device`))))),
    h("section", { "aria-label": "Start patrol" },
      due.map((each) => button(h("span", {}, h("strong", {}, each.state === "active" ? "Join patrol" : "Start patrol"), h("small", {}, each.title)), async () => go(`#/patrol/${await begin(state, each)}`), { kind: `big ${running.length ? "" : "tap-go"}`, shape: "play", "data-start": each.id })),
      state.own.may_plan === false ? due.length || running.length ? "" : h("p", { class: "hint" }, "No patrol is due to which you are assigned.") : link(h("span", {}, h("strong", {}, "Start patrol"), h("small", {}, due.length ? "another one" : "not planned before")), "#/start", { kind: `big ${running.length || due.length ? "" : "tap-go"}`, shape: "plus" })),
    h("a", { class: `tap tap-big ${refused ? "tap-bad" : ""}`, href: "#/waiting", id: "waiting-link" }, icon("send"),
      h("span", {}, h("strong", {}, `Waiting to send (${waiting})`), refused > 0 && h("small", {}, `${refused} not taken: look at the reason`))),
    before.length ? h("section", { "aria-label": "Ended" }, before.map((id) => link(`${titleOf(state, id)} · ended ${clock(endOf(state, id)).slice(0, 5)}`, `#/patrol/${id}`, { shape: "stop" }))) : "",
    told ? note("info", h("p", {}, told), button("I know", dismiss, { kind: "small", id: "advised" })) : "",
    h("div", { class: "pair" }, link("Settings", "#/settings", { shape: "gear" }), link("Portal", document.body.dataset.home, { shape: "book" })),
  );
}
