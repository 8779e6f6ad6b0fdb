// The machines: their front ends can be built, say what they approximate, and agree with the figures that they quote.
import { beforeAll, describe, expect, it } from "vitest";
import { CONDITIONAL, INDIRECT, INDIRECT_CALL, INDIRECT_JUMP, kindNames, RETURN } from "../../dist/src/branch.js";
import { type FrontEnd, readMachines } from "../../dist/src/front-end/front-end.js";
import { PARTS, unfitForPrograms } from "../../dist/src/front-end/machines/machine.js";
import { MACHINES } from "../../dist/src/front-end/machines/machines.js";
import { findProgram, readTechniques } from "../../dist/src/index.js";
import { measure } from "../../dist/src/lab/lab.js";

const GUESSED = CONDITIONAL | INDIRECT_JUMP | INDIRECT_CALL | RETURN;

/** Kinds of branches that a machine does not guess, or of which nobody says how. */
const NOT_GUESSED: Readonly<Record<string, number>> = { "powerpc-7410": INDIRECT | RETURN, cachegrind: RETURN };

/** The front end that was asked for by a machine's id. */
async function frontEndOf(id: string): Promise<FrontEnd> {
  const [frontEnd] = await readMachines(id);
  return frontEnd;
}

/** A parameter of one of the models that a machine's front end names. */
function parameter(frontEnd: string, model: string, name: string): number {
  const spec = frontEnd.split("+").find((part) => part.split(":")[0] === model) ?? "";
  const value = spec.split(":").find((part) => part.startsWith(`${name}=`));
  return Number(value?.slice(name.length + 1) ?? Number.NaN);
}

/** A parameter of its multi-level BTB, or the default. */
function parameterOr(frontEnd: string, name: string, standard: number): number {
  const value = parameter(frontEnd, "multi-level-btb", name);
  return Number.isNaN(value) ? standard : value;
}

/** The first number in a text, or NaN. */
const figure = (text: string): number => Number(/\d+(\.\d+)?/.exec(text)?.[0] ?? Number.NaN);

describe("machines", () => {
  it("have ids of their own that can be typed", () => {
    const ids = MACHINES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    const titles = MACHINES.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it("are read by id, whatever is mistyped", async () => {
    const frontEnds = await readMachines("haswell, zen-2");
    expect(frontEnds.map(({ name, machine }) => [name, machine?.title])).toEqual([
      ["haswell", "Intel Haswell"],
      ["zen-2", "AMD Zen 2"],
    ]);
    await expect(readMachines("haswel")).rejects.toThrow(/unknown machine: haswel; did you mean haswell\?/);
    await expect(readMachines("haswell,haswell")).rejects.toThrow("machine haswell is given twice");
  });

  describe.each(MACHINES)("$id", (machine) => {
    const { id, year, frontEnd, penaltyCycles, indirectStallCycles, parts, source } = machine;
    it("guesses every kind of branch, or says that it does not", async () => {
      const { covers, storageBits } = await frontEndOf(id);
      expect(kindNames(GUESSED & ~covers)).toBe(kindNames(NOT_GUESSED[id] ?? 0));
      expect(Number.isFinite(storageBits)).toBe(true);
      // at least a model of directions; at most a megabyte
      expect(storageBits).toBeGreaterThan(500);
      expect(storageBits).toBeLessThan(2 ** 23);
    });

    it("names its whole list, completed by nothing", async () => {
      const { fullName } = await frontEndOf(id);
      const models = frontEnd.split("+").filter((part) => !part.startsWith("no-"));
      expect(fullName.split("+").map((model) => model.split(":")[0])).toEqual(models.map((model) => model.split(":")[0]));
    });

    it("says what stands for parts of which nothing is published, and nothing else of them", () => {
      for (const part of PARTS) {
        const { published, confidence, approximation } = parts[part];
        expect(published === "").toBe(confidence === "unpublished");
        if (confidence === "unpublished") expect(approximation).toMatch(/./);
      }
      expect(source).toMatch(/./);
    });

    it("has figures of this world", () => {
      if (year !== undefined) expect(year).toBeGreaterThanOrEqual(1997);
      if (penaltyCycles === undefined) expect(parts.penalty.confidence).toBe("unpublished");
      else {
        expect(penaltyCycles).toBeGreaterThanOrEqual(3);
        expect(penaltyCycles).toBeLessThanOrEqual(60);
      }
      // a stall is for machines that guess no indirect branch
      expect(indirectStallCycles !== undefined).toBe(((NOT_GUESSED[id] ?? 0) & INDIRECT) !== 0);
    });

    it("is as large as published, where it claims to be", () => {
      const { buffer, returns, penalty } = parts;
      if (buffer.approximation === undefined && !frontEnd.includes("multi-level-btb"))
        expect(parameter(frontEnd, "btb", "sets") * parameter(frontEnd, "btb", "ways")).toBe(figure(buffer.published));
      if (returns.approximation === undefined) {
        expect(parameter(frontEnd, "return-stack", "depth")).toBe(figure(returns.published));
        expect(frontEnd.includes("underflow=indirect")).toBe(returns.published.includes("underflow"));
      }
      if (penalty.approximation === undefined)
        expect(penalty.published).toMatch(new RegExp(`\\b${penaltyCycles} cycles|commonly ${penaltyCycles}\\b`));
      else if (penalty.approximation === "the middle") {
        const [low, high] = penalty.published.match(/\d+/g) ?? [];
        expect(penaltyCycles).toBe((Number(low) + Number(high)) / 2);
      }
    });

    it("is unfit for programs exactly if nothing but conditionals enters the history of its indirect predictor", async () => {
      const { models, ownerOf } = await frontEndOf(id);
      const owner = ownerOf.get(INDIRECT_JUMP);
      const tracks = owner === undefined ? 0 : models[owner].tracks;
      expect(unfitForPrograms(machine) !== undefined).toBe(tracks === CONDITIONAL);
    });

    it.runIf(frontEnd.includes("multi-level-btb"))("has levels of the sizes that are listed and published", () => {
      const sizes = ["first", "second", "third"].flatMap((level) => {
        const size = parameter(frontEnd, "multi-level-btb", `${level}Sets`) * parameterOr(frontEnd, `${level}Ways`, 4);
        return Number.isNaN(size) ? [] : [size];
      });
      // an exclusive level adds to those before it
      const exclusive = frontEnd.includes("inclusion=exclusive");
      const held = sizes.map((size, i) => (exclusive ? sizes.slice(0, i + 1).reduce((sum, each) => sum + each, 0) : size));
      expect(machine.levels?.map(({ entries }) => entries)).toEqual(held);
      const figures = parts.buffer.published.match(/\d+/g) ?? [];
      expect(figures).toContain(String(sizes[1]));
    });

    it.runIf(!frontEnd.includes("multi-level-btb"))("has a buffer of the size and the sets that its text says", () => {
      const { published, approximation = "" } = parts.buffer;
      const sets = parameter(frontEnd, "btb", "sets");
      const ways = parameter(frontEnd, "btb", "ways");
      const setsOf = /sets of (\d+)/.exec(approximation);
      if (setsOf !== null) expect(ways).toBe(Number(setsOf[1]));
      const size = /^(?:one buffer of )?(\d+)( sets)?/.exec(approximation);
      if (size !== null) expect(size[2] === undefined ? sets * ways : sets).toBe(Number(size[1]));
      else if (approximation.startsWith("sets of")) expect(sets * ways).toBe(figure(published));
    });
  });
});

describe("a switch on every machine", () => {
  const rates = new Map<string, number>();
  const threaded = new Map<string, number>();

  beforeAll(async () => {
    const measurements = await measure((await findProgram("sieve")).start("test", 1e9), {
      techniques: await readTechniques("switch,direct-threading"),
      frontEnds: await readMachines(MACHINES.map(({ id }) => id).join(",")),
      warmup: 0,
    });
    for (const { technique, frontEnd, counts } of measurements) {
      const { branches, mispredictions } = counts.byKind.dispatch;
      (technique.name === "switch" ? rates : threaded).set(frontEnd.name, (mispredictions ?? Number.NaN) / branches);
    }
  }, 600_000);

  it("gives a rate on all of them but those that guess no indirect branch", () => {
    for (const { id } of MACHINES) {
      const stalls = id === "powerpc-7410";
      expect(Number.isNaN(rates.get(id)), id).toBe(stalls);
      expect(Number.isNaN(threaded.get(id)), id).toBe(stalls);
    }
  });

  const LAST_TARGET = ["pentium-mmx", "celeron-800", "pentium-4-northwood", "athlon-k7", "athlon-64", "powerpc-970", "cachegrind"];

  it("is mispredicted most of the time where a branch goes where it went last time", () => {
    for (const id of LAST_TARGET) expect(rates.get(id), id).toBeGreaterThan(0.7);
  });

  it("is mispredicted as often on Zen 2, whose history has no targets: no conditionals run between these dispatches", () => {
    expect(rates.get("zen-2")).toBeCloseTo(rates.get("pentium-4-northwood") ?? Number.NaN, 2);
  });

  it.each([
    "pentium-m",
    "nehalem",
    "haswell",
    "skylake",
    "golden-cove",
    "zen-3",
    "zen-4",
    "zen-5",
    "apple-m1",
    "neoverse-n1",
    "oryon",
    "gem5",
  ])("is mispredicted less on %s, which has a history, than on all of those", (id) => {
    for (const old of LAST_TARGET) expect(rates.get(id) ?? Number.NaN).toBeLessThan((rates.get(old) ?? Number.NaN) / 2);
  });

  it("is helped by threading most where a branch goes where it went last time", () => {
    const gain = (id: string): number => (rates.get(id) ?? Number.NaN) - (threaded.get(id) ?? Number.NaN);
    for (const id of ["celeron-800", "pentium-4-northwood", "athlon-64"]) {
      expect(gain(id)).toBeGreaterThan(0.3);
      expect(gain(id)).toBeGreaterThan(gain("haswell"));
    }
  });
});
