// Right: the cell that was clicked. Its branches, worst first; the targets of one of them; opcode × next opcode; native code.
import { whole } from "../../../numbers.ts";
import type { ResultRecord } from "../../protocol.ts";
import { asksFor, dispatchesOf, machineIn } from "../../questions.ts";
import type { Pair } from "../../state.ts";
import type { App, Panel } from "../app.ts";
import { type Child, fill, h, keepingFocus } from "../dom.ts";
import { drawCode } from "./code.ts";
import { count, type Details, percent } from "./details.ts";
import { drawPairs } from "./pairs.ts";
import { drawSites, drawTargets } from "./sites.ts";

export function cellPanel(app: App): Panel {
  const title = h("h2", { id: "cell-title" }, "What was clicked");
  const content = h("div", {});
  /** What was asked last, and for which cell of which program the details are. */
  let asked = "";
  let about = "";
  let busy = false;
  let details: Details | undefined;
  let trouble = "";

  /** Asks for the sites of the cell, if it does not have them. */
  function ask({ technique, frontEnd }: Pair): void {
    const { options, ...asks } = asksFor(app.state(), { frontEnd, techniques: [technique] }, app.files());
    const key = JSON.stringify([asks.inputs, asks.files?.map(({ name, content: text }) => [name, text.length]), options]);
    const subject = JSON.stringify([asks.inputs, technique, frontEnd.replace(/:[^+]*/g, "")]);
    if (subject !== about) details = undefined;
    about = subject;
    // while one question is on its way the newest one waits: a slider asks more often than the lab answers
    if (key === asked || busy) return;
    asked = key;
    trouble = "";
    busy = true;
    const { size } = app.state();
    const files = asks.files === undefined ? {} : { files: asks.files };
    const sites = app.lab.ask("simulate", { ...asks, options: { ...options, contexts: true }, sites: true });
    const layout = app.lab.ask("layout", { input: asks.inputs[0], technique, size, ...files }).catch(() => undefined);
    Promise.all([sites, layout]).then(
      ([given, code]) => {
        busy = false;
        if (about === subject) details = { given, layout: code };
        show();
      },
      (error: Error) => {
        busy = false;
        trouble = error.message;
        show();
      },
    );
  }

  /** What is shown of a cell. */
  function contentOf({ technique, frontEnd }: Pair): readonly Child[] {
    if (trouble !== "") return [h("p", { class: "error" }, trouble)];
    if (details === undefined) return [h("p", { class: "faint" }, "The lab is at work…")];
    const dispatch = dispatchesOf(details.given.rows, technique);
    return [
      h("p", {}, sentence(dispatch)),
      machineNote(app, frontEnd),
      drawSites(app, details, dispatch),
      drawTargets(app, details),
      drawPairs(details),
      drawCode(app, details),
    ];
  }
  function show(): void {
    const { cell } = app.state();
    if (cell === undefined) {
      asked = "";
      about = "";
      details = undefined;
      title.textContent = "What was clicked";
      fill(
        content,
        h("p", { class: "faint" }, "Choose a cell of the table: its branches, their targets and its native code are shown here."),
      );
      return;
    }
    const results = app.results().get(app.state().program);
    if (results === undefined) ask(cell);
    title.textContent = `${cell.technique} on ${machineIn(cell.frontEnd) ?? cell.frontEnd}`;
    keepingFocus(content, () => fill(content, results === undefined ? contentOf(cell) : ofFile(results, cell)));
  }
  return { element: h("section", { "aria-labelledby": "cell-title", class: "cell" }, title, content), show };
}

/** What a file of results says of a cell. */
const ofFile = (rows: readonly ResultRecord[], { technique, frontEnd }: Pair): readonly Child[] => [
  h(
    "p",
    {},
    sentence(
      dispatchesOf(
        rows.filter(({ predictor }) => predictor === frontEnd),
        technique,
      ),
    ),
  ),
  h("p", { class: "faint" }, "Branches and native code are not in this file: choose the program itself to see them."),
];

/** What the row of dispatches says. */
function sentence(row: ResultRecord | undefined): string {
  if (row === undefined) return "No row for this cell.";
  if (row.mispredictions === null) return "This front end does not predict these dispatches.";
  const [branches, missed] = [count(row, "branches"), count(row, "mispredictions")];
  const cycles =
    row.estimated_cycles === null
      ? ""
      : ` Estimated cycles: ${whole(count(row, "estimated_cycles"))}, of which ${whole(count(row, "cycles_lost"))} lost to mispredictions of all kinds.`;
  return `${whole(missed)} of ${whole(branches)} dispatches mispredicted (${percent(missed, branches)}), in ${whole(count(row, "virtual_instructions"))} virtual instructions.${cycles}`;
}

/** How sure the machine's figures are. */
function machineNote(app: App, frontEnd: string): HTMLElement | undefined {
  const machine = app.lists.machines.find(({ id }) => id === machineIn(frontEnd));
  if (machine === undefined) return undefined;
  return h(
    "details",
    machine.unfit === null ? {} : { open: true },
    h("summary", {}, `${machine.title}: what is published, and how sure`),
    machine.unfit === null ? [] : h("p", {}, h("strong", {}, "Unfit for programs"), `: ${machine.unfit}.`),
    machine.misestimated === null ? [] : h("p", {}, h("strong", {}, machine.misestimated.technique), `: ${machine.misestimated.why}.`),
    h("p", {}, h("code", {}, machine.frontEnd), ` penalty: ${machine.penaltyCycles ?? "not known"} cycles`),
    h(
      "dl",
      {},
      machine.parts.map(({ part, published, confidence, approximation }) => [
        h("dt", {}, part),
        h("dd", {}, `${published} (${confidence})${approximation === "" ? "" : `; ${approximation}`}`),
      ]),
    ),
    h("p", { class: "faint" }, machine.source),
  );
}
