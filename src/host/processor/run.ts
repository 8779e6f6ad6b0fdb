// Compiles measure.c with the installed compiler and runs it.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RunError, UsageError } from "../../errors.ts";
import { findCommand } from "../../files/find-command.ts";

const SOURCE = fileURLToPath(new URL("../../../../src/host/processor/measure.c", import.meta.url));
const COMPILERS = ["gcc", "clang", "cc"];
/** Time limit of the whole measurement. */
const LONGEST_SECONDS = 300;
const MOST_OUTPUT = 1 << 26;

export interface MeasureRequest {
  /** The compiler; default: the first that is installed of gcc, clang and cc. */
  readonly cc?: string;
  readonly rounds: number;
  /** No further round begins after this time. */
  readonly seconds: number;
  /** The processor to run on, if the system allows the choice, or all of them in turn; default: the one that it starts on. */
  readonly cpu?: number | "all";
  /** @param round from 0. @param curve that is being measured. @param points measured so far in total */
  readonly onProgress?: (round: number, curve: string, points: number) => void;
}

export interface Measured {
  /** Output of measure.c. */
  readonly text: string;
  /** The compiler's version message. */
  readonly compiler: string;
  readonly command: string;
}

/** @throws UsageError when there is no compiler */
export function findCompiler(asked: string | undefined): string {
  const names = asked === undefined ? COMPILERS : [asked];
  const found = names.find((name) => findCommand(name) !== undefined);
  if (found === undefined)
    throw new UsageError(
      asked === undefined
        ? `measuring needs a C compiler (${COMPILERS.join(", ")}), and there is none on the PATH: apt-get install gcc libc6-dev`
        : `--cc: expected a C compiler on the PATH, got ${asked}, which is not there`,
    );
  return found;
}

/** @throws RunError when the compiler fails */
function compileMeasure(compiler: string, path: string): void {
  const { status, signal, stderr, error } = spawnSync(compiler, ["-O2", "-w", "-o", path, SOURCE], { encoding: "utf8", timeout: 120_000 });
  if (error === undefined && status === 0) return;
  const why = error?.message ?? stderr.split("\n").find((line) => line.includes("error")) ?? signal ?? `exit code ${status}`;
  throw new RunError(`${compiler} cannot compile what measures: ${why}; are the C library's headers there (apt-get install libc6-dev)?`);
}

function runMeasure(path: string, { rounds, seconds, cpu, onProgress }: MeasureRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = [rounds, seconds, ...(cpu === undefined ? [] : [cpu])].map(String);
    const child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"], timeout: LONGEST_SECONDS * 1000, killSignal: "SIGKILL" });
    let text = "";
    let problem = "";
    let points = 0;
    child.stdout.setEncoding("latin1").on("data", (piece: string) => {
      text += piece;
      if (text.length > MOST_OUTPUT) child.kill("SIGKILL");
      for (const [, round, curve] of piece.matchAll(/^point (\d+) (\S+) /gm)) onProgress?.(Number(round), curve, ++points);
    });
    child.stderr.setEncoding("utf8").on("data", (piece: string) => {
      problem += piece;
    });
    child.on("error", (error) => reject(new RunError(`measuring: ${error.message}`)));
    child.on("close", (status, signal) => {
      const said = problem.trim().split("\n")[0];
      if (status === 0) resolve(text);
      else if (status === 2) reject(new UsageError(`--cpu: ${said}`));
      else reject(new RunError(`measuring failed (${signal ?? `exit code ${status}`})${said === "" ? "" : `: ${said}`}`));
    });
  });
}

/**
 * Measures the processor that it runs on.
 * @throws UsageError when there is no compiler or no such processor, RunError when compiling or measuring fails
 */
export async function measureProcessor(request: MeasureRequest): Promise<Measured> {
  const compiler = findCompiler(request.cc);
  const folder = mkdtempSync(join(tmpdir(), "bplab-calibrate-"));
  try {
    const path = join(folder, "measure");
    compileMeasure(compiler, path);
    const version = spawnSync(compiler, ["--version"], { encoding: "utf8" }).stdout?.split("\n")[0] ?? "";
    return { text: await runMeasure(path, request), compiler: version, command: compiler };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
