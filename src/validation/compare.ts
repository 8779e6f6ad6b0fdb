// Compares one program in one binary: the recording, the model with the binary's own sites, and the model with the technique's ideal
// sites.

import type { MeasuredBodies } from "../bodies/measured-bodies.ts";
import { runWithBodies } from "../bodies/with-bodies.ts";
import { INDIRECT_CALL, INDIRECT_JUMP } from "../branch.ts";
import type { Technique } from "../dispatch/techniques.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Size } from "../guests/programs.ts";
import { measure } from "../lab/lab.ts";
import { measureRecording } from "../lab/measure-recording.ts";
import type { Measurement } from "../replay/lane.ts";
import type { SiteCount } from "../replay/statistics.ts";
import type { VirtualRun } from "../trace/run.ts";
import { type Alignment, elsewhere } from "./alignment.ts";
import type { Binary } from "./binary.ts";
import { binaryTechnique } from "./binary-layout.ts";
import { CALLING_FORMS } from "./c-forms.ts";
import { type Dispatches, recordingOf } from "./dispatches.ts";
import type { Making } from "./native-programs.ts";
import type { Kept } from "./undone.ts";

/** One program in one binary. */
export interface ValidationSubject {
  readonly program: string;
  readonly size: Size;
  readonly technique: string;
  /** Origin of the native code: compiled as a whole, generated from compiled bodies, or installed. */
  readonly making: Making | "installed";
  readonly compiler: string;
  readonly flags: string;
}

/** Results of one program in one binary that do not depend on the predictor. */
export interface ValidatedRun extends ValidationSubject {
  /** Virtual instructions of the interpreter, marks between runs included. */
  readonly virtualInstructions: number;
  readonly dispatches: number;
  /** Dispatch sites that the compiler left, those that executed, and those of the technique that executed. */
  readonly sitesInBinary: number;
  readonly sitesExecuted: number;
  readonly modelledSitesExecuted: number;
  /** Native instructions in the interpreter's own functions, and the model's. */
  readonly nativeInstructions: number;
  readonly modelledNativeInstructions: number;
  /** Bytes of the interpreter's functions, and the model's. */
  readonly codeBytes: number;
  readonly modelledCodeBytes: number;
  /** The model's with the bodies measured in this binary; undefined if they have no addresses. */
  readonly ownBodies: { readonly nativeInstructions: number; readonly codeBytes: number } | undefined;
  /** Executed opcodes, and those entered at more than one address, or left through more than one site per direction. */
  readonly opcodes: number;
  readonly splitEntries: readonly string[];
  readonly splitExits: readonly string[];
  /** Dispatches through a site other than the opcode's most frequent one in that direction. */
  readonly dispatchesElsewhere: number;
  /** How the compiler changed the technique's dispatch. */
  readonly kept: Kept;
  /** For generated code: the first difference between its branches and the modelled ones, in a sentence; "" if there is none. */
  readonly difference: string;
}

/** The same under one predictor. */
export interface ValidationRow extends ValidatedRun {
  readonly predictor: string;
  readonly recordedMisses: number;
  /** Modelled with the binary's own sites and addresses. */
  readonly ownMisses: number;
  /** Modelled with the technique's ideal sites. */
  readonly idealMisses: number;
  readonly idealDispatches: number;
  /** The sites that differ most: address, owners, recorded minus modelled misses. */
  readonly worstSites: readonly { readonly address: number; readonly owners: readonly string[]; readonly difference: number }[];
}

/** One interpreter for all programs. */
export interface ValidatedBinary extends Omit<ValidationSubject, "program" | "size" | "making"> {
  /** The merge map from its recordings, in the form of native-code/*.sites.csv. */
  readonly map: string;
  /** The sizes of its bodies, in the form of native-code/*.csv. @throws RunError if bodies have no addresses */
  bodies(): string;
}

const WORST_SITES = 3;

export const dispatchMisses = ({ counts }: Pick<Measurement, "counts">): number => counts.byKind.dispatch.mispredictions ?? 0;

export const codeBytesOf = ({ counts: { footprint } }: Measurement): number =>
  (footprint?.bytes.body ?? 0) + (footprint?.bytes.dispatch ?? 0) + (footprint?.bytes.generated ?? 0);

/** Recorded against modelled misses of each site, the greatest differences first. */
function compareSites(recorded: readonly SiteCount[], modelled: readonly SiteCount[], { bodies }: Alignment, names: readonly string[]) {
  const differences = new Map<number, number>();
  for (const { site, mispredictions } of recorded) differences.set(site.address, mispredictions);
  for (const { site, mispredictions } of modelled) differences.set(site.address, (differences.get(site.address) ?? 0) - mispredictions);
  return [...differences]
    .filter(([, difference]) => difference !== 0)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .slice(0, WORST_SITES)
    .map(([address, difference]) => ({
      address,
      owners: bodies.flatMap(({ opcode, exits, takenExits }) =>
        [...exits, ...takenExits].some(([site]) => (site | 0) === address) ? names[opcode] : [],
      ),
      difference,
    }));
}

export interface RecordedInterpreter {
  readonly dispatches: Dispatches;
  readonly alignment: Alignment;
}

/**
 * Compares one program in one binary.
 * @param start starts the program, which runs several times
 */
export async function compare(
  subject: ValidationSubject,
  start: () => VirtualRun,
  binary: Pick<Binary, "sites" | "codeBytes"> & { readonly kept: Kept },
  { dispatches, alignment }: RecordedInterpreter,
  technique: Technique,
  bodies: MeasuredBodies | undefined,
  frontEnds: readonly FrontEnd[],
): Promise<ValidationRow[]> {
  const kind = CALLING_FORMS.includes(subject.technique) ? INDIRECT_CALL : INDIRECT_JUMP;
  const own = binaryTechnique(alignment, kind);
  const measurements = await measure(start(), { techniques: [technique, own], frontEnds, warmup: 0 });
  const { measurements: recorded } = await measureRecording(recordingOf(subject.program, dispatches), {
    frontEnds,
    warmup: 0,
    hashed: false,
  });
  const [remeasured] =
    bodies === undefined
      ? []
      : await measure(runWithBodies(start(), bodies), { techniques: [technique], frontEnds: frontEnds.slice(0, 1), warmup: 0 });
  const names = start().program.opcodes.map(({ name }) => name);
  const split = (is: (body: Alignment["bodies"][number]) => boolean): string[] =>
    alignment.bodies.filter(is).map(({ opcode }) => names[opcode]);
  return frontEnds.map((frontEnd, i) => {
    const found = (of: Technique): Measurement => {
      const measurement = measurements.find((other) => other.technique === of && other.frontEnd === frontEnd);
      if (measurement === undefined) throw new Error(`no measurement of ${of.name}`);
      return measurement;
    };
    const ideal = found(technique);
    return {
      ...subject,
      virtualInstructions: alignment.virtualInstructions,
      dispatches: dispatches.sequence.length,
      sitesInBinary: binary.sites.length,
      sitesExecuted: new Set(dispatches.branches.map(({ pc }) => pc)).size,
      modelledSitesExecuted: ideal.counts.siteCounts().filter(({ site }) => site.dispatch).length,
      nativeInstructions: dispatches.ownInstructions,
      modelledNativeInstructions: ideal.counts.nativeInstructions,
      codeBytes: binary.codeBytes,
      modelledCodeBytes: codeBytesOf(ideal),
      ownBodies: remeasured && { nativeInstructions: remeasured.counts.nativeInstructions, codeBytes: codeBytesOf(remeasured) },
      opcodes: alignment.bodies.length,
      splitEntries: split(({ entries }) => entries.length > 1),
      splitExits: split(({ exits, takenExits }) => exits.length > 1 || takenExits.length > 1),
      dispatchesElsewhere: alignment.bodies.reduce((sum, { exits, takenExits }) => sum + elsewhere(exits) + elsewhere(takenExits), 0),
      kept: binary.kept,
      difference: "",
      predictor: frontEnd.name,
      recordedMisses: recorded[i].counts.byKind.indirect.mispredictions ?? 0,
      ownMisses: dispatchMisses(found(own)),
      idealMisses: dispatchMisses(ideal),
      idealDispatches: ideal.counts.byKind.dispatch.branches,
      worstSites: compareSites(recorded[i].counts.siteCounts(), found(own).counts.siteCounts(), alignment, names),
    };
  });
}
