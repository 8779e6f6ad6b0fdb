// The page around the panels: the state lives in the address, files may be dropped, what is shown can be copied and saved.

import type { LabFile, ResultRecord } from "../protocol.ts";
import { machineIn } from "../questions.ts";
import { stateAt } from "../scenes.ts";
import { fragmentOf, type State } from "../state.ts";
import type { App, Panel } from "./app.ts";
import { createColumns } from "./columns.ts";
import { h } from "./dom.ts";
import { createExplanations } from "./explanations.ts";
import type { Lab } from "./lab.ts";
import { cellPanel } from "./panels/cell.ts";
import { choicesPanel } from "./panels/choices.ts";
import { footPanel } from "./panels/foot.ts";
import { matrixPanel } from "./panels/matrix.ts";
import { programPanel, takeFile } from "./panels/programs.ts";
import { isAsking, scenesPanel } from "./panels/scenes.ts";
import { slidersPanel } from "./panels/sliders.ts";
import { stepsPanel } from "./panels/steps.ts";

/** Shows the page, with the state that its address has. */
export async function showPage(lab: Lab): Promise<void> {
  const status = h("p", { role: "status", class: "faint" }, "The lab is starting…");
  document.body.append(status);
  const lists = await lab.ask("lists", {});

  let state = stateAt(location.hash);
  let files: readonly LabFile[] = [];
  let drawing = 0;
  /** Rows of files that were dropped: while one of their programs is chosen they are shown, and nothing is computed. */
  let results: ReadonlyMap<string, readonly ResultRecord[]> = new Map();

  /** Draws once before the next frame, however much has changed. */
  function redraw(): void {
    if (drawing === 0) drawing = requestAnimationFrame(show);
  }
  const app: App = {
    lists,
    lab,
    state: () => state,
    change(changed, quiet = false) {
      state = { ...state, ...changed };
      const fragment = fragmentOf(state);
      const url = fragment === "" ? location.pathname + location.search : `#${fragment}`;
      if (quiet) history.replaceState(null, "", url);
      else if (`#${fragment}` !== location.hash) history.pushState(null, "", url);
      redraw();
    },
    files: () => files,
    addFile(file) {
      files = [...files.filter(({ name }) => name !== file.name), file];
    },
    results: () => results,
    addResults(more) {
      results = new Map([...results, ...more]);
    },
    column(frontEnd) {
      const rows = results.get(state.program);
      if (rows === undefined) return columns.of(frontEnd);
      return { rows: rows.filter(({ predictor }) => predictor === frontEnd), stale: false, error: undefined };
    },
    stop: () => columns.stop(),
    again() {
      columns.again();
      redraw();
    },
    say(message) {
      status.textContent = message;
    },
  };
  const columns = createColumns(app, redraw);
  const explanations = createExplanations(app, redraw);

  const matrix = matrixPanel(app);
  const cell = cellPanel(app);
  const steps = stepsPanel(app, explanations);
  const scenes = scenesPanel(app, explanations);
  const setup = [programPanel(app), choicesPanel(app), slidersPanel(app)];
  const foot = footPanel(app);
  const toSteps = h("button", {
    type: "button",
    on: { click: () => app.change(state.view === "steps" ? { view: "table" } : stepsFrom(app)) },
  });
  const large = h("button", { type: "button", on: { click: () => app.change({ large: !state.large }) } }, "Large");
  const left = h(
    "div",
    { class: "setup" },
    setup.map(({ element }) => element),
  );
  const panes = h("div", { class: "panes three" }, left, h("div", { class: "results" }, matrix.element, steps.element, cell.element));
  document.body.replaceChildren(
    h("a", { class: "skip", href: "#results", on: { click: skip } }, "Skip to the results"),
    h(
      "header",
      {},
      h("h1", {}, "bplab explorer"),
      h(
        "p",
        { class: "faint" },
        `What does dispatching virtual instructions this way cost on that branch predictor? The lab ${lists.version} runs in this page.`,
      ),
      toSteps,
      large,
    ),
    scenes.element,
    h("main", { id: "content", tabindex: -1 }, panes, foot.element, status),
  );
  app.say("");

  function skip(event: Event): void {
    event.preventDefault();
    (state.view === "steps" ? steps : matrix).element.querySelector<HTMLElement>("button, input, select")?.focus();
  }

  function show(): void {
    drawing = 0;
    const asking = isAsking(app);
    const stepping = state.view === "steps";
    document.documentElement.classList.toggle("large", state.large);
    large.setAttribute("aria-pressed", String(state.large));
    toSteps.textContent = stepping ? "Show the table" : "Step by step";
    panes.classList.toggle("three", !stepping && !state.large);
    left.hidden = stepping || state.scene !== "";
    panes.classList.toggle("alone", left.hidden);
    matrix.element.hidden = stepping || asking;
    cell.element.hidden = stepping || asking;
    steps.element.hidden = !stepping || asking;
    foot.element.hidden = asking;
    if (!stepping && !results.has(state.program)) columns.refresh();
    const shown: Panel[] = [scenes, foot, ...(asking ? [] : stepping ? [steps] : [matrix, cell]), ...(left.hidden ? [] : setup)];
    for (const panel of shown) panel.show();
    if (asking && stepping) steps.show();
  }

  addEventListener("hashchange", () => {
    state = stateAt(location.hash);
    redraw();
  });
  addEventListener("popstate", () => {
    state = stateAt(location.hash);
    redraw();
  });
  takeDrops(app);
  show();
}

/** From the table to stepping: the clicked cell becomes the left side, with the program; without one a loop is stepped through. */
function stepsFrom(app: App): Partial<State> {
  const { cell, left, program, from } = app.state();
  const machine = app.lists.machines.find(({ id }) => cell !== undefined && id === machineIn(cell.frontEnd));
  const way = cell === undefined ? left : machine === undefined ? cell : { ...cell, frontEnd: machine.frontEnd };
  const subject = program.includes(" ") ? { loop: program, from: undefined } : cell === undefined ? {} : { from: from ?? 1 };
  return { view: "steps", left: way, ...subject, step: 0, scene: "", guess: undefined };
}

/** Files that are dropped anywhere on the page. */
function takeDrops(app: App): void {
  const root = document.documentElement;
  addEventListener("dragover", (event) => {
    event.preventDefault();
    root.classList.add("dropping");
  });
  addEventListener("dragleave", () => root.classList.remove("dropping"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("dropping");
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void takeFile(app, file);
  });
}
