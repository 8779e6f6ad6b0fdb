// What several tests need: programs made up of blocks, runs of them, and the lab's commands run as users run them.
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LayoutContext } from "../dist/src/dispatch/native-code.js";
import type { Profile } from "../dist/src/dispatch/profile.js";
import { readFrontEnds, readTechniques } from "../dist/src/index.js";
import { measure } from "../dist/src/lab/lab.js";
import type { CacheGeometry } from "../dist/src/replay/hardware-cache.js";
import type { Counts } from "../dist/src/replay/statistics.js";
import type { VirtualRun } from "../dist/src/trace/run.js";
import type { Flow, Opcode, VirtualProgram } from "../dist/src/trace/virtual.js";
import { runInServer, runsInServer } from "./command-server.js";

/** An opcode with a plain body. */
export function opcode(name: string, flow: Flow = "next"): Opcode {
  return {
    name,
    flow,
    operands: 0,
    bodyBytes: 20 + name.length,
    nativeInstructions: 5,
    conditionalBranches: 0,
    helperCalls: 0,
    relocatable: true,
  };
}

/** A program of blocks that stand one behind the other; each is a list of opcode names. Its last instructions may transfer control. */
export function blockProgram(blocks: readonly (readonly string[])[]): VirtualProgram {
  const names = [...new Set(blocks.flat())];
  const last = new Set(blocks.map((block) => block[block.length - 1]));
  const opcodes = names.map((name) => opcode(name, last.has(name) ? "conditional" : "next"));
  const code = blocks.flat().map((name) => names.indexOf(name));
  const starts: number[] = [];
  let at = 0;
  for (const block of blocks) {
    starts.push(at);
    at += block.length;
  }
  const ends = new Set(starts.map((start, i) => start + blocks[i].length - 1));
  return {
    opcodes,
    opcodeAt: (address) => code[address] ?? -1,
    flowAt: (address) => (ends.has(address) ? "conditional" : "next"),
    addressCount: code.length,
    targetAt: () => -1,
    enteredAt: (address) => starts.includes(address),
    blockCount: blocks.length,
    blockStart: (block) => starts[block],
    blockLength: (block) => blocks[block].length,
    leftByHost: () => false,
  };
}

/** A run that emits the given block ids, in chunks. */
export function blockRun(program: VirtualProgram, ids: readonly number[], chunk = 7): VirtualRun {
  return {
    program,
    run(sink) {
      for (let from = 0; from < ids.length; from += chunk) {
        const part = ids.slice(from, from + chunk);
        const buffer = new Int32Array(part.length + 1);
        buffer.set(part);
        sink(buffer, part.length, from + chunk < ids.length ? ids[from + chunk] : -1);
      }
    },
  };
}

/** All block ids of a run, in order. */
export function recordBlocks(run: VirtualRun): number[] {
  const ids: number[] = [];
  run.run((chunk, count) => {
    for (let i = 0; i < count; i++) ids.push(chunk[i]);
  });
  return ids;
}

/** What a run executes. */
export interface Execution {
  readonly ids: number[];
  /** Of every instruction: virtual address, and the opcode that stood there. */
  readonly addresses: number[];
  readonly opcodes: number[];
}

/** Runs a program as replays see it: a block is expanded when its id first comes, with the opcodes that stand there then. */
export function execute(run: VirtualRun): Execution {
  const { program } = run;
  const expanded: { readonly addresses: readonly number[]; readonly opcodes: readonly number[] }[] = [];
  const execution: Execution = { ids: [], addresses: [], opcodes: [] };
  run.run((chunk, count, next) => {
    for (let id = expanded.length; id < program.blockCount; id++) {
      const addresses = Array.from({ length: program.blockLength(id) }, (_, i) => program.blockStart(id) + i);
      expanded.push({ addresses, opcodes: addresses.map((address) => program.opcodeAt(address)) });
    }
    for (let i = 0; i < count; i++) {
      const { addresses, opcodes } = expanded[chunk[i]];
      execution.ids.push(chunk[i]);
      for (const address of addresses) execution.addresses.push(address);
      for (const opcode of opcodes) execution.opcodes.push(opcode);
    }
    // as the lab does
    chunk[count] = next;
  });
  return execution;
}

/** The profile of an executed sequence of addresses, worked out instruction by instruction. */
export function loopProfile(program: VirtualProgram, addresses: readonly number[]): Profile {
  const runs = new Map<string, { opcodes: string[]; count: number }>();
  let opcodes: string[] = [];
  addresses.forEach((address, i) => {
    opcodes.push(program.opcodes[program.opcodeAt(address)].name);
    const following = addresses[i + 1];
    if (following === address + 1 && program.flowAt(address) === "next" && !program.enteredAt(following)) return;
    const key = opcodes.join(" ");
    const known = runs.get(key) ?? { opcodes, count: 0 };
    known.count++;
    runs.set(key, known);
    opcodes = [];
  });
  return { programs: ["itself"], runs: [...runs.values()] };
}

/** Counts of every technique and predictor, by "technique predictor". */
export async function countAll(
  run: VirtualRun,
  technique: string,
  predictor: string,
  { warmup = 0, context }: { readonly warmup?: number; readonly context?: LayoutContext } = {},
): Promise<Map<string, Counts>> {
  const measurements = await measure(run, {
    techniques: await readTechniques(technique),
    frontEnds: await readFrontEnds(predictor),
    warmup,
    context,
  });
  return new Map(measurements.map((m) => [`${m.technique.name} ${m.frontEnd.name}`, m.counts]));
}

export const BIN = new URL("../dist/src/bin.js", import.meta.url).pathname;

/** The executable of the modules, whether there is a bundle or not. */
export const MODULES_BIN = new URL("./modules-bin.mjs", import.meta.url).pathname;

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface CommandOptions {
  readonly cwd?: string;
  readonly input?: string;
  /** Beside the environment of the tests, or in its place. */
  readonly env?: Readonly<Record<string, string>>;
  /** In a process of its own, which writes into pipes. */
  readonly ownProcess?: boolean;
}

/**
 * Runs `bplab …` as a user would. Commands for which the process makes no difference share one (a test that needs a process of its
 * own spawns `BIN`).
 */
export function bplab(args: readonly string[], options: CommandOptions = {}): Outcome {
  if (!options.input && options.env === undefined && !options.ownProcess && runsInServer(args)) {
    const printed = runInServer(args, options.cwd ?? process.cwd(), temporaryFolder);
    if (printed !== undefined) return printed;
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    input: options.input ?? "",
    env: { ...process.env, ...options.env },
    encoding: "utf8",
    timeout: 60_000,
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}

/**
 * A script's expression for the most memory that its process held, in kilobytes. `maxRSS` alone is that of the process that
 * started it, where that held more.
 */
export const PEAK_KILOBYTES = String.raw`(process.platform === "linux"
  ? Number(/VmHWM:\s*(\d+)/.exec(process.getBuiltinModule("fs").readFileSync("/proc/self/status", "utf8"))[1])
  : process.resourceUsage().maxRSS)`;

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "bplab-test-"));
}

/** The plainest cache there is: an array of lines per set, the one used last in front. */
export function naiveCache({ bytes, ways, line }: CacheGeometry): (number: number) => boolean {
  const sets: number[][] = Array.from({ length: bytes / line / ways }, () => []);
  return (number) => {
    const set = sets[number % sets.length];
    const at = set.indexOf(number);
    if (at >= 0) set.splice(at, 1);
    set.unshift(number);
    if (set.length > ways) set.pop();
    return at >= 0;
  };
}
