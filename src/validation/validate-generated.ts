// Validates generated code: the branches that a technique puts between bodies are recorded and compared one by one with the modelled
// branches of the same run.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "../errors.ts";
import { measure } from "../lab/lab.ts";
import { measureRecording } from "../lab/measure-recording.ts";
import type { Measurement } from "../replay/lane.ts";
import type { SiteCount } from "../replay/statistics.ts";
import { captureBranches, compareStreams } from "./branch-streams.ts";
import { codeBytesOf, dispatchMisses, type ValidationRow } from "./compare.ts";
import { type Dispatches, readDispatches, recordingOf } from "./dispatches.ts";
import { readGenerated } from "./generated/generate.ts";
import { checkNative } from "./native-programs.ts";
import type { LoadedImage } from "./prepare.ts";
import { recordInterpreter } from "./record-interpreter.ts";
import { profileFor } from "./training.ts";
import { formName, type ValidationContext } from "./validate-form.ts";

const missesAt = (sites: readonly SiteCount[], addresses: ReadonlySet<number>): number =>
  sites.reduce((sum, { site, mispredictions }) => sum + (addresses.has(site.address) ? mispredictions : 0), 0);

/** One program under one technique, a row for each front end. @throws RunError when it differs from the guest */
async function validateProgram(context: ValidationContext, loaded: LoadedImage): Promise<ValidationRow[]> {
  const { technique, compiler, size, native, frontEnds, folder, trainer } = context;
  const flags = compiler.flags.join(" ");
  const { image, program } = loaded;
  const { model } = await readGenerated(technique);
  const opcodes = new Set(image.program.opcodes.map(({ name }) => name));
  const profile = await profileFor(technique, loaded, trainer);
  const built = await native.build(technique, loaded, { making: "generated", profile });
  const { generated, command, output } = built;
  if (generated === undefined) throw new Error("expected generated code");
  checkNative(built);
  const file = join(folder, "generated.bpt");
  let recorded: Dispatches;
  try {
    if ((await recordInterpreter(command, file)) !== Buffer.from(output, "utf8").toString("latin1"))
      throw new RunError("its output is not the guest's");
    const { start, end, branches } = generated;
    recorded = await readDispatches(
      file,
      (address) => address >= start && address < end,
      ({ pc }) => branches.has(pc),
    );
  } finally {
    rmSync(file, { force: true });
  }
  const captured = captureBranches();
  const measurements = await measure(image.run(), {
    techniques: [model],
    frontEnds,
    warmup: 0,
    context: { layoutSeed: 0, profile },
    observer: captured.observer,
  });
  const { difference, after, sites } = compareStreams(captured.stream(), recorded);
  const modelledSites = measurements[0].counts.siteCounts().filter(({ site }) => site.dispatch);
  const dispatchSites = new Set(modelledSites.flatMap(({ site }) => sites.get(site.address >>> 0) ?? []));
  const { measurements: replayed } = await measureRecording(recordingOf(program.id, recorded), { frontEnds, warmup: 0, hashed: false });
  const isDispatch = recorded.branches.map(({ pc }) => dispatchSites.has(pc));
  const dispatches = recorded.sequence.reduce((sum, branch) => sum + (isDispatch[branch] ? 1 : 0), 0);
  return frontEnds.map((frontEnd, i): ValidationRow => {
    const measurement = measurements.find((one) => one.frontEnd === frontEnd) as Measurement;
    const { counts } = measurement;
    const recordedMisses = missesAt(replayed[i].counts.siteCounts(), dispatchSites);
    const idealMisses = dispatchMisses(measurement);
    return {
      program: program.id,
      size,
      technique,
      making: "generated",
      compiler: compiler.command,
      flags,
      virtualInstructions: counts.virtualInstructions ?? 0,
      dispatches,
      sitesInBinary: generated.branches.size,
      sitesExecuted: dispatchSites.size,
      modelledSitesExecuted: modelledSites.length,
      nativeInstructions: recorded.ownInstructions,
      modelledNativeInstructions: counts.nativeInstructions,
      codeBytes: generated.end - generated.start,
      modelledCodeBytes: codeBytesOf(measurement),
      ownBodies: undefined,
      opcodes: opcodes.size,
      splitEntries: [],
      splitExits: [],
      dispatchesElsewhere: 0,
      kept: "kept",
      difference: difference ?? (after > MOST_AFTER ? `${after} branches were recorded after the last modelled one` : ""),
      predictor: frontEnd.name,
      recordedMisses,
      // if all branches are the same, the model with the recorded addresses equals the recording
      ownMisses: difference === undefined ? recordedMisses : idealMisses,
      idealMisses,
      idealDispatches: counts.byKind.dispatch.branches,
      worstSites: [],
    };
  });
}

/** The body of the last (halt) is entered, and where bodies are called, that is a branch. The model ends before it. */
const MOST_AFTER = 1;

/** All programs under one technique. */
export async function validateGenerated(context: ValidationContext): Promise<ValidationRow[]> {
  const { loaded, skipped, onProgress } = context;
  const name = `${formName(context)}, generated`;
  const rows: ValidationRow[] = [];
  for (const one of loaded) {
    onProgress?.(`${name}, ${one.program.id}`);
    try {
      rows.push(...(await validateProgram(context, one)));
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      skipped.push(`${one.program.id}, ${name}: ${error.message}`);
    }
  }
  return rows;
}
