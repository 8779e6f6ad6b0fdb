// Merge maps: which bodies share a dispatch, as compilers left them.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTable } from "../../dist/src/bodies/native-code-files.js";
import { mergeMapIds, mergeMapTitle, readMergeMap } from "../../dist/src/dispatch/layouts/merge-map.js";
import { findProgram, readTechniques } from "../../dist/src/index.js";
import { blockProgram, blockRun, bplab, countAll, temporaryFolder } from "../support.js";

const OCAML = "ocamlrun-4.13-gcc12";
const THREADED = ["direct-threading", "token-threading", "tail-call-threading"];
const PREDICTORS = "btb:unbounded,btb-2bit:unbounded,two-level:unbounded";

const folder = temporaryFolder();
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe("the map of ocamlrun", () => {
  const map = readMergeMap(OCAML);
  const together = (...opcodes: string[]) => new Set(opcodes.map((opcode) => map(opcode).site)).size === 1;

  it.each([
    [["APPLY", "APPLY1", "APPLY2", "APPLY3", "APPTERM", "APPTERM1", "APPTERM2", "APPTERM3", "CHECK_SIGNALS"]],
    [["ENVACC", "PUSHENVACC"]],
    [["ACC", "PUSHACC"]],
    [["GETGLOBALFIELD", "PUSHGETGLOBALFIELD"]],
    [["GETGLOBAL", "PUSHGETGLOBAL"]],
    [["CONSTINT", "PUSHCONSTINT"]],
    [["RAISE", "RERAISE"]],
    [["PUSH", "PUSHACC0"]],
    [["GETBYTESCHAR", "GETSTRINGCHAR"]],
  ])("sends %j through one jump", (opcodes) => {
    expect(map(opcodes[0]).site).toBeDefined();
    expect(together(...opcodes)).toBe(true);
  });

  it("names all 149 opcodes but STOP, which returns, in 146 bodies with 125 jumps", () => {
    const opcodes = bodiesOf(OCAML);
    expect(opcodes).toHaveLength(148);
    const uses = new Map<string | undefined, number>();
    for (const opcode of opcodes) uses.set(map(opcode).site, (uses.get(map(opcode).site) ?? 0) + 1);
    expect([...uses.values()].filter((count) => count > 1).sort()).toEqual([...Array(13).fill(2), 3, 9]);
    expect(uses.size).toBe(148 - 13 - 2 - 8);
    expect(new Set(opcodes.map((opcode) => map(opcode).body)).size).toBe(146);
    expect(map("ACC0").site).not.toBe(map("ACC1").site);
  });

  it("gives shared bodies one label, and what it does not name a site of its own", () => {
    expect(map("PUSH").body).toBe(map("PUSHACC0").body);
    expect(map("ACC").body).not.toBe(map("PUSHACC").body);
    expect(map("STOP")).toEqual({});
    expect(map("acc")).toEqual({});
  });
});

/** The opcodes that a map of the lab names. */
function bodiesOf(id: string): string[] {
  const path = new URL(`../../native-code/${id}.sites.csv`, import.meta.url);
  return parseTable(readFileSync(path, "utf8"), id, ["opcode"]).rows.map(({ cells }) => cells.opcode);
}

describe("merge maps", () => {
  it.each(mergeMapIds())("%s says what it is and can be read", (id) => {
    expect(mergeMapTitle(id)).toMatch(/as gcc compiled it/);
    expect(bodiesOf(id).every((opcode) => readMergeMap(id)(opcode).site !== undefined)).toBe(true);
  });

  it("of gforth-fast names conditionals of our Forth, with another site for each direction", async () => {
    const { opcodes } = (await findProgram("queens")).start("test", 1e7).program;
    const names = bodiesOf("gforth-fast-0.7.3");
    expect(names).toEqual(["?branch", "(loop)", "(+loop)"]);
    for (const name of names) {
      expect(opcodes.find((known) => known.name === name)?.flow).toBe("conditional");
      const { site, takenSite } = readMergeMap("gforth-fast-0.7.3")(name);
      expect(takenSite).not.toBe(site);
    }
  });

  it("may be a file with comments, further columns and words of Forth", () => {
    const map = readMergeMap(write("forth.csv", '# mine\n\nopcode,why,dispatch_site\r\n#,digits,x\r\n",",comma,x\r\n"""",quote,y\r\n'));
    expect(map("#")).toEqual({ site: "x", takenSite: undefined, body: undefined });
    expect(map(",").site).toBe("x");
    expect(map('"').site).toBe("y");
  });

  it.each([
    ["", /a\.csv is empty, expected a merge map/],
    ["# only comments\n", /a\.csv: expected a header with the columns opcode, dispatch_site/],
    ["opcode,site\nA,1\n", /a\.csv:1: expected a column dispatch_site, got opcode, site/],
    ["# x\nop,dispatch_site\nA,1\n", /a\.csv:2: expected a column opcode/],
    ["opcode,dispatch_site\n", /a\.csv: expected a row for each opcode/],
    ["opcode,dispatch_site\nA,1\nB,\n", /a\.csv:3: expected a dispatch_site for B, got nothing/],
    ["opcode,dispatch_site\n,1\n", /a\.csv:2: expected the name of an opcode/],
    ["opcode,dispatch_site\nA,1\n\nA,2\n", /a\.csv:4: opcode A is given twice/],
    ["opcode,dispatch_site\nA\n", /a\.csv:2: expected 2 values, as in the header, got 1/],
    ['opcode,dispatch_site\n"A,1\n', /a\.csv:2: expected values separated by commas/],
    ["opcode,dispatch_site,body_address\nA,1,9\nB,2,9\n", /a\.csv:3: B is the body 9, whose sites are others above/],
    ["opcode\0", /a\.csv is a binary file/],
  ])("refuses the file %j in one line that says where", { tags: "slow" }, (text, message) => {
    const path = write("a.csv", text);
    expect(() => readMergeMap(path)).toThrow(message);
    const { code, stdout, stderr } = bplab(["simulate", "queens", "--technique=direct-threading:merge=a.csv"], { cwd: folder });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("that do not exist are refused before anything runs, with the nearest known name", async () => {
    const message = /unknown merge map: gforth-fast; did you mean gforth-fast-0\.7\.3\? \(known: .*\)/;
    await expect(readTechniques("direct-threading:merge=gforth-fast")).rejects.toThrow(message);
    await expect(readTechniques("token-threading:merge=./none.csv")).rejects.toThrow("no such file: ./none.csv");
    await expect(readTechniques("token-threading:merge=")).rejects.toThrow("merge must be given a value");
  });
});

describe("merged dispatch", () => {
  it.each(THREADED)("through one site makes %s mispredict as switch does", async (technique) => {
    const run = (await findProgram("queens")).start("test", 1e7);
    const counts = await countAll(run, `switch,${technique}:merge=all`, PREDICTORS);
    for (const predictor of PREDICTORS.split(",")) {
      const merged = counts.get(`${technique}:merge=all ${predictor}`)?.byKind.dispatch;
      expect(merged?.mispredictions).toBeGreaterThan(0);
      expect(merged).toEqual(counts.get(`switch ${predictor}`)?.byKind.dispatch);
    }
  });

  it("keeps one dispatch per virtual instruction where bodies have two exits, and misses less in loops", async () => {
    const fast = "direct-threading:merge=gforth-fast-0.7.3";
    const counts = await countAll((await findProgram("queens")).start("test", 1e7), `direct-threading,${fast}`, "btb:unbounded");
    const [plain, split] = ["direct-threading", fast].map((technique) => counts.get(`${technique} btb:unbounded`));
    expect(split?.byKind.dispatch.branches).toBe(split?.virtualInstructions);
    expect(split?.byKind.dispatch.mispredictions).toBeLessThan(plain?.byKind.dispatch.mispredictions ?? 0);
    // one more conditional for each that ran
    expect(split?.byKind.conditional.branches).toBeGreaterThan(plain?.byKind.conditional.branches ?? 0);
  });

  it("with a site per opcode is no merging, with one body for two opcodes sends both to one entry", async () => {
    const own = write("own.csv", "opcode,dispatch_site\nA,1\nB,2\nC,3\n");
    const body = write("body.csv", "opcode,dispatch_site,body_address\nA,1,x\nB,1,x\nC,2,y\n");
    const tail = write("tail.csv", "opcode,dispatch_site\nA,1\nB,1\nC,2\n");
    const program = blockProgram([["A", "B", "C"]]);
    const counts = async (map: string) => {
      const technique = map === "none" ? "direct-threading" : `direct-threading:merge=${map}`;
      const all = await countAll(blockRun(program, Array(20).fill(0)), technique, "btb:unbounded");
      return all.get(`${technique} btb:unbounded`);
    };
    const plain = await counts("none");
    expect(await counts(own)).toMatchObject({ byKind: plain?.byKind, nativeInstructions: plain?.nativeInstructions });
    // A's and B's dispatch alternate between B and C
    expect((await counts(tail))?.byKind.dispatch.mispredictions).toBe((plain?.byKind.dispatch.mispredictions ?? 0) + 38);
    // one body for both has no jump to a tail
    expect((await counts(body))?.byKind.dispatch.branches).toBe(60);
    expect((await counts(body))?.nativeInstructions).toBe(plain?.nativeInstructions);
    const [technique] = await readTechniques(`direct-threading:merge=${body}`);
    const code = technique.layout(program);
    expect(code.at(0).entry).toBe(code.at(1).entry);
    expect(code.at(0).entry).not.toBe(code.at(2).entry);
  });

  it("of any kind dispatches once per virtual instruction of any program", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const exits = fc.record({ opcode: fc.constantFrom(...names), site: fc.nat(2), taken: fc.option(fc.nat(2)) });
    const blocks = fc.array(fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    const program = blocks.chain((all) => fc.tuple(fc.constant(all), fc.array(fc.nat(all.length - 1), { minLength: 1, maxLength: 40 })));
    await fc.assert(
      fc.asyncProperty(program, fc.uniqueArray(exits, { minLength: 1, selector: ({ opcode }) => opcode }), async ([all, ids], rows) => {
        const lines = rows.map(({ opcode, site, taken }) => `${opcode},${site},${taken ?? ""}`);
        const map = write("random.csv", `opcode,dispatch_site,taken_dispatch_site\n${lines.join("\n")}\n`);
        const techniques = THREADED.map((technique) => `${technique}:merge=${map}`);
        const counts = await countAll(blockRun(blockProgram(all), ids), techniques.join(","), "btb:unbounded");
        const length = ids.reduce((sum, id) => sum + all[id].length, 0);
        for (const technique of techniques) expect(counts.get(`${technique} btb:unbounded`)?.byKind.dispatch.branches).toBe(length);
      }),
      { seed: 20261120, numRuns: 30 },
    );
  });
});
