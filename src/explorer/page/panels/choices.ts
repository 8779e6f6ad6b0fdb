// Left: techniques, predictors and machines, each a list to tick, and a field for one with parameters.
import type { State } from "../../state.ts";
import type { App, Panel } from "../app.ts";
import { h } from "../dom.ts";
import { ownPredictorPanel } from "./own-predictor.ts";

interface Choice {
  readonly id: string;
  readonly title: string;
}

interface Picked {
  readonly name: "techniques" | "predictors" | "machines";
  readonly title: string;
  readonly choices: readonly Choice[];
  /** An example of a choice with parameters; none if there are no parameters. */
  readonly example?: string;
}

function picker(app: App, { name, title, choices, example }: Picked): Panel {
  const chosen = (): readonly string[] => app.state()[name];
  const set = (values: readonly string[]): void => app.change({ [name]: values, cell: undefined, site: "" } as Partial<State>);
  const toggle = (id: string, on: boolean): void => set(on ? [...chosen(), id] : chosen().filter((other) => other !== id));
  const boxes = choices.map(({ id, title: text }) => {
    const box = h("input", { type: "checkbox", value: id, on: { change: () => toggle(id, box.checked) } });
    return { id, box, label: h("label", { class: "choice" }, box, " ", h("code", {}, id), h("span", { class: "faint" }, ` ${text}`)) };
  });
  const summary = h("summary", {});
  const more = h("input", { type: "text", "aria-label": `${title}: one with parameters`, placeholder: example ?? "", spellcheck: "false" });
  const add = (event: Event): void => {
    event.preventDefault();
    const text = more.value.trim();
    if (text !== "" && !chosen().includes(text)) set([...chosen(), text]);
    more.value = "";
  };
  const element = h(
    "details",
    {},
    summary,
    h(
      "div",
      { class: "choices", role: "group", "aria-label": title },
      boxes.map(({ label }) => label),
    ),
    example !== undefined && h("form", { class: "row", on: { submit: add } }, more, h("button", { type: "submit" }, "Add")),
  );
  return {
    element,
    show() {
      const now = chosen();
      summary.textContent = `${title} (${now.length})`;
      for (const { id, box } of boxes) box.checked = now.includes(id);
    },
  };
}

/** A slider of years: the machines of a year are those that were new then, or the latest before. */
function yearSlider(app: App): Panel {
  const dated = app.lists.machines
    .flatMap(({ id, title, year }) => (year === null ? [] : [{ id, title, year }]))
    .sort((a, b) => a.year - b.year);
  const [first, last] = [dated[0].year, dated[dated.length - 1].year];
  const output = h("output", { for: "year" });
  const ofYear = (year: number): typeof dated => {
    const latest = Math.max(...dated.filter((machine) => machine.year <= year).map((machine) => machine.year));
    return dated.filter((machine) => machine.year === latest);
  };
  const slider = h("input", {
    id: "year",
    type: "range",
    min: first,
    max: last,
    on: {
      input() {
        app.change({ machines: ofYear(Number(slider.value)).map(({ id }) => id), cell: undefined, site: "" }, true);
      },
    },
  });
  const all = (): void => app.change({ machines: dated.map(({ id }) => id), cell: undefined, site: "" });
  const none = (): void => app.change({ machines: [], cell: undefined, site: "" });
  const element = h(
    "div",
    { class: "slider" },
    h("label", { for: "year" }, "Machines of the year"),
    slider,
    output,
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", on: { click: all } }, `All of ${first} to ${last}`),
      h("button", { type: "button", on: { click: none } }, "None"),
    ),
  );
  return {
    element,
    show() {
      const shown = dated.filter(({ id }) => app.state().machines.includes(id));
      const year = shown.length === 0 ? last : shown[shown.length - 1].year;
      if (document.activeElement !== slider) slider.value = String(year);
      output.textContent =
        shown.length === 0
          ? "none shown"
          : shown.length > 4
            ? `${shown.length} machines`
            : shown.map((machine) => `${machine.title} (${machine.year})`).join(", ");
      slider.setAttribute("aria-valuetext", `${slider.value}: ${output.textContent}`);
    },
  };
}

export function choicesPanel(app: App): Panel {
  const { techniques, predictors, machines } = app.lists;
  const parts = [
    picker(app, {
      name: "techniques",
      title: "Techniques",
      choices: techniques.map(({ id, description }) => ({ id, title: description })),
      example: "direct-threading:merge=all",
    }),
    picker(app, { name: "predictors", title: "Predictors", choices: predictors, example: "btb:sets=64+return-stack:depth=4" }),
    ownPredictorPanel(app),
    picker(app, {
      name: "machines",
      title: "Machines",
      choices: machines.map(({ id, title, year, unfit }) => ({
        id,
        title: `${title}${year === null ? "" : `, ${year}`}${unfit === null ? "" : `. Unfit for programs: ${unfit}`}`,
      })),
    }),
    yearSlider(app),
  ];
  return {
    element: h(
      "section",
      { "aria-labelledby": "choices-title" },
      h("h2", { id: "choices-title" }, "Techniques and front ends"),
      parts.map(({ element }) => element),
    ),
    show() {
      for (const part of parts) part.show();
    },
  };
}
