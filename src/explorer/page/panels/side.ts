// One way to run a loop, at one dispatch: hits and misses so far, what the predictor says of every branch, its state.
import { hexadecimal } from "../../../branch.ts";
import { drawInspection } from "../../../report/drawing/inspection.ts";
import { saidOf } from "../../../report/drawing/step-text.ts";
import type { Pair } from "../../state.ts";
import { draw, h } from "../dom.ts";
import type { Side } from "../explanations.ts";

/** One way to run the loop, at one dispatch. */
export function drawSide(pair: Pair, { explanation, error }: Side, at: number): HTMLElement {
  const head = h("h3", {}, `${pair.technique} on ${pair.frontEnd}`);
  if (error !== undefined) return h("div", { class: "side" }, head, h("p", { class: "error" }, error));
  if (explanation === undefined) return h("div", { class: "side" }, head, h("p", { class: "faint" }, "The lab is at work…"));
  const { loop, sites, dispatches, missesPerIteration, dispatchesPerIteration, steadyFrom } = explanation;
  const dispatch = dispatches[at];
  const trail = dispatches.map(({ hit }, i) => {
    const mark = h("span", { class: `${hit ? "hit" : "miss"}${i === at ? " now" : ""}`, title: hit ? "hit" : "miss" }, hit ? "·" : "✕");
    return mark;
  });
  const summary = h(
    "p",
    {},
    `${Number(missesPerIteration.toFixed(4))} of ${dispatchesPerIteration} dispatches mispredicted in each iteration, from iteration ${steadyFrom} on.`,
  );
  const marks = h(
    "p",
    { class: "trail", role: "img", "aria-label": `hits and misses: ${dispatches.map(({ hit }) => (hit ? "hit" : "miss")).join(" ")}` },
    trail,
  );
  if (dispatch === undefined) return h("div", { class: "side" }, head, summary, marks, h("p", { class: "faint" }, "It repeats from here."));
  const names = sites.map(({ owner, address }) => `${owner} ${hexadecimal(address)}`);
  return h(
    "div",
    { class: "side" },
    head,
    summary,
    marks,
    h(
      "p",
      { class: "words", "aria-hidden": "true" },
      loop.split(" ").map((word, i) => h("span", i === dispatch.word ? { class: "now" } : {}, word)),
    ),
    h(
      "p",
      { class: dispatch.hit ? "said hit" : "said miss" },
      `${dispatch.hit ? "✓" : "✕"} iteration ${dispatch.iteration}. ${saidOf(dispatch)}`,
    ),
    h(
      "div",
      { class: "scroll", role: "region", "aria-label": "What the predictor says of every branch", tabindex: 0 },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["branch", "before", "after"].map((name) => h("th", { scope: "col" }, name)),
          ),
        ),
        h(
          "tbody",
          {},
          names.map((name, i) =>
            h(
              "tr",
              sites[i].address === dispatch.siteAddress ? { class: "used" } : {},
              h("th", { scope: "row" }, sites[i].address === dispatch.siteAddress ? `▶ ${name}` : name),
              h("td", {}, dispatch.before[i] ?? "nothing"),
              h("td", dispatch.before[i] === dispatch.after[i] ? {} : { class: "changed" }, dispatch.after[i] ?? "nothing"),
            ),
          ),
        ),
      ),
    ),
    h(
      "details",
      { open: true },
      h("summary", {}, "The state that this branch used"),
      draw(drawInspection(dispatch.shownBefore, dispatch.shownAfter)),
    ),
  );
}
