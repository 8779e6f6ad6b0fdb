// Middle: techniques × front ends as a heat map of numbers, which fills as workers answer. Arrow keys go from cell to cell.
import { columnsOf, dispatchesOf, machineIn, SHOWN } from "../../questions.ts";
import { MEASURES, type Measure } from "../../state.ts";
import type { App, Panel } from "../app.ts";
import { fill, h, keepingFocus } from "../dom.ts";

export function matrixPanel(app: App): Panel {
  const measure = h(
    "select",
    { id: "measure", on: { change: () => app.change({ measure: measure.value as Measure }) } },
    MEASURES.map((name) => h("option", { value: name }, SHOWN[name].title)),
  );
  const box = h("div", { class: "scroll", role: "region", "aria-label": "techniques and front ends", tabindex: 0 });
  const state = h("p", { class: "faint", role: "status" });
  const stop = h("button", { type: "button", on: { click: () => app.stop() } }, "Stop");

  const again = h("button", { type: "button", on: { click: () => app.again() } }, "Run again");

  /** Moves the focus to a neighbouring cell. */
  function move(event: KeyboardEvent): void {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const cell = event.target instanceof HTMLElement ? event.target.closest("td") : null;
    if (step === undefined || cell === null) return;
    const row = cell.parentElement as HTMLTableRowElement;
    const rows = [...(row.parentElement as HTMLTableSectionElement).rows];
    rows[rows.indexOf(row) + step[0]]?.cells[cell.cellIndex + step[1]]?.querySelector("button")?.focus();
    event.preventDefault();
  }

  function drawTable(): void {
    const { techniques, measure: name, cell: clicked } = app.state();
    const columns = columnsOf(app.state());
    const shown = SHOWN[name];
    const answers = columns.map((column) => app.column(column));
    const valueAt = (i: number, technique: string): number | undefined => {
      const row = dispatchesOf(answers[i].rows, technique);
      return row === undefined ? undefined : shown.value(row);
    };
    const most = Math.max(0, ...columns.flatMap((_, i) => techniques.map((technique) => valueAt(i, technique) ?? 0)));
    const drawCell = (technique: string, frontEnd: string, i: number): HTMLElement => {
      const { stale, error, rows } = answers[i];
      const value = valueAt(i, technique);
      const known = dispatchesOf(rows, technique) !== undefined;
      const text = value !== undefined ? shown.text(value) : error !== undefined ? "error" : known ? "not modelled" : "…";
      const isClicked = clicked?.technique === technique && clicked.frontEnd === frontEnd;
      const button = h(
        "button",
        {
          type: "button",
          "data-key": `${technique} ${frontEnd}`,
          "aria-pressed": isClicked ? "true" : "false",
          "aria-label": `${technique} on ${machineIn(frontEnd) ?? frontEnd}: ${text}`,
          class: stale ? "stale" : undefined,
          title: error,
          on: { click: () => app.change({ cell: isClicked ? undefined : { technique, frontEnd }, site: "" }) },
        },
        text,
      );
      const td = h("td", {}, button);
      if (value !== undefined) {
        const depth = Math.round(100 * Math.max(0, Math.min(1, shown.depth(value, most))));
        td.style.setProperty("--depth", `${depth}%`);
        if (depth > 55) td.className = "deep";
      }
      return td;
    };
    fill(
      box,
      h(
        "table",
        { class: "matrix" },
        h("caption", { class: "hidden" }, shown.title),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("td", {}),
            columns.map((column) => h("th", { scope: "col" }, titleOf(app, column))),
          ),
        ),
        h(
          "tbody",
          {},
          techniques.map((technique) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, technique),
              columns.map((frontEnd, i) => drawCell(technique, frontEnd, i)),
            ),
          ),
        ),
      ),
    );
    const waiting = answers.filter(({ stale }) => stale).length;
    const errors = [...new Set(answers.flatMap(({ error }) => error ?? []))];
    stop.hidden = waiting === 0;
    again.hidden = waiting > 0 || !errors.includes("stopped");
    state.textContent =
      techniques.length === 0 || columns.length === 0
        ? "Tick at least one technique, and one predictor or machine."
        : waiting > 0
          ? `${columns.length - waiting} of ${columns.length} front ends done`
          : errors.join("; ") || "Choose a cell to see its branches.";
    state.classList.toggle("error", errors.length > 0);
  }

  return {
    element: h(
      "section",
      { "aria-labelledby": "matrix-title", class: "matrix-panel", on: { keydown: move } },
      h("h2", { id: "matrix-title" }, "Techniques × front ends"),
      h("label", { for: "measure" }, "Show "),
      measure,
      box,
      h("div", { class: "row" }, state, stop, again),
    ),
    show() {
      measure.value = app.state().measure;
      keepingFocus(box, drawTable);
    },
  };
}

/** A column's head: of a machine its id and year, and whether it is unfit for programs. */
function titleOf(app: App, frontEnd: string): (Node | string)[] {
  const id = machineIn(frontEnd);
  const machine = app.lists.machines.find((each) => each.id === id);
  if (id === undefined) return [frontEnd];
  const year = machine?.year === null || machine === undefined ? "" : String(machine.year);
  const unfit = machine === undefined || machine.unfit === null ? [] : [h("br"), h("strong", { title: machine.unfit }, "unfit")];
  return [id, h("br"), h("span", { class: "faint" }, year), ...unfit];
}
