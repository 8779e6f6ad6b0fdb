// Left: a predictor of the user's, pasted as JavaScript. It runs in the worker, which is ended if it does not return.
import { OWN_PREDICTOR } from "../../questions.ts";
import type { App, Panel } from "../app.ts";
import { h } from "../dom.ts";

/** A start: the last target of each branch, in a table without tags. */
const START = `import { definePredictor, INDIRECT, NONE } from "bplab/models";
export default definePredictor({
  title: "Last target, untagged",
  source: "made in the explorer",
  covers: INDIRECT,
  parameters: { entries: { default: 512, min: 1, max: 65536, powerOfTwo: true, unit: "entries", description: "rows of the table" } },
  storageBits: ({ entries }) => entries * 32,
  create({ entries }) {
    const targets = new Int32Array(entries).fill(NONE);
    return {
      predict: (pc) => targets[pc & (entries - 1)],
      train(pc, target) {
        targets[pc & (entries - 1)] = target;
      },
    };
  },
});
`;

export function ownPredictorPanel(app: App): Panel {
  const text = h("textarea", { id: "own", rows: 12, spellcheck: "false", "aria-label": "A predictor in JavaScript" });
  const use = (event: Event): void => {
    event.preventDefault();
    const { predictors } = app.state();
    app.change({ own: text.value, predictors: predictors.includes(OWN_PREDICTOR) ? predictors : [...predictors, OWN_PREDICTOR] });
  };
  return {
    element: h(
      "details",
      {},
      h("summary", {}, "A predictor of yours"),
      h("form", { on: { submit: use } }, text, h("button", { type: "submit" }, `Run it as ${OWN_PREDICTOR}`)),
    ),
    show() {
      if (document.activeElement !== text) text.value = app.state().own || START;
    },
  };
}
