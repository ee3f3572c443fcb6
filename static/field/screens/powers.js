// The powers card from the kit: what officers may and may not do on the other side, by article. Sign, word and frame.
import { h, icon, note } from "../dom.js";
import { operationOf, standing } from "./parts.js";

const SIGNS = { yes: ["ok", "check"], only_if: ["wait", "alert"], authorised: ["info", "key"], no: ["bad", "stop"] };

function act(line) {
  const [tone, shape] = SIGNS[line.answer] ?? SIGNS.no;
  return h("li", { class: `power power-${tone}` }, h("p", {}, icon(shape), h("strong", {}, `${line.label}: ${line.word}`)),
    line.terms.map((term) => h("p", {}, term)), line.notes.map((words) => h("p", { class: "hint" }, words)),
    h("p", { class: "hint" }, line.articles.map((each) => `${each.article}, ${each.short_name}${each.invented ? " (invented)" : ""}`).join("; ")));
}

function occasion(section) {
  return h("details", { class: "fold" }, h("summary", {}, icon(section.permitted ? "check" : "stop"), h("span", {}, `${section.label}: ${section.permitted ? "permitted" : "not permitted"}`)),
    h("div", { class: "fold-body" }, h("ul", { class: "plain" }, [...section.opening, ...section.acts].map(act)),
      section.no_article_permits.length > 0 && h("p", { class: "hint" }, `No article speaks of: ${section.no_article_permits.join(", ")}. So: may not.`)));
}

export function powers(content, state, _, id) {
  const operation = operationOf(state, id);
  const cards = state.kit?.hasLost(operation) ? [] : state.kit?.cards(operation, Date.now()) ?? [];
  content.append(h("h1", {}, "Powers card"), ...standing(state, operation));
  if (!cards.length) content.append(note("info", "There is no powers card on this device. It comes with a network, for operations to which you are assigned."));
  for (const card of cards) {
    const stale = card.day !== new Date().toISOString().slice(0, 10);
    content.append(h("p", { class: stale ? "wrong" : "hint" }, `Valid on ${card.day} alone${stale ? ": today may differ." : "."}`));
    for (const pair of card.pairs) content.append(h("section", {}, h("h2", {}, pair.heading), !pair.whole && note("info", "Articles between these two states that yours is not party to are not counted."), pair.occasions.map(occasion)));
  }
  content.append(h("p", {}, h("a", { class: "tap tap-plain", href: `#/patrol/${id}` }, "Back to the patrol")));
}
