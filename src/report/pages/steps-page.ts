// A loop, or a stretch of a program, stepped through, dispatch by dispatch, for teachers: what the predictor says, where the branch goes, and what the
// predictor says of every branch before and after. Without scripts, and on paper, it is the table of all steps.
import { hexadecimal } from "../../branch.ts";
import { counted, whole } from "../../numbers.ts";
import { changesBy, type Explanation, type ProgramExplanation } from "../../workbench/explanation.ts";
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
    element("count").textContent = "step " + (at + 1) + " of " + steps.length + ", " + step.where;
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

/** What a page of steps says besides the steps. */
interface Told {
  readonly subject: string;
  readonly words: readonly string[];
  readonly lead: Markup;
  /** The heads of the columns that say where a dispatch is, and its cells. */
  readonly heads: readonly string[];
  readonly cells: readonly (readonly (string | number)[])[];
  /** The same in words, for each dispatch; and the word that executes it, if the loop is shown. */
  readonly where: readonly string[];
  readonly word: readonly (number | null)[];
}

const SAYS =
  "What the predictor says of a branch is its entry in a branch target buffer; in a predictor with a history it is what that history selects.";

function toldOfLoop({ loop, frontEnd, dispatches, missesPerIteration, dispatchesPerIteration, steadyFrom, period }: Explanation): Told {
  const times = period === 1 ? "every iteration" : `every ${period} iterations`;
  return {
    subject: loop,
    words: loop.split(" "),
    lead: html`<p>Why does this loop of virtual instructions mispredict ${Number(missesPerIteration.toFixed(4))} of its ${dispatchesPerIteration} dispatches in each iteration?</p>
<p class="faint">From iteration ${steadyFrom} on the pattern repeats ${times}. The whole front end: ${frontEnd}. ${SAYS}</p>`,
    heads: ["iteration"],
    cells: dispatches.map(({ iteration }) => [iteration]),
    where: dispatches.map(({ iteration }) => `iteration ${iteration}`),
    word: dispatches.map(({ word }) => word),
  };
}

function toldOfProgram({ program, size, frontEnd, dispatches, from, earlier }: ProgramExplanation): Told {
  const instructionOf = ({ opcode, virtualAddress }: (typeof dispatches)[number]): string =>
    opcode === null ? "entry" : `${opcode} at ${virtualAddress}`;
  const missed = dispatches.filter(({ hit }) => !hit).length;
  const before = earlier.dispatches === 0 ? "" : ` Of those before, ${earlier.mispredictions} were.`;
  return {
    subject: `${program} (${size})`,
    words: [],
    lead: html`<p>${missed} of ${counted(dispatches.length, "dispatch", "dispatches")} of this program are mispredicted, from number ${whole(from)} on.${before}</p>
<p class="faint">The whole front end: ${frontEnd}. ${SAYS} Direct branches, which go one way, are not listed.</p>`,
    heads: ["dispatch", "virtual instruction"],
    cells: dispatches.map((step) => [step.dispatch, instructionOf(step)]),
    where: dispatches.map((step) => `dispatch ${whole(step.dispatch)}: ${instructionOf(step)}`),
    word: dispatches.map(() => null),
  };
}

/** @param command the command that makes the same page again */
export function stepsPage(explanation: Explanation | ProgramExplanation, command: string): string {
  const { technique, predictor, sites, dispatches } = explanation;
  const told = "loop" in explanation ? toldOfLoop(explanation) : toldOfProgram(explanation);
  const names = sites.map(({ owner, address }) => `${owner} ${hexadecimal(address)}`);
  const steps = dispatches.map((dispatch, i) => {
    const { hit, before, after, shownBefore, shownAfter } = dispatch;
    return { word: told.word[i], where: told.where[i], hit, before, after, shownBefore, shownAfter, said: saidOf(dispatch) };
  });
  const stepper: Markup = html`<div id="stepper" hidden>
${told.words.length === 0 ? "" : html`<p class="words" aria-hidden="true">${told.words.map((word) => html`<span>${word}</span>`)}</p>`}
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
  const rows = dispatches.map((dispatch, i) => [
    ...told.cells[i],
    `${dispatch.site} ${hexadecimal(dispatch.siteAddress)}`,
    dispatch.predicted ?? "nothing",
    dispatch.target,
    dispatch.hit ? "hit" : html`<span class="miss">miss</span>`,
    changesBy(explanation, dispatch),
  ]);
  return renderPage({
    title: `${told.subject}: ${technique}, ${predictor}`,
    lead: told.lead,
    sections: [
      {
        id: "steps",
        title: "Step by step",
        content: html`${stepper}<script type="application/json" id="steps-data">${jsonFor({ steps })}</script>`,
      },
      {
        id: "all",
        title: "All steps",
        content: htmlTable("All steps", [...told.heads, "branch", "predicted", "goes to", "", "the predictor now says"], rows),
      },
    ],
    command,
    own: { style: STYLE, script: script() },
  });
}
