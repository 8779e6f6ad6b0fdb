// What decides some claims better than a simulation: code that installed compilers make, and cycles that this processor takes. Asked
// only where users say so: the answers differ from machine to machine.
import { cpus } from "node:os";
import { UsageError } from "../errors.ts";
import { readMachines } from "../front-end/front-end.ts";
import { type Machine, unfitForPrograms } from "../front-end/machines/machine.ts";
import { FORTH } from "../guests/languages.ts";
import { findProgram, programIds } from "../guests/programs.ts";
import { type CompilersReport, examineCompilers } from "../host/compilers/compilers.ts";
import { time } from "../host/time/time.ts";
import type { Session } from "../jobs/session.ts";
import { simulateIn } from "../simulate/simulate.ts";
import { generates, isForm } from "../validation/native-programs.ts";
import type { Claim, EvidenceKind, Finding } from "./claim.ts";
import { type Clock, createClock } from "./clock.ts";

/** What users want asked. */
export interface Deciders {
  /** Installed compilers decide claims about what compilers do. */
  readonly compilers?: boolean;
  /** This processor's clock decides claims about time. */
  readonly time?: boolean;
  /** One machine, mostly ./host.json of `bplab calibrate`: its measured costs decide, and its estimate where there is no clock. */
  readonly machine?: string;
}

/** What has been asked. */
export interface Answers {
  readonly report: CompilersReport | undefined;
  readonly clock: Clock | undefined;
  readonly clockEvidence: EvidenceKind;
  readonly machine: Machine | undefined;
  /** What could not be compiled or timed, and what makes times doubtful: a line each. */
  readonly doubts: readonly string[];
}

const RUNS = 5;

async function forthPrograms(): Promise<string[]> {
  const found = await Promise.all(programIds().map((id) => findProgram(id)));
  return found.filter(({ language }) => language === FORTH).map(({ id }) => id);
}

async function timed(techniques: readonly string[], doubts: string[], onProgress?: (what: string) => void): Promise<Clock> {
  const { rows, skipped, notes } = await time({
    inputs: await forthPrograms(),
    technique: techniques.join(","),
    runs: RUNS,
    onProgress,
  });
  const merged = new Set(rows.filter((row) => row.merged).map(({ technique, compiler }) => `${technique}, ${compiler}`));
  doubts.push(...skipped, ...notes.filter((note) => !note.startsWith("no counters")));
  for (const name of merged) doubts.push(`${name}: the compiler merged its dispatches, so its times are left out`);
  const compilers = [...new Set(rows.map(({ compiler }) => compiler))].join(", ");
  return createClock(
    `by the clock (${cpus()[0]?.model.trim() ?? process.arch}, ${compilers})`,
    rows.filter((row) => !row.merged),
  );
}

async function estimated(techniques: readonly string[], machine: string, session: Session): Promise<Clock> {
  const inputs = await forthPrograms();
  const { rows } = await simulateIn(session, { inputs, technique: techniques.join(","), machine, sites: false });
  return createClock(
    `by estimate on ${machine}`,
    rows.flatMap(({ kind, program, technique, estimatedCycles }) =>
      kind === "all" && estimatedCycles !== undefined ? [{ program, technique, cycles: estimatedCycles }] : [],
    ),
  );
}

/**
 * Asks compilers and clocks what some claims need.
 * @throws UsageError when no compiler is installed, or the machine is none; RunError when nothing could be compiled or timed
 */
export async function ask(
  claims: readonly Claim[],
  { compilers = false, time: clocked = false, machine: name }: Deciders,
  session: Session,
  onProgress?: (what: string) => void,
): Promise<Answers> {
  const doubts: string[] = [];
  const machine = name === undefined ? undefined : (await readMachines(name))[0].machine;
  const unfit = machine && unfitForPrograms(machine);
  if (unfit !== undefined) throw new UsageError(`machine ${name}: ${unfit}: choose another one`);
  const report =
    compilers && claims.some(({ byCompilers }) => byCompilers !== undefined) ? examineCompilers(undefined, onProgress) : undefined;
  if (report !== undefined) doubts.push(...report.skipped);
  const wanted = [...new Set(claims.flatMap(({ byClock }) => byClock?.techniques ?? []))];
  const native = wanted.filter((technique) => isForm(technique) || generates);
  let clock: Clock | undefined;
  if (clocked && native.length > 0) clock = await timed(native, doubts, onProgress);
  else if (name !== undefined && wanted.length > 0) clock = await estimated(wanted, name, session);
  return { report, clock, clockEvidence: clocked ? "clock" : "assumption", machine, doubts };
}

/** What answers say of a claim, before what its model says; the model's finding where they say nothing. */
export function decide(
  { byCompilers, byClock, byMachine }: Claim,
  { report, clock, clockEvidence, machine }: Answers,
  model: Finding,
): Finding {
  const compiled = report && byCompilers?.(report);
  const measured = machine && byMachine?.(machine);
  const found = clock && byClock?.judge(clock);
  const [finding, evidence]: [Finding | undefined, EvidenceKind] =
    compiled !== undefined ? [compiled, "compiler"] : measured !== undefined ? [measured, "clock"] : [found, clockEvidence];
  return finding === undefined ? model : { ...finding, evidence, measured: `${finding.measured}. In the model: ${model.measured}` };
}
