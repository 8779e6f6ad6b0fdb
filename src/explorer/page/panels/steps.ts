// Stepping: one loop or a stretch of the program, dispatch by dispatch, under one or two ways side by side, with the state of the predictor before and after.
import { saidOf } from "../../../report/drawing/step-text.ts";
import type { Explanation, ProgramExplanation } from "../../../workbench/explanation.ts";
import { fileOf } from "../../questions.ts";
import { type Pair, WINDOW } from "../../state.ts";
import type { App, Panel } from "../app.ts";
import { fill, h } from "../dom.ts";
import { type Explanations, nextMiss } from "../explanations.ts";
import { pairInputs } from "./pair-inputs.ts";
import { drawSide } from "./side.ts";

const MILLISECONDS_PER_STEP = 1200;

export function stepsPanel(app: App, explanations: Explanations): Panel {
  const loop = h("input", { id: "loop", type: "text", spellcheck: "false", autocomplete: "off" });
  const from = h("input", { id: "from", type: "number", min: 1, step: 1, value: 1, "aria-label": "The first dispatch" });
  const ofLoop = h("input", { type: "radio", name: "subject", id: "of-loop" });
  const ofProgram = h("input", { type: "radio", name: "subject", id: "of-program" });
  const programName = h("span", {});
  loop.addEventListener("input", () => {
    ofLoop.checked = true;
  });
  from.addEventListener("input", () => {
    ofProgram.checked = true;
  });
  const [left, right] = [pairInputs(app, "left"), pairInputs(app, "right")];
  const form = h(
    "form",
    {
      class: "ways",
      on: {
        submit(event) {
          event.preventDefault();
          const first = ofProgram.checked ? Math.max(1, Math.floor(Number(from.value)) || 1) : undefined;
          app.change({ loop: loop.value.trim(), from: first, left: left.read(), right: right.read(), step: 0 });
        },
      },
    },
    h(
      "fieldset",
      {},
      h("legend", {}, "What runs"),
      h("label", {}, ofLoop, " A loop of virtual instructions, the last one jumping back"),
      loop,
      h("label", {}, ofProgram, " The program ", programName, ", from the dispatch with this number on:"),
      from,
    ),
    left.element,
    right.element,
    h("button", { type: "submit" }, "Run"),
  );
  const slider = h("input", { id: "step", type: "range", min: 1, "aria-label": "Step", on: { input: () => go(Number(slider.value) - 1) } });
  const count = h("output", { for: "step" });
  const button = (name: string, label: string, act: () => void): HTMLButtonElement =>
    h("button", { type: "button", id: name, on: { click: act } }, label);
  /** To the dispatches of the program before those that are shown, or after them. */
  const shift = (way: 1 | -1): void => {
    stop();
    app.change({ from: Math.max(1, (app.state().from ?? 1) + way * WINDOW), step: 0 });
  };
  const earlier = button("earlier", `${WINDOW} earlier`, () => shift(-1));
  const later = button("later", `${WINDOW} later`, () => shift(1));
  const play = button("play", "Play", () => (timer === undefined ? start() : stop()));
  const controls = h(
    "div",
    { class: "controls", role: "group", "aria-label": "Steps" },
    button("previous", "Previous", () => go(app.state().step - 1)),
    play,
    button("next", "Next", () => go(app.state().step + 1)),
    button("previous-miss", "Miss before", () => jump(-1)),
    button("next-miss", "Next miss", () => jump(1)),
    slider,
    count,
    earlier,
    later,
  );
  const sides = h("div", { class: "sides" });
  const said = h("p", { class: "hidden", role: "status", "aria-live": "polite" });
  let timer: ReturnType<typeof setInterval> | undefined;

  const pairs = (): Pair[] => [app.state().left, app.state().right].filter((pair) => pair !== undefined);
  const known = (): (Explanation | ProgramExplanation)[] => pairs().flatMap((pair) => explanations.of(pair).explanation ?? []);
  const steps = (): number => Math.max(0, ...known().map(({ dispatches }) => dispatches.length));

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "Play";
  }
  function start(): void {
    if (app.state().step >= steps() - 1) app.change({ step: 0 }, true);
    play.textContent = "Pause";
    timer = setInterval(() => {
      if (app.state().step >= steps() - 1) return stop();
      app.change({ step: app.state().step + 1 }, true);
    }, MILLISECONDS_PER_STEP);
  }
  function go(step: number): void {
    stop();
    app.change({ step: Math.max(0, Math.min(steps() - 1, step)) }, true);
  }
  function jump(way: 1 | -1): void {
    const to = nextMiss(known(), app.state().step, way);
    if (to === undefined) app.say("no miss there");
    else go(to);
  }
  function onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowLeft: () => go(app.state().step - 1),
      ArrowRight: () => go(app.state().step + 1),
      n: () => jump(1),
      p: () => jump(-1),
      Home: () => go(0),
      End: () => go(steps() - 1),
    }[event.key];
    if (act === undefined || element.hidden) return;
    act();
    event.preventDefault();
  }
  document.addEventListener("keydown", onKey);

  const element = h(
    "section",
    { "aria-labelledby": "steps-title" },
    h("h2", { id: "steps-title" }, "Step by step"),
    form,
    controls,
    h("p", { class: "faint keys" }, "Keys: ← and → step, n and p go to the next miss and to the one before, Home and End."),
    said,
    sides,
  );
  return {
    element,
    show() {
      const state = app.state();
      if (state.view !== "steps") return stop();
      if (!form.contains(document.activeElement)) {
        loop.value = state.loop;
        from.value = String(state.from ?? 1);
        ofLoop.checked = state.from === undefined;
        ofProgram.checked = state.from !== undefined;
      }
      programName.textContent = fileOf(state.program) ?? state.program;
      earlier.hidden = state.from === undefined;
      earlier.disabled = state.from === 1;
      later.hidden = state.from === undefined;
      explanations.keep(pairs());
      left.write(state.left);
      right.write(state.right);
      const most = steps();
      const at = Math.min(state.step, Math.max(0, most - 1));
      slider.max = String(Math.max(1, most));
      slider.value = String(at + 1);
      count.textContent = most === 0 ? "" : `step ${at + 1} of ${most}`;
      const drawnSides = pairs().map((pair) => drawSide(pair, explanations.of(pair), at));
      fill(sides, drawnSides);
      said.textContent = known()
        .map((explanation) => sentenceOf(explanation, at))
        .join(" ");
    },
  };
}

function sentenceOf({ technique, dispatches }: Explanation | ProgramExplanation, at: number): string {
  const dispatch = dispatches[at];
  return dispatch === undefined ? `${technique}: no such step.` : `${technique}: ${saidOf(dispatch)}`;
}
