// Prepared scenes: a question, a prediction, then the answer that the lab computed.
import { columnsOf } from "../../questions.ts";
import { type Answers, SCENES, type Scene, sceneOf } from "../../scenes.ts";
import type { App, Panel } from "../app.ts";
import { fill, h } from "../dom.ts";
import type { Explanations } from "../explanations.ts";

/** Whether the page hides its numbers until a choice is made. */
export const isAsking = (app: Pick<App, "state">): boolean => sceneOf(app.state().scene) !== undefined && app.state().guess === undefined;

export function scenesPanel(app: App, explanations: Explanations): Panel {
  const links = SCENES.map((scene, i) => ({ id: scene.id, link: h("a", { href: `#scene=${scene.id}` }, `${i + 1}. ${scene.title}`) }));
  const leave = h("a", { href: "#" }, "Free exploration");
  const box = h("div", { class: "scene", "aria-live": "polite" });
  let shown = "";

  function answersNow(): Answers {
    const { left, right, view } = app.state();
    const known = view === "steps" ? [left, right].flatMap((pair) => (pair && explanations.of(pair).explanation) ?? []) : [];
    const sides = known.filter((explanation) => "loop" in explanation);
    const columns = view === "table" ? columnsOf(app.state()).map((column) => app.column(column)) : [];
    return { sides, columns: columns.map(({ rows, stale }) => (stale ? [] : rows)) };
  }

  function drawScene(scene: Scene): void {
    const { guess } = app.state();
    const answer = guess === undefined ? undefined : scene.answer(answersNow());
    const key = JSON.stringify([scene.id, guess, answer]);
    if (key === shown) return;
    const had = box.querySelector<HTMLElement>(":focus") !== null;
    shown = key;
    const choices = scene.choices.map((choice, i) => {
      const mark = answer === undefined ? "" : i === answer.choice ? " ✓" : i === guess ? " ✕" : "";
      return h(
        "button",
        {
          type: "button",
          "aria-pressed": i === guess ? "true" : "false",
          disabled: guess !== undefined && i !== guess,
          class: answer !== undefined && i === answer.choice ? "right" : undefined,
          on: { click: () => app.change({ guess: i }) },
        },
        `${choice}${mark}`,
      );
    });
    const given = answer && [
      h(
        "p",
        { class: "answer", tabindex: -1 },
        `${answer.choice === guess ? "Right" : `Not so, it is ${scene.choices[answer.choice]}`}: ${answer.because}.`,
      ),
      h("p", {}, scene.lesson),
      h("p", { class: "faint" }, `The published claim: bplab reproduce ${scene.claim}`),
      h("button", { type: "button", on: { click: () => app.change({ guess: undefined }) } }, "Ask again"),
    ];
    fill(
      box,
      h("h2", {}, scene.title),
      h("p", { class: "question" }, scene.question),
      h("div", { class: "row", role: "group", "aria-label": "Your prediction" }, choices),
      guess === undefined
        ? h("p", { class: "faint" }, "Predict first: the numbers are shown then.")
        : (given ?? h("p", { class: "faint" }, "The lab is at work…")),
    );
    if (had) box.querySelector<HTMLElement>(".answer")?.focus();
  }

  return {
    element: h(
      "nav",
      { "aria-label": "Scenes", class: "scenes" },
      h(
        "details",
        { open: true },
        h("summary", {}, "Lecture: six scenes"),
        h(
          "ul",
          {},
          links.map(({ link }) => h("li", {}, link)),
          h("li", {}, leave),
        ),
      ),
      box,
    ),
    show() {
      const scene = sceneOf(app.state().scene);
      for (const { id, link } of links) {
        if (id === scene?.id) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      box.hidden = scene === undefined;
      if (scene === undefined) shown = "";
      else drawScene(scene);
    },
  };
}
