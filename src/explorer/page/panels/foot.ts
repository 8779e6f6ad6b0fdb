// Below: the command that computes what is shown, and what can be copied and saved.
import { csvLines } from "../../../report/csv.ts";
import { toMarkup } from "../../../report/drawing/elements.ts";
import { drawHeatMap } from "../../../report/drawing/heat-drawing.ts";
import { shellWords } from "../../../sweep/shell-words.ts";
import { commandOf } from "../../command.ts";
import { columnsOf, dispatchesOf, inOrder, machineIn, SHOWN } from "../../questions.ts";
import type { App, Panel } from "../app.ts";
import { download, fill, h } from "../dom.ts";

export function footPanel(app: App): Panel {
  const command = h("code", { class: "command", tabindex: 0, id: "command" });
  const copy = (text: string, what: string) => (): void => {
    void navigator.clipboard.writeText(text).then(
      () => app.say(`${what} copied`),
      () => app.say(`the browser does not let the page copy: mark the ${what.toLowerCase()} and copy it`),
    );
  };
  /** The command that shows the same; of a file of results the one that draws it. */
  function commandNow(): string {
    const { program, view } = app.state();
    if (view === "steps" || !app.results().has(program)) return commandOf(app.state());
    return shellWords(["bplab", "report", program.slice(0, program.indexOf(": "))]);
  }
  const shownRows = () => columnsOf(app.state()).map((column) => app.column(column).rows);
  function saveCsv(): void {
    const rows = inOrder(app.state(), shownRows());
    if (rows.length === 0) {
      app.say("no rows yet");
      return;
    }
    const names = Object.keys(rows[0]);
    download("bplab.csv", csvLines([names, ...rows.map((row) => names.map((name) => row[name]))]), "text/csv");
  }
  function saveSvg(): void {
    const { techniques, measure } = app.state();
    const columns = columnsOf(app.state());
    const shown = SHOWN[measure];
    const values = techniques.map((technique) =>
      columns.map((column) => {
        const row = dispatchesOf(app.column(column).rows, technique);
        return row === undefined ? undefined : shown.value(row);
      }),
    );
    const most = Math.max(0, ...values.flat().map((value) => value ?? 0));
    const cells = values.map((row) =>
      row.map((value) => (value === undefined ? undefined : { text: shown.text(value), depth: shown.depth(value, most) })),
    );
    const drawing = drawHeatMap(
      { title: shown.title, rows: techniques, columns: columns.map((column) => machineIn(column) ?? column), cells },
      true,
    );
    download("bplab.svg", toMarkup(drawing).markup, "image/svg+xml");
  }
  const button = (label: string, act: () => void): HTMLElement => h("button", { type: "button", on: { click: act } }, label);
  const saves = h("span", { class: "row" }, button("Download CSV", saveCsv), button("Download SVG", saveSvg));
  return {
    element: h(
      "section",
      { "aria-labelledby": "again" },
      h("h2", { id: "again" }, "How to repeat this"),
      command,
      h(
        "div",
        { class: "row" },
        button("Copy as command", () => copy(commandNow(), "Command")()),
        button("Copy the link", () => copy(location.href, "Link")()),
        saves,
      ),
    ),
    show() {
      fill(command, commandNow());
      saves.hidden = app.state().view === "steps";
    },
  };
}
