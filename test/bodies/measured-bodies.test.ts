// Measured bodies: the files in native-code/ hold what was measured, and a program can borrow them.
import { readFileSync } from "node:fs";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { measuredIds, readMeasuredBodies } from "../../dist/src/bodies/measured-bodies.js";
import { runWithBodies, withBodies } from "../../dist/src/bodies/with-bodies.js";
import { findProgram, simulate } from "../../dist/src/index.js";
import { blockProgram, opcode, recordBlocks } from "../support.js";

const GFORTH = "gforth-0.7.3-gcc12";
const OCAML = "ocamlrun-4.13-gcc12";

const textOf = (id: string): string => readFileSync(new URL(`../../native-code/${id}.csv`, import.meta.url), "utf8");
const rowsOf = (id: string): Record<string, string>[] =>
  Papa.parse<Record<string, string>>(textOf(id).replace(/^(#.*\n)+/, ""), { header: true, skipEmptyLines: true }).data;
const factsOf = (id: string, name: string) => {
  const body = readMeasuredBodies(id).bodyOf(name);
  if (body === undefined) throw new Error(`no ${name} in ${id}`);
  return body.facts;
};

describe.each(measuredIds())("native-code/%s.csv", (id) => {
  it("names every body once, with a dispatch no longer than any body that holds it", () => {
    const { title, dispatch, bodies } = readMeasuredBodies(id);
    expect(title).toMatch(/x86-64/);
    expect(new Set(bodies.map((body) => body.opcode)).size).toBe(bodies.length);
    for (const row of rowsOf(id)) {
      expect(Number(row.body_bytes)).toBeGreaterThan(0);
      expect(Number(row.native_instructions)).toBeGreaterThan(0);
      if (row.bytes_to_own_dispatch === "") continue;
      expect(Number(row.bytes_to_own_dispatch), row.opcode).toBeGreaterThanOrEqual(dispatch.bytes);
      expect(Number(row.bytes_to_own_dispatch), row.opcode).toBeLessThanOrEqual(Number(row.body_bytes));
      expect(Number(row.native_instructions), row.opcode).toBeGreaterThanOrEqual(dispatch.instructions);
    }
  });
});

describe("measured bodies", () => {
  // without (f83find) and call2, which have no code of their own, 333 of Gforth's 335
  it.each([
    [GFORTH, 333, 39],
    [OCAML, 149, 39],
    ["stack-machine-goto-gcc", 64, 32],
    ["stack-machine-goto-clang", 64, 32],
    ["stack-machine-token-gcc", 64, 32],
  ])("%s has %i bodies, their median %i bytes", (id, count, median) => {
    const { bodies, medianBytes } = readMeasuredBodies(id);
    expect([bodies.length, medianBytes]).toEqual([count, median]);
  });

  // one more than was counted in ocamlrun and in the token build: the bodies cut to their own code
  it.each([
    [OCAML, 89],
    ["stack-machine-goto-gcc", 41],
    ["stack-machine-goto-clang", 49],
    ["stack-machine-token-gcc", 31],
  ])("%s has %i bodies that could be copied", (id, count) => {
    expect(readMeasuredBodies(id).bodies.filter(({ facts }) => facts.relocatable)).toHaveLength(count);
  });

  it("leave out the dispatch that they hold", () => {
    expect(factsOf(GFORTH, "noop")).toEqual({
      bodyBytes: 7,
      nativeInstructions: 1,
      conditionalBranches: 0,
      helperCalls: 0,
      relocatable: true,
    });
    // six instructions of dispatch and a load
    expect(factsOf(OCAML, "ACC0")).toMatchObject({ bodyBytes: 3, nativeInstructions: 1, relocatable: true });
    expect(factsOf(OCAML, "BRANCHIF")).toMatchObject({ bodyBytes: 14, nativeInstructions: 4, conditionalBranches: 1 });
    expect(factsOf(OCAML, "C_CALL1")).toMatchObject({ bodyBytes: 73, helperCalls: 1, relocatable: false });
    expect(factsOf("stack-machine-goto-clang", "NOP")).toMatchObject({ bodyBytes: 6, nativeInstructions: 0 });
  });

  it("leave out a jump to a shared tail, and nothing where a body falls into another", () => {
    expect(factsOf(OCAML, "APPLY")).toMatchObject({ bodyBytes: 16, nativeInstructions: 5, relocatable: false });
    expect(factsOf(OCAML, "PUSHACC")).toMatchObject({ bodyBytes: 11, nativeInstructions: 3, relocatable: false });
    expect(factsOf("stack-machine-goto-gcc", "DROP")).toMatchObject({ bodyBytes: 3, nativeInstructions: 0 });
  });

  it("of Gforth are named by the right primitive behind count", () => {
    const bytes = (name: string) => readMeasuredBodies(GFORTH).bodyOf(name)?.bytes;
    expect(["count", "aligned", "@local#", "allocate", "lp+!#"].map(bytes)).toEqual([41, 31, 32, 62, 21]);
    // calls the C library's fsin; fdrop cannot
    expect(factsOf(GFORTH, "fsin").helperCalls).toBe(1);
    expect(factsOf(GFORTH, "fdrop")).toMatchObject({ bodyBytes: 11, helperCalls: 0 });
    expect(readMeasuredBodies(GFORTH).bodyOf("(f83find)")).toBeUndefined();
  });

  it("of Gforth are found as words and by their names in the source, in capitals or not", () => {
    const { bodyOf } = readMeasuredBodies(GFORTH);
    expect(bodyOf("?BRANCH")).toBe(bodyOf("question_branch"));
    expect(bodyOf("?branch")?.opcode).toBe("question_branch");
    expect(bodyOf("no such primitive")).toBeUndefined();
  });
});

describe("a program with borrowed bodies", () => {
  const sized = (sizes: Record<string, number>) => {
    const program = blockProgram([Object.keys(sizes)]);
    return { ...program, opcodes: program.opcodes.map((known) => ({ ...known, bodyBytes: sizes[known.name] })) };
  };
  const measured = readMeasuredBodies(OCAML);
  const work = measured.bodies.map(({ facts }) => facts.bodyBytes).sort((a, b) => a - b);

  it("gives an opcode the body of its name, and keeps how control leaves it", () => {
    const { opcodes } = withBodies(sized({ acc0: 50, BranchIf: 10, x: 1 }), measured);
    expect(opcodes[0]).toMatchObject({ ...factsOf(OCAML, "ACC0"), name: "acc0", flow: "next" });
    expect(opcodes[1]).toMatchObject({ ...factsOf(OCAML, "BRANCHIF"), name: "BranchIf" });
    expect(opcodes[2].flow).toBe("conditional");
  });

  it("gives any other the body of the same rank: smallest, middle, largest", () => {
    const { opcodes } = withBodies(sized({ big: 1000, small: 1, middle: 30 }), measured);
    expect(opcodes.map(({ bodyBytes }) => bodyBytes)).toEqual([work[148], work[0], work[74]]);
  });

  it("ranks opcodes of one size alike, in the middle of their ranks", () => {
    const { opcodes } = withBodies(sized({ a: 5, b: 5, c: 5, d: 9, e: 9 }), measured);
    expect(opcodes.map(({ bodyBytes }) => bodyBytes)).toEqual([37, 37, 37, 129.5, 129.5].map((rank) => work[Math.round(rank)]));
    expect(withBodies(sized({ alone: 3 }), measured).opcodes[0].bodyBytes).toBe(work[74]);
  });

  it("ranks an opcode that appears later among those known then, and changes none of the others", () => {
    const own = ["a", "bb", "ccc"].map((name) => opcode(name));
    const program = withBodies({ ...blockProgram([["a"]]), opcodes: own, opcodeAt: (address) => address }, measured);
    const { opcodes } = program;
    const before = [...opcodes];
    own.push({ ...opcode("later"), bodyBytes: 1 });
    expect(program.opcodeAt(3)).toBe(3);
    expect(opcodes).toHaveLength(4);
    expect(opcodes.slice(0, 3)).toEqual(before);
    expect(opcodes[3].bodyBytes).toBe(work[0]);
    expect(program.opcodes).toBe(opcodes);
  });

  it("runs the same blocks, and leaves a run without borrowed bodies as it is", async () => {
    const program = await findProgram("queens");
    const start = () => program.start("test", 1e7);
    expect(recordBlocks(runWithBodies(start(), measured))).toEqual(recordBlocks(start()));
    const run = start();
    expect(runWithBodies(run, undefined)).toBe(run);
  });

  it("is said in every row, and changes native instructions but no dispatch of an unbounded BTB", async () => {
    const request = { inputs: ["queens"], technique: "switch,direct-threading", predictor: "btb:unbounded" };
    const own = (await simulate(request)).rows;
    const { rows, sites } = await simulate({ ...request, bodies: OCAML });
    for (const row of [...rows, ...sites]) expect(row.bodies).toBe(OCAML);
    for (const [i, row] of rows.entries()) {
      expect(own[i].bodies).toBe("own");
      expect(row.nativeInstructions).not.toBe(own[i].nativeInstructions);
      if (row.kind === "dispatch") expect(row.mispredictions).toBe(own[i].mispredictions);
    }
  });

  it("is refused where no such interpreter was measured", async () => {
    await expect(simulate({ bodies: "ocaml" })).rejects.toThrow(
      /^unknown bodies: ocaml; did you mean ocamlrun-4\.13-gcc12\? \(known: .*\)$/,
    );
  });
});
