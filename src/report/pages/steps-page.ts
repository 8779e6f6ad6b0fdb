// A loop stepped through, dispatch by dispatch, for teachers: what the predictor says, where the branch goes, and what the
// predictor says of every branch before and after. Without scripts, and on paper, it is the table of all steps.
import { hexadecimal } from "../../branch.ts";
import { changesBy, type Explanation } from "../../workbench/explain.ts";
import { INSPECTION_STYLE, inspectionScript } from "../drawing/inspection.ts";
import { saidOf } from "../drawing/step-text.ts";
import { html, htmlTable, jsonFor, type Markup } from "./html.ts";
import { renderPage } from "./page.ts";

const STYLE = `
.words { font-size: 1.2rem; } .words span { display: inline-block; padding: 0.1rem 0.5rem; margin: 0.1rem; border: 2px solid var(--line); border-radius: 4px; }
.words .now { border-color: var(--link); font-weight: 700; }
.controls { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin: 1rem 0; } .controls input { flex: 1 1 12rem; }
button { font: inherit; padding: 0.4rem 0.9rem; }
.miss { font-weight: 700; } .changed { outline: 2px solid var(--link); font-weight: 700; }
#stepper [aria-live] { min-height: 3rem; }
${INSPECTION_STYLE}
@media print { #stepper { display: none; } }
`;

const script = (): string => `
"use strict";
(() => {
${inspectionScript()}
  const { steps } = JSON.parse(document.getElementById("steps-data").textContent);
  const element = (id) => document.getElementById(id);
  const words = [...document.querySelectorAll(".words span")];
  const cells = [...document.querySelectorAll("#entries tbody tr")].map((row) => [...row.cells].slice(1));
  let at = 0;
  let timer;
  const show = (to) => {
    at = Math.max(0, Math.min(steps.length - 1, to));
    const step = steps[at];
    words.forEach((word, i) => word.classList.toggle("now", i === step.word));
    element("said").textContent = step.said;
    element("said").classList.toggle("miss", !step.hit);
    cells.forEach((row, i) => {
      row[0].textContent = step.before[i] ?? "nothing";
      row[1].textContent = step.after[i] ?? "nothing";
      row[1].classList.toggle("changed", step.before[i] !== step.after[i]);
    });
    element("shown").replaceChildren(toElement(drawInspection(step.shownBefore, step.shownAfter), document));
    element("step").value = String(at + 1);
    element("count").textContent = "step " + (at + 1) + " of " + steps.length + ", iteration " + step.iteration;
    element("previous").disabled = at === 0;
    element("next").disabled = at === steps.length - 1;
    if (at === steps.length - 1) stop();
  };
  const stop = () => { clearInterval(timer); timer = undefined; element("play").textContent = "Play"; };
  element("previous").addEventListener("click", () => { stop(); show(at - 1); });
  element("next").addEventListener("click", () => { stop(); show(at + 1); });
  element("step").addEventListener("input", (event) => { stop(); show(Number(event.target.value) - 1); });
  element("play").addEventListener("click", () => {
    if (timer !== undefined) return stop();
    if (at === steps.length - 1) show(0);
    element("play").textContent = "Pause";
    timer = setInterval(() => show(at + 1), 1200);
  });
  element("stepper").addEventListener("keydown", (event) => {
    if (event.target.id === "step" || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    stop();
    show(at + (event.key === "ArrowLeft" ? -1 : 1));
  });
  element("stepper").hidden = false;
  show(0);
})();
`;

/** @param command the command that makes the same page again */
export function stepsPage(explanation: Explanation, command: string): string {
  const { loop, technique, predictor, frontEnd, sites, dispatches, missesPerIteration, dispatchesPerIteration, steadyFrom, period } =
    explanation;
  const names = sites.map(({ owner, address }) => `${owner} ${hexadecimal(address)}`);
  const steps = dispatches.map((dispatch) => {
    const { site: _site, siteAddress: _address, predicted: _predicted, target: _target, ...step } = dispatch;
    return { ...step, said: saidOf(dispatch) };
  });
  const stepper: Markup = html`<div id="stepper" hidden>
<p class="words" aria-hidden="true">${loop.split(" ").map((word) => html`<span>${word}</span>`)}</p>
<div class="controls" role="group" aria-label="Steps">
<button type="button" id="previous">Previous</button><button type="button" id="play">Play</button><button type="button" id="next">Next</button>
<input type="range" id="step" min="1" max="${steps.length}" value="1" aria-label="Step"><output id="count" for="step"></output>
</div>
<p id="said" aria-live="polite"></p>
<div class="scroll" role="region" aria-label="What the predictor says of every branch" tabindex="0"><table id="entries">
<thead><tr><th scope="col">branch</th><th scope="col">before</th><th scope="col">after</th></tr></thead>
<tbody>${names.map((name) => html`<tr><th scope="row">${name}</th><td></td><td></td></tr>`)}</tbody>
</table></div>
<h3>The state that the branch used</h3>
<div id="shown"></div>
</div>`;
  const rows = dispatches.map((dispatch) => [
    dispatch.iteration,
    `${dispatch.site} ${hexadecimal(dispatch.siteAddress)}`,
    dispatch.predicted ?? "nothing",
    dispatch.target,
    dispatch.hit ? "hit" : html`<span class="miss">miss</span>`,
    changesBy(explanation, dispatch),
  ]);
  const times = period === 1 ? "every iteration" : `every ${period} iterations`;
  return renderPage({
    title: `${loop}: ${technique}, ${predictor}`,
    lead: html`<p>Why does this loop of virtual instructions mispredict ${Number(missesPerIteration.toFixed(4))} of its ${dispatchesPerIteration} dispatches in each iteration?</p>
<p class="faint">From iteration ${steadyFrom} on the pattern repeats ${times}. The whole front end: ${frontEnd}. What the predictor says of a branch is its entry in a branch target buffer; in a predictor with a history it is what that history selects.</p>`,
    sections: [
      {
        id: "steps",
        title: "Step by step",
        content: html`${stepper}<script type="application/json" id="steps-data">${jsonFor({ steps })}</script>`,
      },
      {
        id: "all",
        title: "All steps",
        content: htmlTable("All steps", ["iteration", "branch", "predicted", "goes to", "", "the predictor now says"], rows),
      },
    ],
    command,
    own: { style: STYLE, script: script() },
  });
}
