// The table of simulation options: each acts on an input, or is refused for it; what derives from the table has every option.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type SimulateRequest, simulate, UsageError } from "../../dist/src/index.js";
import { flagOf, type OptionName, optionEntries } from "../../dist/src/options/request.js";
import { intervalColumns, rowColumns, siteColumns, targetColumns } from "../../dist/src/results/columns.js";
import { optionsSchema } from "../../dist/src/sweep/study/option-schema.js";
import { bplab, temporaryFolder } from "../support.ts";

const RECORDING = fileURLToPath(new URL("../data/truth/ocamlrun-kb.sbbt.gz", import.meta.url));

/** What each option is tried with: a value that is not its default, and what else it takes for it to be seen. */
const SAMPLES: Readonly<Record<OptionName, readonly [value: SimulateRequest[OptionName], among?: SimulateRequest]>> = {
  technique: ["call-threading"],
  train: [["lz"], { technique: "static-superinstructions" }],
  predictor: ["two-level"],
  machine: ["haswell"],
  size: ["full"],
  penalty: [20],
  conditionalPenalty: [9, { technique: "compare-tree", predictor: "btb+always-taken" }],
  override: [9, { predictor: "btb:sets=1:ways=1:holds=taken:first+btb:holds=taken" }],
  middleLevel: [9, { predictor: "multi-level-btb:firstSets=1:firstWays=1:secondSets=64:thirdWays=4" }],
  slowLevel: [9, { predictor: "btb:sets=1:ways=1:holds=taken:first+btb:holds=taken" }],
  ipc: [2],
  takenBranch: [1],
  call: [3, { technique: "subroutine-threading" }],
  return: [3, { technique: "subroutine-threading" }],
  bubble: [3, { machine: "zen-3" }],
  icacheMiss: [40, { icache: "bytes=1024" }],
  dcacheMiss: [40, { dcache: "bytes=1024" }],
  indirectStall: [30],
  icache: ["bytes=1024"],
  dcache: [true],
  layoutSeed: [7],
  warmup: [100],
  flush: [50],
  updateDelay: [20],
  interval: [500],
  contexts: [true],
  dispatch: ["busiest"],
  bodies: ["ocamlrun-4.13-gcc12"],
  maxInstructions: [1000],
};

const folder = temporaryFolder();
function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** `function f(n) { return n - 1 }`, and a `_start` that calls it from 500 down to 0. */
const LOOP_IN_WEBASSEMBLY =
  "0061736d01000000 01 09 02 60017f017f 600000 03 03 02 00 01 07 0a 01 06 5f7374617274 00 01" +
  "0a 1e 02 07 00 2000 4101 6b 0b 14 01017f 41f403 2100 0340 2000 1000 2200 0d00 0b 0b";
const WASM = fileOf("loop.wasm", Buffer.from(LOOP_IN_WEBASSEMBLY.replaceAll(" ", ""), "hex"));

/** The same in OCaml's bytecode; undefined without its compiler (apt-get install ocaml-nox). */
function loopInOcaml(): string | undefined {
  const source = fileOf("loop.ml", "let f n = n - 1\nlet () = let i = ref 500 in while !i > 0 do i := f !i done\n");
  const program = join(folder, "loop.byte");
  return spawnSync("ocamlc", ["-o", program, source]).status === 0 ? program : undefined;
}
const OCAML = loopInOcaml();

/** Inputs of every kind: a loop of words, Forth, the register machine, a log of opcodes, WebAssembly, OCaml, recorded branches. */
const KINDS: readonly (readonly [input: string, kind: "programs" | "recordings"])[] = [
  ...["A B A GOTO", "fibonacci", "nested-loop", "quickening", WASM, ...(OCAML === undefined ? [] : [OCAML])].map(
    (input) => [input, "programs"] as const,
  ),
  [RECORDING, "recordings"],
];

/** All that a simulation says, as CSV would hold it, but for some columns. */
async function saidOf(request: SimulateRequest, without: readonly (string | undefined)[]): Promise<string> {
  const { rows, intervals, sites, targets } = await simulate({ ...request, jobs: 1 });
  return JSON.stringify([
    rows.map((row) => rowColumns.filter(([column]) => !without.includes(column)).map(([, value]) => value(row))),
    sites.map((row) => siteColumns.map(([, value]) => value(row))),
    intervals.map((row) => intervalColumns.map(([, value]) => value(row))),
    targets.map((row) => targetColumns.map(([, value]) => value(row))),
  ]);
}

describe("every option", () => {
  const pairs = optionEntries.flatMap(([name, option]) => KINDS.map(([input, kind]) => ({ name, option, input, kind })));

  it.each(pairs.map((pair) => [pair.name, pair.input.split("/").at(-1), pair] as const))(
    "acts on an input or is refused for it: %s, %s",
    { tags: "slow" },
    async (_, __, { name, option, input, kind }) => {
      const [value, among] = SAMPLES[name];
      const acts = option.actsOn.includes(kind);
      if (!acts) {
        await expect(simulate({ inputs: [input], [name]: value })).rejects.toThrow(new RegExp(`^${flagOf(name)}: .*leave it out$`));
        return;
      }
      const { technique = "direct-threading", ...others } = among ?? {};
      const base = { inputs: [input], ...(kind === "programs" ? { technique } : {}), ...others };
      // that the option stands in the rows is not yet an effect
      const own = ["cost_basis", "size", "column" in option ? option.column?.name : undefined];
      const said = await saidOf({ ...base, [name]: value }, own).catch((error: unknown) => error);
      if (said instanceof Error) {
        expect(said).toBeInstanceOf(UsageError);
        expect(said.message).toMatch(new RegExp(`^${flagOf(name)}: `));
      } else expect(said).not.toBe(await saidOf(base, own));
    },
  );

  it("that acts on programs alone leaves the rows of a recording beside them as they are", async () => {
    const alone = await simulate({ inputs: [RECORDING] });
    const { rows } = await simulate({
      inputs: [RECORDING, "A B A GOTO"],
      technique: "switch",
      icache: true,
      icacheMiss: 40,
      layoutSeed: 7,
    });
    const cellsOf = (of: typeof rows) =>
      of.filter(({ format }) => format !== undefined).map((row) => rowColumns.map(([, value]) => value(row)));
    expect(cellsOf(rows)).toEqual(cellsOf(alone.rows));
  });

  it("is a flag of the command with its help, and stands in docs/options.md", () => {
    const { stdout } = bplab(["simulate", "--help"]);
    const help = stdout.replace(/\s+/g, " ");
    const document = readFileSync(new URL("../../docs/options.md", import.meta.url), "utf8");
    for (const [name, option] of optionEntries) {
      const flag = `--${flagOf(name)}`;
      // the command may take several where the option is one: a list of layout seeds
      const forms = [
        `${flag}${option.argument === undefined ? "" : ` ${option.argument}`} ${option.help}`,
        `${flag} <list> ${option.help}`,
      ];
      expect([flag, forms.some((form) => help.includes(form))]).toEqual([flag, true]);
      expect(document).toContain(`| \`--${flagOf(name)}\` |`);
    }
  });

  it("is among the options of studies, unless they have a list of their own for it", () => {
    expect(Object.keys(optionsSchema.shape)).toEqual(
      optionEntries.flatMap(([name, { study }]) => (study === undefined ? flagOf(name) : [])),
    );
  });
});
