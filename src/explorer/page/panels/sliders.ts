// Left: sliders for what one drags: the parameters of the front end that was chosen last, the penalty and the IPC.
import { parametersIn, withParameter } from "../../specs.ts";
import type { App, Panel } from "../app.ts";
import { fill, h } from "../dom.ts";

interface Slider {
  readonly key: string;
  readonly label: string;
  readonly help: string;
  /** Positions of the slider, from least to most. */
  readonly values: readonly number[];
  /** What the state has; undefined: not set. */
  readonly now: () => number | undefined;
  /** Where the slider is if it is not set. */
  readonly otherwise: number;
  readonly change: (value: number) => void;
}

/** Values of a numeric parameter that a slider steps through: powers of two, every value of a short range, or about 60 of a long one. */
function valuesOf(min: number, max: number, powerOfTwo: boolean | undefined): number[] {
  if (powerOfTwo)
    return Array.from({ length: Math.log2(max) - Math.ceil(Math.log2(Math.max(1, min))) + 1 }, (_, i) => Math.max(1, min) * 2 ** i);
  const step = Math.max(1, Math.ceil((max - min) / 60));
  return [
    ...Array.from({ length: Math.floor((max - min) / step) + 1 }, (_, i) => min + i * step),
    ...((max - min) % step === 0 ? [] : [max]),
  ];
}

/** A slider with its label; it is never drawn anew while it is dragged. */
function sliderPanel({ key, label, help, values, now, otherwise, change }: Slider): Panel {
  const output = h("output", { for: key });
  const input = h("input", {
    id: key,
    type: "range",
    min: 0,
    max: values.length - 1,
    title: help,
    on: { input: () => change(values[Number(input.value)]) },
  });
  return {
    element: h("div", { class: "slider" }, h("label", { for: key, title: help }, label), input, output),
    show() {
      const value = now();
      const place = value ?? otherwise;
      const nearest = values.reduce((best, each, i) => (Math.abs(each - place) < Math.abs(values[best] - place) ? i : best), 0);
      input.value = String(nearest);
      output.textContent = value === undefined ? "not set" : String(value);
      input.setAttribute("aria-valuetext", output.textContent);
    },
  };
}

export function slidersPanel(app: App): Panel {
  const predictors = app.lists.predictors;
  const list = h("div", {});
  const which = h("select", {
    id: "slid",
    on: {
      change() {
        chosen = which.value;
        show();
      },
    },
  });
  const reset = h(
    "button",
    { type: "button", on: { click: () => app.change({ penalty: undefined, ipc: undefined }) } },
    "Reset penalty and IPC",
  );
  /** The front end whose parameters are dragged. */
  let chosen = app.state().predictors[0];
  let sliders: readonly Panel[] = [];
  let shape = "";

  function replaceChosen(changed: string): void {
    const { predictors: all, cell } = app.state();
    const before = chosen;
    chosen = changed;
    const moved = cell?.frontEnd === before ? { ...cell, frontEnd: changed } : cell;
    app.change({ predictors: all.map((name) => (name === before ? changed : name)), cell: moved }, true);
  }
  const costs: readonly Slider[] = [
    {
      key: "slider-penalty",
      label: "penalty: cycles of a misprediction",
      help: "for all front ends; not set: a machine's own, otherwise 15",
      values: Array.from({ length: 61 }, (_, i) => i),
      now: () => app.state().penalty,
      otherwise: 15,
      change: (penalty) => app.change({ penalty }, true),
    },
    {
      key: "slider-ipc",
      label: "IPC: native instructions per cycle",
      help: "without mispredictions; not set: a machine's own, otherwise 1",
      values: Array.from({ length: 32 }, (_, i) => (i + 1) / 4),
      now: () => app.state().ipc,
      otherwise: 1,
      change: (ipc) => app.change({ ipc }, true),
    },
  ];
  const ofChosen = (): Slider[] =>
    (chosen === undefined ? [] : parametersIn(chosen, predictors)).map(({ at, model, name, parameter }) => ({
      key: `slider-${at}-${name}`,
      label: `${model}: ${name}`,
      help: parameter.description,
      values: valuesOf(parameter.min, parameter.max, parameter.powerOfTwo),
      now: () => parametersIn(chosen, predictors).find((given) => given.at === at && given.name === name)?.value,
      otherwise: parameter.default,
      change: (to) => replaceChosen(withParameter(chosen, at, name, to, parameter.default)),
    }));

  function show(): void {
    const { predictors: all, cell, penalty, ipc } = app.state();
    chosen = all.find((name) => name === cell?.frontEnd) ?? (all.includes(chosen) ? chosen : all[0]);
    fill(
      which,
      all.map((name) => h("option", { value: name }, name)),
    );
    if (chosen !== undefined) which.value = chosen;
    const shapeNow = chosen === undefined ? "" : chosen.replace(/:[^+]*/g, "");
    if (shapeNow !== shape || sliders.length === 0) {
      shape = shapeNow;
      sliders = [...ofChosen(), ...costs].map(sliderPanel);
      fill(
        list,
        sliders.map(({ element }) => element),
      );
    }
    for (const slider of sliders) slider.show();
    reset.hidden = penalty === undefined && ipc === undefined;
  }
  return {
    element: h(
      "section",
      { "aria-labelledby": "sliders-title", class: "sliders" },
      h("h2", { id: "sliders-title" }, "Sliders"),
      h("label", { for: "slid" }, "Parameters of"),
      which,
      list,
      reset,
    ),
    show,
  };
}
