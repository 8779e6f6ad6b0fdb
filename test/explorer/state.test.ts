// The explorer's state, questions, commands and scenes: what needs no browser.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandOf } from "../../dist/src/explorer/command.js";
import { asksFor, columnsOf, inOrder, SHOWN } from "../../dist/src/explorer/questions.js";
import { isResults, readResults } from "../../dist/src/explorer/results-file.js";
import { type Answers, SCENES, stateAt } from "../../dist/src/explorer/scenes.js";
import { simulated } from "../../dist/src/explorer/simulated.js";
import { parametersIn, withParameter } from "../../dist/src/explorer/specs.js";
import { fragmentOf, MEASURES, START, type State, stateOf } from "../../dist/src/explorer/state.js";
import { predictorDefinition } from "../../dist/src/front-end/load-predictor.js";
import { claimIds } from "../../dist/src/reproduce/claims.js";
import { explain } from "../../dist/src/workbench/explain.js";
import { bplab } from "../support.js";

const name = fc.stringMatching(/^[\w:=+./-]{1,20}$/);
const pair = fc.record({ technique: name, frontEnd: name });
const cost = fc.option(
  fc.integer({ min: 0, max: 400 }).map((quarters) => quarters / 4),
  { nil: undefined },
);
const states: fc.Arbitrary<State> = fc.record({
  program: fc.string({ minLength: 1 }),
  text: fc.string(),
  own: fc.string(),
  size: fc.constantFrom("test" as const, "full" as const),
  techniques: fc.array(name, { maxLength: 4 }),
  predictors: fc.array(name, { maxLength: 4 }),
  machines: fc.array(name, { maxLength: 4 }),
  penalty: cost,
  ipc: cost,
  measure: fc.constantFrom(...MEASURES),
  cell: fc.option(pair, { nil: undefined }),
  site: fc.constantFrom("", "0x401093"),
  view: fc.constantFrom("table" as const, "steps" as const),
  loop: fc.string(),
  from: fc.option(fc.integer({ min: 1, max: 999_999_999 }), { nil: undefined }),
  left: fc.option(pair, { nil: undefined }),
  right: fc.option(pair, { nil: undefined }),
  step: fc.nat(99_999),
  scene: name,
  guess: fc.option(fc.nat(9), { nil: undefined }),
  large: fc.boolean(),
});

describe("the state in the address", () => {
  it("comes back from its fragment, whatever names and texts are in it", () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(stateOf(`#${fragmentOf(state)}`)).toEqual(state);
      }),
      { seed: 1 },
    );
  });

  it("is empty at the start, and what makes no sense in it is ignored", () => {
    expect(fragmentOf(START)).toBe("");
    expect(stateOf("#")).toEqual(START);
    expect(stateOf("#size=huge&step=-3&penalty=x&cell=one&site=javascript:&view=&nonsense&%E0=%E0")).toEqual({ ...START, step: 0 });
  });

  it("is readable: names and values of the command line", () => {
    const state = { ...START, program: "sieve", techniques: ["switch"], predictors: ["btb:sets=64", "ittage+tage"], penalty: 20 };
    expect(fragmentOf(state)).toBe("program=sieve&technique=switch&predictor=btb:sets=64,ittage+tage&penalty=20");
  });
});

describe("a link to a scene", () => {
  it("is its name alone; with anything else the address is what it says", () => {
    const [scene] = SCENES;
    expect(stateAt(`#scene=${scene.id}`)).toEqual({ ...scene.state, scene: scene.id });
    expect(stateAt(`#scene=${scene.id}&program=sieve`)).toEqual({ ...START, scene: scene.id, program: "sieve" });
    expect(stateAt("#scene=none")).toEqual({ ...START, scene: "none" });
  });
});

describe("a slider", () => {
  it("changes one parameter of one model, and leaves out a default", async () => {
    const listed = await Promise.all(
      ["btb", "gshare"].map(async (id) => ({
        id,
        title: id,
        description: "",
        source: "",
        parameters: (await predictorDefinition(id)).parameters,
      })),
    );
    const given = parametersIn("btb:sets=64+gshare:historyBits=8", listed);
    expect(given.find((each) => each.model === "btb" && each.name === "sets")?.value).toBe(64);
    expect(given.find((each) => each.model === "gshare" && each.name === "entries")?.value).toBe(65536);
    expect(withParameter("btb:sets=64+gshare", 0, "sets", 128, 512)).toBe("btb:sets=128+gshare");
    expect(withParameter("btb:sets=64:returns+gshare", 0, "sets", 512, 512)).toBe("btb:returns+gshare");
    expect(withParameter("btb+gshare", 1, "historyBits", 4, 16)).toBe("btb+gshare:historyBits=4");
  });
});

describe("what the page shows", () => {
  const state: State = {
    ...START,
    techniques: ["direct-threading", "switch"],
    predictors: ["btb", "ittage"],
    machines: ["haswell"],
    penalty: 21,
  };

  it("is what its command prints: the same rows, byte for byte as CSV", async () => {
    const byColumn = await Promise.all(
      columnsOf(state).map((frontEnd) => simulated(asksFor(state, { frontEnd, techniques: state.techniques }), () => {})),
    );
    const rows = inOrder(
      state,
      byColumn.map((given) => given.rows),
    );
    const [, ...words] = commandOf(state).split(" ");
    const { stdout, code } = bplab([...words, "--format=csv"]);
    expect(code).toBe(0);
    const printed = [...readResults(stdout).values()].flat();
    expect(isResults(stdout)).toBe(true);
    expect(rows.length).toBe(printed.length);
    // whether ranks flip depends on the front ends that are asked for together
    const numbers = (row: object) => Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value === "number"));
    expect(rows.map(numbers)).toEqual(printed.map(numbers));
    expect(rows.map(({ technique, predictor, kind }) => [technique, predictor, kind])).toEqual(
      printed.map(({ technique, predictor, kind }) => [technique, predictor, kind]),
    );
  });

  it("is a number of a row: rates, cycles and speedups", async () => {
    const { rows } = await simulated(asksFor(state, { frontEnd: "btb", techniques: ["direct-threading"] }), () => {});
    const [row] = rows;
    expect(row.kind).toBe("dispatch");
    expect(SHOWN.rate.value(row)).toBeCloseTo((100 * Number(row.mispredictions)) / Number(row.virtual_instructions), 6);
    expect(SHOWN.cycles.value(row)).toBe(row.cycles_lost_per_virtual_instruction);
    expect(SHOWN.speedup.value(row)).toBe(row.estimated_speedup_over_switch);
    expect([SHOWN.rate.text(0), SHOWN.rate.text(0.01), SHOWN.rate.text(52.2179)]).toEqual(["0.0", "< 0.1", "52.2"]);
  });

  it("of a loop that is stepped through is repeated by explain, a line for each side", () => {
    expect(commandOf({ ...START, view: "steps" })).toBe(
      "bplab explain 'A B A GOTO' --technique=switch --predictor=btb\nbplab explain 'A B A GOTO' --technique=direct-threading --predictor=btb",
    );
  });
});

/** What the literature says of each scene, and what the lab must therefore find. */
const EXPECTED: Readonly<Record<string, string>> = {
  "context-problem": "2",
  decades: "Haswell",
  copies: "dynamic-both",
  "return-stack": "fewer than 20",
  ittage: "fewer than 5",
  merged: "as many as with a switch",
};

describe("a scene", () => {
  it.each(SCENES.map((scene) => [scene.id, scene] as const))(
    "%s finds its answer among its choices, from rows that the lab computes, and names a claim",
    async (_, scene) => {
      const { state } = scene;
      const stepping = state.view === "steps";
      const columns = stepping
        ? []
        : await Promise.all(
            columnsOf(state).map(
              async (frontEnd) => (await simulated(asksFor(state, { frontEnd, techniques: state.techniques }), () => {})).rows,
            ),
          );
      const sides = stepping
        ? await Promise.all(
            [state.left, state.right].flatMap((side) => (side === undefined ? [] : [explain(state.loop, side.technique, side.frontEnd)])),
          )
        : [];
      const answers: Answers = { columns, sides };
      const answer = scene.answer(answers);
      expect(scene.choices[answer?.choice ?? -1]).toBe(EXPECTED[scene.id]);
      expect(answer?.because).toMatch(/\d/);
      expect(scene.answer({ columns: [], sides: [] })).toBeUndefined();
      expect(claimIds()).toContain(scene.claim);
    },
  );
});

describe("a loop with a least number of iterations", () => {
  it("shows as many, though the pattern has been seen before", async () => {
    const { dispatches, steadyFrom } = await explain("A B A GOTO", "switch", "btb", 4);
    expect([steadyFrom, dispatches[dispatches.length - 1].iteration]).toEqual([1, 4]);
    expect(dispatches.every(({ shownBefore, shownAfter }) => shownBefore.length === 1 && shownAfter.length === 1)).toBe(true);
  });
});
