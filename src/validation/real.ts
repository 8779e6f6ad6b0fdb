// Records installed real interpreters, and compares their dispatch branches with the most similar technique.
import { realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { INDIRECT, INDIRECT_JUMP } from "../branch.ts";
import { RunError, UsageError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import { measureRecording } from "../lab/measure-recording.ts";
import { unsignedOf } from "../recordings/addresses.ts";
import { busiestConnected } from "../recordings/connected-sites.ts";
import { readElf } from "../recordings/recorder/elf.ts";
import type { SiteCount } from "../replay/statistics.ts";
import { addressOf, type Dispatches, readDispatches, recordingOf } from "./dispatches.ts";
import { recordInterpreter } from "./record-interpreter.ts";

/** Why an interpreter is left out. */
type Absent = { readonly missing: string };

interface RealInterpreter {
  readonly name: string;
  /** The technique of its source. */
  readonly technique: "direct-threading" | "token-threading" | "switch";
  /** The command to run; makes files in a folder if needed. */
  prepare(folder: string, forthProgram: string): readonly string[] | Absent;
}

export interface RealRow {
  readonly interpreter: string;
  readonly predictor: string;
  /** Of the whole process. */
  readonly nativeInstructions: number;
  readonly indirectBranches: number;
  readonly dispatches: number;
  /** Dispatch sites that executed. */
  readonly sites: number;
  readonly mispredictions: number;
  readonly technique: string;
  /** Mispredictions per dispatch of the technique, over the validated Forth programs. */
  readonly modelledRate: number | undefined;
  /** The sites that dispatch most often. */
  readonly busiest: readonly RealSite[];
}

/** One dispatch site of a recorded interpreter. */
export interface RealSite {
  readonly address: string;
  readonly dispatches: number;
  readonly targets: number;
  readonly mispredictions: number;
}

const RECURSION = {
  python:
    "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\ns = [1] * 4000\nfor i in range(2, 64):\n    for j in range(i * i, 4000, i):\n        s[j] = 0\nprint(fib(17), sum(s))\n",
  lua: "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end\nlocal s = {}\nfor i = 1, 20000 do s[i] = 1 end\nfor i = 2, 142 do for j = i * i, 20000, i do s[j] = 0 end end\nlocal t = 0\nfor i = 1, 20000 do t = t + s[i] end\nprint(fib(22), t)\n",
};

/** Path of a native program on the search path. */
function nativeProgram(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, name);
    try {
      const real = realpathSync(path);
      if (statSync(real).isFile() && readElf(real) !== undefined) return real;
    } catch {
      // it is not there, or not for us
    }
  }
  return undefined;
}

const missing = (name: string, install: string): Absent => ({ missing: `${name} is not installed (apt-get install ${install})` });

/** Makes a script for the interpreter with the first of these names that is installed. */
function script(names: readonly string[], text: string, install: string) {
  return (folder: string): readonly string[] | Absent => {
    const found = names.map(nativeProgram).find((path) => path !== undefined);
    if (found === undefined) return missing(names[0], install);
    const file = join(folder, `${names[0]}-script`);
    writeFileSync(file, text);
    return [found, file];
  };
}

const INTERPRETERS: readonly RealInterpreter[] = [
  {
    name: "gforth",
    technique: "direct-threading",
    prepare(_folder, program) {
      const found = nativeProgram("gforth");
      return found === undefined ? missing("gforth", "gforth") : [found, "-e", ": full? false ;", program, "-e", "bye"];
    },
  },
  { name: "lua", technique: "token-threading", prepare: script(["lua5.4", "lua", "lua5.3"], RECURSION.lua, "lua5.4") },
  { name: "python3", technique: "token-threading", prepare: script(["python3"], RECURSION.python, "python3") },
];

const BUSIEST = 8;

/** The busiest sites, named by their recorded addresses. */
function busiestSites(counts: readonly SiteCount[], { branches, sequence }: Dispatches): RealSite[] {
  const executed = new Set(sequence);
  /** By address of the site. */
  const targets = new Map<number, Set<bigint>>();
  for (const branch of executed) {
    const { pc, target, targetHigh } = branches[branch];
    targets.set(pc, (targets.get(pc) ?? new Set()).add(unsignedOf(target, targetHigh)));
  }
  return [...counts]
    .filter(({ site }) => site.kind & INDIRECT)
    .sort((a, b) => b.branches - a.branches || a.site.address - b.site.address)
    .slice(0, BUSIEST)
    .map(({ site, branches: dispatches, mispredictions }) => ({
      address: site.owner,
      dispatches,
      targets: targets.get(site.address)?.size ?? 0,
      mispredictions,
    }));
}

export const REAL_INTERPRETERS = INTERPRETERS.map(({ name }) => name);

/** Finds the indirect jumps that dispatch: the busiest one with several targets, and all jumps connected to it by common targets. */
export function findDispatches({ branches, sequence, ...rest }: Dispatches): Dispatches {
  const times = new Float64Array(branches.length);
  for (const branch of sequence) times[branch]++;
  const jumps = branches.flatMap(({ pc, pcHigh, target, targetHigh, kind }, i) =>
    kind === INDIRECT_JUMP ? { site: addressOf(pc, pcHigh), target: addressOf(target, targetHigh), executed: times[i] } : [],
  );
  const found = busiestConnected(jumps)?.sites;
  if (found === undefined) throw new RunError("no indirect jump with several targets: it was not compiled with a switch or computed goto");
  const dispatch = branches.map(({ pc, pcHigh, kind }) => kind === INDIRECT_JUMP && found.has(addressOf(pc, pcHigh)));
  return { ...rest, branches, sequence: sequence.filter((branch) => dispatch[branch]) };
}

export interface RealOptions {
  readonly folder: string;
  readonly frontEnds: readonly FrontEnd[];
  /** A Forth source, for Forth interpreters. */
  readonly forthProgram: string;
  /** Mispredictions per dispatch of a technique. */
  readonly rateOf: (technique: string) => Promise<(predictor: string) => number | undefined>;
  readonly skipped: (line: string) => void;
  readonly onProgress?: (what: string) => void;
}

/** Records installed interpreters, by their names. */
export async function recordInstalled(
  names: readonly string[],
  { folder, frontEnds, forthProgram, rateOf, skipped, onProgress }: RealOptions,
): Promise<RealRow[]> {
  const rows: RealRow[] = [];
  for (const interpreter of INTERPRETERS.filter(({ name }) => names.includes(name))) {
    const { name } = interpreter;
    onProgress?.(name);
    const output = join(folder, "installed.bpt");
    try {
      const command = interpreter.prepare(folder, forthProgram);
      if ("missing" in command) throw new RunError(command.missing);
      await recordInterpreter(command, output);
      const all = await readDispatches(output, () => true);
      const dispatches = findDispatches(all);
      const { measurements } = await measureRecording(recordingOf(name, dispatches), { frontEnds, warmup: 0, hashed: false });
      const executed = new Set(dispatches.sequence);
      const rate = await rateOf(interpreter.technique);
      for (const { frontEnd, counts } of measurements) {
        rows.push({
          interpreter: name,
          predictor: frontEnd.name,
          nativeInstructions: all.instructions,
          indirectBranches: all.sequence.length,
          dispatches: dispatches.sequence.length,
          sites: new Set([...executed].map((branch) => addressOf(dispatches.branches[branch].pc, dispatches.branches[branch].pcHigh))).size,
          mispredictions: counts
            .siteCounts()
            .reduce((sum, { site, mispredictions }) => sum + (site.kind & INDIRECT ? mispredictions : 0), 0),
          technique: interpreter.technique,
          modelledRate: rate(frontEnd.name),
          busiest: busiestSites(counts.siteCounts(), dispatches),
        });
      }
    } catch (error) {
      // one that cannot be recorded is left out
      if (!(error instanceof RunError || error instanceof UsageError)) throw error;
      skipped(`${name}: ${error.message}`);
    } finally {
      rmSync(output, { force: true });
    }
  }
  return rows;
}
