// The lab of the page, in a context that has nothing of Node.js.
import { existsSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { explain, PAGE, simulate, workerProgram } from "./node-lab.js";

interface Answer {
  readonly id: number;
  readonly given?: Record<string, unknown>;
  readonly error?: { readonly message: string; readonly exitCode: number; readonly stack?: string };
}

describe.skipIf(!existsSync(PAGE) && process.env.CI === undefined)(
  "the lab of the page (skipped only where npm run build did not make it)",
  () => {
    let ask: (kind: string, asks: object) => Promise<Answer>;

    beforeAll(() => {
      let answered: (answer: Answer) => void = () => {};
      const context = createContext({
        TextEncoder,
        TextDecoder,
        queueMicrotask,
        URL,
        postMessage: (answer: object) => void (!("progress" in answer) && answered(answer as Answer)),
      });
      runInContext(workerProgram(), context);
      let id = 0;
      ask = (kind, asks) =>
        new Promise((resolve) => {
          answered = resolve;
          context.onmessage({ data: { id: ++id, kind, asks } });
        });
    });

    const loop = { technique: "switch,direct-threading", predictor: "btb,btb:ways=1:sets=1,ittage" };

    it("simulates without process, require and Buffer of Node.js, and its rows are the library's", async () => {
      const { given } = await ask("simulate", { inputs: ["A B A GOTO"], options: loop, sites: true });
      expect(given).toEqual(await simulate({ inputs: ["A B A GOTO"], options: loop, sites: true }));
    });

    it("explains a loop as the command does", async () => {
      const { given } = await ask("explain", { loop: "A B A GOTO", technique: "switch", predictor: "ittage" });
      expect(given).toEqual(await explain("A B A GOTO", "switch", "ittage"));
    });

    it("lists what there is, with declared parameters, years and sources", async () => {
      const { given = {} } = await ask("lists", {});
      const { predictors, machines, programs } = given as Record<string, { id: string }[]>;
      expect(predictors.find(({ id }) => id === "btb")).toMatchObject({
        parameters: { sets: { powerOfTwo: true } },
        covers: "indirect-jump, indirect-call",
      });
      expect(machines.find(({ id }) => id === "haswell")).toMatchObject({ year: 2013 });
      expect(programs.find(({ id }) => id === "queens")).toMatchObject({ path: "traces/queens.fs" });
    });

    const mine = `import { definePredictor, INDIRECT, NONE as NOTHING } from "bplab/models";
export default definePredictor({ title: "mine", source: "made up", covers: INDIRECT, parameters: {}, storageBits: () => 32,
  create() { let last = NOTHING; return { predict: () => last, train(_, target) { last = target; } }; } });`;

    it("runs a user's predictor in JavaScript, which has a fresh state in every replay", async () => {
      const asks = {
        inputs: ["A B A GOTO"],
        files: [{ name: "mine.js", content: mine }],
        options: { technique: "switch", predictor: "./mine.js" },
      };
      const { given } = await ask("simulate", asks);
      const dispatches = (given?.rows as Record<string, unknown>[] | undefined)?.find(({ kind }) => kind === "dispatch");
      // a switch has one branch: the last target is that of a BTB
      const btb = await simulate({ inputs: ["A B A GOTO"], options: { technique: "switch", predictor: "btb" } });
      expect(dispatches?.mispredictions).toBe(btb.rows.find(({ kind }) => kind === "dispatch")?.mispredictions);
      expect((await ask("simulate", asks)).given).toEqual(given);
    });

    it.each([
      ["an unknown name", { inputs: ["quens"] }, /^unknown program: quens; did you mean queens\?|^unknown program: quens/],
      ["a file that was not handed over", { inputs: ["./gone.fs"] }, /^no such file: \.\/gone\.fs$/],
      ["no input", { inputs: [] }, /^expected a program, a loop or a recording, got none$/],
      [
        "a predictor that imports from elsewhere",
        { inputs: ["A GOTO"], options: { predictor: "./a.js" }, files: [{ name: "a.js", content: 'import { x } from "fs";' }] },
        /cannot load it: expected an import of "bplab\/models"/,
      ],
      [
        "types",
        { inputs: ["A GOTO"], options: { predictor: "./a.ts" }, files: [{ name: "a.ts", content: mine }] },
        /cannot load it: a page reads JavaScript/,
      ],
      [
        "an option out of range",
        { inputs: ["A GOTO"], options: { penalty: -1 } },
        /^penalty must be a number of cycles from 0 to 1000000, got -1$/,
      ],
    ])("refuses %s by the command's line", async (_, asks, message) => {
      const { error } = await ask("simulate", { options: {}, ...asks });
      expect(error?.message).toMatch(message);
      expect(error?.exitCode).toBe(2);
    });

    it("refuses a file with a folder in its name", async () => {
      const { error } = await ask("simulate", { inputs: ["A GOTO"], options: {}, files: [{ name: "../a.fs", content: "" }] });
      expect(error?.message).toBe("expected the name of a file without a folder, got ../a.fs");
    });

    it("has forgotten the files of a request when the next one comes", async () => {
      const files = [{ name: "own.fs", content: ": word 3 0 do loop ; word" }];
      expect((await ask("simulate", { inputs: ["./own.fs"], options: { technique: "switch" }, files })).error).toBeUndefined();
      expect((await ask("simulate", { inputs: ["./own.fs"], options: { technique: "switch" } })).error?.message).toBe(
        "no such file: ./own.fs",
      );
    });
  },
);
