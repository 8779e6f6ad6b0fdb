// Fields for one way to run a loop: a technique, and a front end or machine.
import { machineIn } from "../../questions.ts";
import type { Pair } from "../../state.ts";
import type { App } from "../app.ts";
import { h } from "../dom.ts";

export function pairInputs(app: App, side: "left" | "right") {
  const options = (id: string, names: readonly string[]): HTMLElement =>
    h(
      "datalist",
      { id },
      names.map((name) => h("option", { value: name })),
    );
  const field = (id: string, list: string): HTMLInputElement =>
    h("input", { id, type: "text", list, spellcheck: "false", autocomplete: "off" });
  const technique = field(`${side}-technique`, `${side}-techniques`);
  const frontEnd = field(`${side}-predictor`, `${side}-predictors`);
  const element = h(
    "fieldset",
    {},
    h("legend", {}, side === "left" ? "Left" : "Right (may be empty)"),
    h("label", { for: technique.id }, "Technique"),
    technique,
    options(
      `${side}-techniques`,
      app.lists.techniques.map(({ id }) => id),
    ),
    h("label", { for: frontEnd.id }, "Predictor"),
    frontEnd,
    options(
      `${side}-predictors`,
      app.lists.predictors.map(({ id }) => id),
    ),
  );
  return {
    element,
    read(): Pair | undefined {
      const pair = { technique: technique.value.trim(), frontEnd: frontEnd.value.trim() };
      if (pair.technique === "" || pair.frontEnd === "") return undefined;
      const machine = app.lists.machines.find(({ id }) => id === (machineIn(pair.frontEnd) ?? pair.frontEnd));
      return machine === undefined ? pair : { ...pair, frontEnd: machine.frontEnd };
    },
    write(pair: Pair | undefined): void {
      if (element.contains(document.activeElement)) return;
      technique.value = pair?.technique ?? "";
      frontEnd.value = pair?.frontEnd ?? "";
    },
  };
}
