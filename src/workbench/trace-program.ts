// `trace` as functions: writes a program's execution for other simulators, either its native branches under a technique, in any
// format that can be written, or its virtual instructions.

import type { MeasuredBodies } from "../bodies/measured-bodies.ts";
import { runWithBodies } from "../bodies/with-bodies.ts";
import { NO_PROFILE } from "../dispatch/profile.ts";
import type { Technique } from "../dispatch/techniques.ts";
import { type Program, type Size, startOnGuest } from "../guests/programs.ts";
import { measure } from "../lab/lab.ts";
import { createTrainer, profileHere } from "../lab/training.ts";
import { createRecordedRun } from "../recordings/recorded-run.ts";
import type { Provenance, RecordingWriter, WritableBlocks } from "../recordings/recording.ts";
import { type BranchTrace, createBranchTrace } from "./branch-trace.ts";

export interface NativeTraceRequest {
  readonly program: Program;
  readonly technique: Technique;
  readonly size: Size;
  readonly maxInstructions: number;
  readonly layoutSeed: number;
  /** Training programs; default: all others of ours in the same language. */
  readonly train?: readonly Program[];
  readonly bodies?: MeasuredBodies;
  /** Begins the file. */
  readonly createWriter: (blocks: WritableBlocks, provenance: Provenance) => RecordingWriter;
  readonly provenance: Provenance;
}

/**
 * Runs a program and writes the native branches of a technique.
 * @throws RunError when the program fails
 */
export async function traceNative(request: NativeTraceRequest): Promise<{ readonly branches: number; readonly instructions: number }> {
  const { program, technique, size, layoutSeed, createWriter } = request;
  let branches = 0;
  const recorded = createRecordedRun((ids, count, executed) => {
    writer.blocks(ids, count);
    branches += executed;
  });
  const writer = createWriter(recorded.blocks, {
    ...request.provenance,
    program: program.id,
    programSha256: program.sha256,
    technique: technique.name,
    size,
    ...(layoutSeed === 0 ? {} : { layoutSeed: String(layoutSeed) }),
    ...(request.bodies === undefined ? {} : { bodies: request.bodies.id }),
  });
  const run = runWithBodies(program.start(size, request.maxInstructions), request.bodies);
  const opcodes = new Set(run.program.opcodes.map(({ name }) => name));
  const profile = technique.trains ? await createTrainer(request.train, profileHere(startOnGuest))(program, opcodes) : NO_PROFILE;
  const traces: BranchTrace[] = [];
  await measure(run, {
    techniques: [technique],
    frontEnds: [],
    warmup: 0,
    context: { layoutSeed, profile },
    observer(lowering) {
      const trace = createBranchTrace(lowering, recorded.sink);
      traces.push(trace);
      return trace;
    },
  });
  const [trace] = traces;
  recorded.finish();
  writer.symbols?.(trace.sites(`${program.id}, ${technique.name}`));
  writer.finish(trace.instructions());
  return { branches, instructions: trace.instructions() };
}

/** A field of CSV. */
const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * Runs a program and writes its virtual instructions in the order in which they executed, as CSV: `virtual_address,opcode`.
 * @throws RunError when the program fails
 */
export function traceVirtual(program: Program, size: Size, maxInstructions: number, write: (bytes: Uint8Array) => void): number {
  const run = program.start(size, maxInstructions);
  const virtual = run.program;
  const lines: Buffer[] = [];
  let instructions = 0;
  write(Buffer.from("virtual_address,opcode\n"));
  run.run((ids, count) => {
    // now, because instructions may be rewritten later
    for (let block = lines.length; block < virtual.blockCount; block++) {
      const start = virtual.blockStart(block);
      const addresses = Array.from({ length: virtual.blockLength(block) }, (_, i) => start + i);
      const text = addresses.map((address) => `${address},${quoted(virtual.opcodes[virtual.opcodeAt(address)].name)}\n`);
      lines.push(Buffer.from(text.join("")));
    }
    for (let i = 0; i < count; i++) {
      write(lines[ids[i]]);
      instructions += virtual.blockLength(ids[i]);
    }
  });
  return instructions;
}
