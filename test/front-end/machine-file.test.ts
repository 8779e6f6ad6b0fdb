// Machines from users' files: what they take from where, and how wrong ones are refused.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "../../dist/src/errors.js";
import { readMachines } from "../../dist/src/front-end/front-end.js";
import { findMachine } from "../../dist/src/front-end/machines/machines.js";
import { bplab, temporaryFolder } from "../support.js";

const folder = temporaryFolder();
const figure = (value: number, more: object = {}) => ({ value, basis: "measured", source: "a test", ...more });
const GOOD = {
  format: "bplab-machine-1",
  title: "A processor",
  like: "zen-4",
  costs: { penaltyCycles: figure(18.2, { low: 18, high: 18.5 }), overrideCycles: figure(3.5) },
  levels: [{ entries: 1536, cycles: 1, basis: "measured", source: "a test" }],
  source: "a test",
  measurements: { anything: [1, 2, 3] },
};

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

describe("a machine from a file", () => {
  it("takes from the machine that it is like what it does not say", async () => {
    const path = write("like.json", GOOD);
    const [{ name, fullName, machine }] = await readMachines(path);
    const like = findMachine("zen-4");
    expect(name).toBe(path);
    expect(fullName).toBe((await readMachines("zen-4"))[0].fullName);
    expect(machine).toMatchObject({ id: path, title: "A processor", penaltyCycles: 18.2, parts: like.parts });
    expect(machine?.costs).toEqual({ ...like.costs, ...GOOD.costs });
    expect(machine?.levels).toEqual(GOOD.levels);
  });

  it("takes costs alone from the machine that it is like where its front end is its own: what is published is about another", async () => {
    const path = write("both.json", { ...GOOD, frontEnd: "btb:sets=64+return-stack+gshare" });
    const [{ machine }] = await readMachines(path);
    expect(machine?.costs).toEqual({ ...findMachine("zen-4").costs, ...GOOD.costs });
    expect(machine?.parts.indirect).toMatchObject({ published: "", confidence: "unpublished" });
    expect(machine?.misestimated).toBeUndefined();
  });

  it("names a front end of its own", async () => {
    const { like: _, ...alone } = GOOD;
    const path = write("own.json", { ...alone, frontEnd: "btb:sets=64+return-stack+gshare" });
    const [{ fullName, machine }] = await readMachines(path);
    expect(fullName).toMatch(/^btb:sets=64\+return-stack\+gshare/);
    expect(machine?.parts.buffer.confidence).toBe("unpublished");
  });

  it("stands beside the lab's own, and twice it is refused", async () => {
    const path = write("two.json", GOOD);
    expect((await readMachines(`haswell,${path}`)).map(({ name }) => name)).toEqual(["haswell", path]);
    await expect(readMachines(`${path},${path}`)).rejects.toThrow(`machine ${path} is given twice`);
  });

  it.each([
    ["an empty file", "", "expected JSON, got an empty file"],
    ["no JSON", "title: x", "expected JSON: "],
    ["a list", [], "expected"],
    ["another format", { ...GOOD, format: "2" }, 'format: expected "bplab-machine-1", got "2"'],
    ["no title", { ...GOOD, title: undefined }, "title: expected the processor's name, got nothing"],
    ["an unknown field", { ...GOOD, penalty: 3 }, 'unknown "penalty"'],
    ["an unknown cost", { ...GOOD, costs: { penalty: figure(3) } }, 'costs: unknown "penalty"'],
    ["a cost that is a number", { ...GOOD, costs: { penaltyCycles: 18 } }, "costs.penaltyCycles: "],
    [
      "a negative cost",
      { ...GOOD, costs: { penaltyCycles: figure(-1) } },
      "costs.penaltyCycles.value: expected a number from 0 to 1000000, got -1",
    ],
    [
      "no basis",
      { ...GOOD, costs: { penaltyCycles: { value: 1, source: "x" } } },
      "costs.penaltyCycles.basis: expected measured, published, assumed, got nothing",
    ],
    [
      "a value outside of its spread",
      { ...GOOD, costs: { penaltyCycles: figure(18, { low: 19 }) } },
      "costs.penaltyCycles: expected low ≤ value ≤ high",
    ],
    [
      "an IPC of 0",
      { ...GOOD, costs: { instructionsPerCycle: figure(0) } },
      "costs.instructionsPerCycle: expected instructions per cycle above 0",
    ],
    [
      "a level without branches",
      { ...GOOD, levels: [{ entries: 0, basis: "measured", source: "x" }] },
      "levels.0.entries: expected a whole number",
    ],
    ["neither a front end nor a machine", { ...GOOD, like: undefined }, "expected frontEnd, a list of predictors, or like"],
    ["an unknown machine", { ...GOOD, like: "zen-44" }, "unknown machine: zen-44"],
    ["an unknown predictor", { ...GOOD, frontEnd: "bttb" }, "frontEnd: unknown predictor: bttb"],
  ])("with %s is refused in one line", async (what, content, message) => {
    const path = write(`${what.replaceAll(" ", "-")}.json`, content);
    const error = await readMachines(path).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect(error?.message).toContain(message);
    expect(error?.message).not.toContain("\n");
    expect(error?.message).toContain(path);
  });

  it("that does not exist, or is a folder, is refused", async () => {
    await expect(readMachines("./nowhere.json")).rejects.toThrow("no such machine file: ./nowhere.json");
    mkdirSync(join(folder, "folder.json"));
    await expect(readMachines(join(folder, "folder.json"))).rejects.toThrow("expected a file, got a folder");
  });
});

describe("bplab", () => {
  let path: string;
  beforeAll(() => {
    path = write("host.json", GOOD);
  });

  it("simulates on it, in this thread and in workers, with its penalty", () => {
    const run = (...more: string[]) => bplab(["simulate", "queens", "--technique=switch", `--machine=${path}`, "--format=csv", ...more]);
    const one = run("--jobs=1");
    // it is like zen-4, which says so of every switch
    expect(one.stderr).toMatch(/^\S+host\.json, switch: do not believe .*\n$/);
    const [head, first] = one.stdout.split("\n").map((line) => line.split(","));
    expect(first[head.indexOf("predictor")]).toBe(path);
    expect(first[head.indexOf("penalty_cycles")]).toBe("18.2");
    expect(run("--jobs=2").stdout).toBe(one.stdout);
  });

  it("lists it, and only what is asked for", () => {
    const { stdout } = bplab(["list", "machines", path, "zen-1"]);
    expect(stdout).toContain(path);
    expect(stdout).toContain("18.2 (18 to 18.5) measured: mispredicted indirect branch or return");
    expect(stdout).toContain("unfit for programs: ");
    expect(stdout).not.toContain("haswell");
    expect(bplab(["list", "programs", path]).code).toBe(2);
  });

  it("ends with 2 where the file is wrong", () => {
    const { code, stdout, stderr } = bplab(["simulate", "queens", `--machine=${write("wrong.json", "{}")}`]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
