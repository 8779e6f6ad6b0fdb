// One way to run a loop or a program, at one dispatch: hits and misses so far, what the predictor says of every branch, its state.
import { hexadecimal } from "../../../branch.ts";
import { whole } from "../../../numbers.ts";
import { drawInspection } from "../../../report/drawing/inspection.ts";
import { saidOf } from "../../../report/drawing/step-text.ts";
import type { ExplainedDispatch, Explanation, ProgramExplanation, ProgramStep } from "../../../workbench/explanation.ts";
import type { Pair } from "../../state.ts";
import { draw, h } from "../dom.ts";
import type { Side } from "../explanations.ts";

/** Of a program's branches those are shown that execute within so many dispatches: a window has dozens. */
const NEAR = 4;

/** What all dispatches together say. */
function summaryOf(explanation: Explanation | ProgramExplanation): string {
  if ("loop" in explanation) {
    const { missesPerIteration, dispatchesPerIteration, steadyFrom } = explanation;
    return `${Number(missesPerIteration.toFixed(4))} of ${dispatchesPerIteration} dispatches mispredicted in each iteration, from iteration ${steadyFrom} on.`;
  }
  const { dispatches, earlier } = explanation;
  const missed = dispatches.filter(({ hit }) => !hit).length;
  const before = earlier.dispatches === 0 ? "" : ` Of the ${whole(earlier.dispatches)} before: ${whole(earlier.mispredictions)}.`;
  return `${missed} of these ${dispatches.length} dispatches mispredicted.${before}`;
}

/** Where a dispatch is in the run. */
const whereOf = (step: ExplainedDispatch | ProgramStep): string =>
  "iteration" in step
    ? `iteration ${step.iteration}`
    : `dispatch ${whole(step.dispatch)}${step.opcode === null ? "" : `, ${step.opcode} at virtual address ${step.virtualAddress}`}`;

/** Indices of the branches to show at one dispatch: of a loop all. */
function shownSites(explanation: Explanation | ProgramExplanation, at: number): number[] {
  const { sites, dispatches } = explanation;
  const all = [...sites.keys()];
  if ("loop" in explanation) return all;
  const { before, after } = dispatches[at];
  const near = new Set(dispatches.slice(Math.max(0, at - NEAR), at + NEAR + 1).map(({ siteAddress }) => siteAddress));
  return all.filter((i) => near.has(sites[i].address) || before[i] !== after[i]);
}

/** One way to run it, at one dispatch. */
export function drawSide(pair: Pair, { explanation, error }: Side, at: number): HTMLElement {
  const head = h("h3", {}, `${pair.technique} on ${pair.frontEnd}`);
  if (error !== undefined) return h("div", { class: "side" }, head, h("p", { class: "error" }, error));
  if (explanation === undefined) return h("div", { class: "side" }, head, h("p", { class: "faint" }, "The lab is at work…"));
  const { sites, dispatches } = explanation;
  const dispatch = dispatches[at];
  const trail = dispatches.map(({ hit }, i) => {
    const mark = h("span", { class: `${hit ? "hit" : "miss"}${i === at ? " now" : ""}`, title: hit ? "hit" : "miss" }, hit ? "·" : "✕");
    return mark;
  });
  const summary = h("p", {}, summaryOf(explanation));
  const marks = h(
    "p",
    { class: "trail", role: "img", "aria-label": `hits and misses: ${dispatches.map(({ hit }) => (hit ? "hit" : "miss")).join(" ")}` },
    trail,
  );
  if (dispatch === undefined)
    return h(
      "div",
      { class: "side" },
      head,
      summary,
      marks,
      h("p", { class: "faint" }, "loop" in explanation ? "It repeats from here." : "The run ends here."),
    );
  const names = sites.map(({ owner, address }) => `${owner} ${hexadecimal(address)}`);
  return h(
    "div",
    { class: "side" },
    head,
    summary,
    marks,
    "loop" in explanation &&
      h(
        "p",
        { class: "words", "aria-hidden": "true" },
        explanation.loop.split(" ").map((word, i) => h("span", i === explanation.dispatches[at].word ? { class: "now" } : {}, word)),
      ),
    h("p", { class: dispatch.hit ? "said hit" : "said miss" }, `${dispatch.hit ? "✓" : "✕"} ${whereOf(dispatch)}. ${saidOf(dispatch)}`),
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
          shownSites(explanation, at).map((i) =>
            h(
              "tr",
              sites[i].address === dispatch.siteAddress ? { class: "used" } : {},
              h("th", { scope: "row" }, sites[i].address === dispatch.siteAddress ? `▶ ${names[i]}` : names[i]),
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
