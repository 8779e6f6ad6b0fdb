// Compares estimated cycles with a clock's: `npm run timings -- [FILE] [--machine=ID or FILE] [--size=test]` simulates every form and
// program of a file of timings (test/data/timings/zen4.csv) and prints how far estimates are off, by form and over all, in cycles
// and in speedups over clang's switch and gcc's.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readTechnique } from "../src/dispatch/techniques.ts";
import type { Size } from "../src/guests/programs.ts";
import { simulate } from "../src/index.ts";
import { estimatedCycles } from "../src/results/cost.ts";

const FOLDER = fileURLToPath(new URL("../../test/data/timings/", import.meta.url));

/** The model of a form: a technique, and the source of its bodies. */
interface Form {
  readonly technique: string;
  readonly bodies: string;
  /** What compiler or generator did to this form that the model does not follow. */
  readonly unlike?: string;
}

const GCC = "direct-threading.gcc";
const COPIED = "tail-call-threading.clang-19";
const copied = (technique: string): Form => ({ technique, bodies: COPIED });
/** A recorded replicated switch mispredicts 0.69 of alpha-beta's dispatches at their last target, one with a jump for each opcode 0.59. */
const SOME_REPLICAS = "the compiled switch has jumps of its own for some opcodes only";

/** gcc aligns case labels and functions to 16 bytes; labels whose address is taken are not aligned. */
export const FORMS: Readonly<Record<string, Form>> = {
  "switch.gcc": { technique: "switch:align=16", bodies: GCC, unlike: "the cost of case labels at multiples of 16 is estimated too low" },
  "switch.clang-19": { technique: "switch:align=1", bodies: "direct-threading.clang-19" },
  "direct-threading.gcc": { technique: "direct-threading:align=1", bodies: GCC },
  "direct-threading.gccmerged": { technique: "direct-threading:align=1:merge=all", bodies: GCC },
  "direct-threading.clang-19": { technique: "direct-threading:align=1:merge=all", bodies: "direct-threading.clang-19" },
  "token-threading.gcc": { technique: "token-threading:align=1", bodies: "token-threading.gcc" },
  "replicated-switch.gcc": { technique: "replicated-switch:align=1", bodies: "token-threading.gcc", unlike: SOME_REPLICAS },
  "replicated-switch.clang-19": { technique: "replicated-switch:align=1", bodies: "token-threading.gcc", unlike: SOME_REPLICAS },
  "call-threading.gcc": { technique: "call-threading:align=16", bodies: "call-threading.gcc" },
  "call-threading.clang-19": { technique: "call-threading:align=16", bodies: "call-threading.clang-19" },
  "tail-call-threading.gcc": { technique: "tail-call-threading:align=16", bodies: "tail-call-threading.gcc" },
  "tail-call-threading.clang-19": { technique: "tail-call-threading:align=16", bodies: COPIED },
  "jit:shared": copied("direct-threading:align=1"),
  "jit:shared::16": copied("direct-threading:align=16"),
  "jit:shared::64": copied("direct-threading:align=64"),
  "jit:static:2": copied("static-replication:align=1:replicas=0:every=2"),
  "jit:static:4": copied("static-replication:align=1:replicas=0:every=4"),
  "jit:static:16": copied("static-replication:align=1:replicas=0:every=16"),
  "jit:dynamic": copied("dynamic-replication:relocatable=all"),
  "jit:super": copied("selective-inlining:relocatable=all"),
  "jit:both": copied("dynamic-both:relocatable=all"),
  "jit:across": copied("across-basic-blocks:relocatable=all"),
  "jit:caten": { ...copied("catenation"), unlike: "the generator that was timed keeps the virtual program counter" },
  "jit:sub": copied("subroutine-threading"),
  "jit:context": copied("context-threading:tiny=0"),
};

/** One form of one program: cycles a virtual instruction by the clock and by the model. */
export interface Timing {
  readonly program: string;
  readonly form: string;
  readonly real: number;
  readonly estimated: number;
}

/** The root of the mean square of ratios, as a factor: 1.1 is off by ten percent. */
export const rmsFactor = (ratios: readonly number[]): number =>
  Math.exp(Math.sqrt(ratios.reduce((sum, ratio) => sum + Math.log(ratio) ** 2, 0) / ratios.length));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function readCsv(path: string): string[][] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .slice(1)
    .map((line) => line.split(","));
}

/**
 * Cycles of a move between registers on Zen 4: register renaming executes it, so that it only takes one of the six places that are
 * dispatched in a cycle (AMD, Software optimization guide for the Zen 4 microarchitecture).
 */
const REGISTER_MOVE_CYCLES = 1 / 6;

/** Moves between registers a virtual instruction, by form: 0 where they were not counted. */
function createMoves(): (form: string) => number {
  const rows = new Map(readCsv(`${FOLDER}register-moves.csv`).map(([form, moves]) => [form, Number(moves)]));
  return (form) => rows.get(form) ?? 0;
}

/** Recorded native instructions a virtual instruction; for a program without a recording, the form's mean; else the model's. */
function createRecorded(): (program: string, form: string, modelled: number) => number {
  const rows = readCsv(`${FOLDER}native-instructions.csv`);
  return (program, form, modelled) => {
    const ofForm = rows.filter((row) => row[1] === form);
    if (ofForm.length === 0) return modelled;
    const found = ofForm.find((row) => row[0] === program);
    return found === undefined ? mean(ofForm.map((row) => Number(row[2]))) : Number(found[2]);
  };
}

/** Simulates the forms and programs of a file of timings. @throws Error for an unknown form */
export async function compareTimings(path: string, machine: string, size: Size): Promise<Timing[]> {
  const real = readCsv(path).map(([program, form, , cycles]) => ({ program, form, cycles: Number(cycles) }));
  const recorded = createRecorded();
  const movesOf = createMoves();
  const unknown = real.find(({ form }) => FORMS[form] === undefined);
  if (unknown !== undefined) throw new Error(`no technique stands for the form ${unknown.form}`);
  const timings: Timing[] = [];
  // forms with the same bodies share one run
  for (const bodies of new Set(real.map(({ form }) => FORMS[form].bodies))) {
    const own = real.filter(({ form }) => FORMS[form].bodies === bodies);
    const names = new Map<string, string>();
    for (const { form } of own) if (!names.has(form)) names.set(form, (await readTechnique(FORMS[form].technique)).name);
    const inputs = [...new Set(own.map(({ program }) => program))];
    const technique = [...new Set(names.values())].join(",");
    const { rows } = await simulate({ inputs, technique, bodies: `${FOLDER}bodies-${bodies}.csv`, machine, size, sites: false });
    for (const { program, form, cycles } of own) {
      const row = rows.find((each) => each.kind === "all" && each.program === program && each.technique === names.get(form));
      if (row?.charges === undefined || row.virtualInstructions === undefined) continue;
      const { charges, virtualInstructions, cost } = row;
      const native = recorded(program, form, charges.instructionsPerCycle / virtualInstructions);
      const moves = movesOf(form);
      const executed = { ...charges, instructionsPerCycle: (native - moves) * virtualInstructions };
      const estimated = estimatedCycles(executed, cost) / virtualInstructions + moves * REGISTER_MOVE_CYCLES;
      timings.push({ program, form, real: cycles, estimated });
    }
    process.stderr.write(`${bodies}\n`);
  }
  return timings;
}

/** How far speedups over a form are off, as ratios of estimate and clock. */
function speedupRatios(timings: readonly Timing[], over: string): number[] {
  return timings.flatMap(({ program, form, real, estimated }) => {
    const base = timings.find((other) => other.form === over && other.program === program);
    return base === undefined || form === over ? [] : [base.estimated / estimated / (base.real / real)];
  });
}

/** Estimate over clock of each form, the geometric mean over its programs. */
function meanRatios(timings: readonly Timing[]): (readonly [form: string, ratio: number])[] {
  return [...new Set(timings.map(({ form }) => form))].map((form) => {
    const logs = timings.filter((timing) => timing.form === form).map(({ real, estimated }) => Math.log(estimated / real));
    return [form, Math.exp(mean(logs))];
  });
}

/** How far the mean speedups of forms over one are off. */
function formRatios(timings: readonly Timing[], over: string): number[] {
  const ratios = meanRatios(timings);
  const base = ratios.find(([form]) => form === over)?.[1];
  return base === undefined ? [] : ratios.flatMap(([form, ratio]) => (form === over ? [] : base / ratio));
}

/** Timings of one form or program, as cells: means of clock and estimate, their ratio, and the rms factor. */
function cellsOf(name: string, own: readonly Timing[]): string[] {
  const [real, estimated] = [mean(own.map((timing) => timing.real)), mean(own.map((timing) => timing.estimated))];
  const off = rmsFactor(own.map((timing) => timing.estimated / timing.real));
  return [name, real.toFixed(2), estimated.toFixed(2), (estimated / real).toFixed(2), off.toFixed(2)];
}

function print(timings: readonly Timing[]): void {
  const rowsBy = (key: "form" | "program"): string[][] =>
    [...new Set(timings.map((timing) => timing[key]))].map((name) =>
      cellsOf(
        name,
        timings.filter((timing) => timing[key] === name),
      ),
    );
  const head = (first: string): string[] => [first, "cycles by the clock", "estimated", "ratio of means", "rms factor"];
  const lines = [head("form"), ...rowsBy("form"), head("program"), ...rowsBy("program")];
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const text = lines.map((line) => {
    const unlike = FORMS[line[0]]?.unlike;
    return `${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ")}${unlike === undefined ? "" : `  (${unlike})`}`;
  });
  const apart = (keep: (timing: Timing) => boolean): string => {
    const kept = timings.filter(keep);
    const over = (form: string): string => {
      const ratios = speedupRatios(kept, form);
      return ratios.length === 0 ? "–" : rmsFactor(ratios).toFixed(2);
    };
    const means = (form: string): string => {
      const ratios = formRatios(kept, form);
      return ratios.length === 0 ? "–" : rmsFactor(ratios).toFixed(2);
    };
    const cycles = rmsFactor(kept.map(({ real, estimated }) => estimated / real)).toFixed(2);
    return (
      `cycles ${cycles}, speedups over switch.clang-19 ${over("switch.clang-19")}, over switch.gcc ${over("switch.gcc")}; ` +
      `of each form's mean over programs: cycles ${rmsFactor(meanRatios(kept).map(([, ratio]) => ratio)).toFixed(2)}, ` +
      `speedups ${means("switch.clang-19")} and ${means("switch.gcc")}`
    );
  };
  process.stdout.write(
    [
      ...text,
      "",
      `rms factors of all ${timings.length}: ${apart(() => true)}`,
      `without gcc's switch: ${apart(({ form }) => form !== "switch.gcc")}`,
      "",
    ].join("\n"),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { machine: { type: "string", default: "zen-4" }, size: { type: "string", default: "test" } },
  });
  const [path = `${FOLDER}zen4.csv`] = positionals;
  if (!existsSync(path)) {
    process.stderr.write(`no such file of timings: ${path}\n`);
    process.exitCode = 2;
  } else print(await compareTimings(path, values.machine, values.size === "full" ? "full" : "test"));
}
