// The inputs of a study: programs with their sizes, and recordings, each identified by a checksum.
import { statSync } from "node:fs";
import { UsageError } from "../../errors.ts";
import { digestFile } from "../../files/digest.ts";
import { STANDARD_INPUT_NAME } from "../../files/kept-inputs.ts";
import { findProgram, programIds, type Size } from "../../guests/programs.ts";
import { findRecording, recordingKinds } from "../../recordings/find-recording.ts";
import { likelyLength } from "../../simulate/length.ts";
import { filesLike, isPattern } from "./file-pattern.ts";
import { atLater } from "./specs.ts";
import type { StudyFile, StudyPath } from "./study.ts";

/** One input in one size. */
export interface StudyInput {
  readonly input: string;
  /** The first 16 hexadecimal digits. */
  readonly sha256: string;
  /** Undefined for a recording. */
  readonly size: Size | undefined;
  /** Length of a replay, in replays of 100 thousand blocks, known or assumed. */
  readonly length: number;
}

const asList = <T>(one: T | readonly T[]): readonly T[] => (Array.isArray(one) ? one : [one as T]);

/** The programs or files that a text names. */
function namedBy(study: StudyFile, path: StudyPath, text: string): readonly string[] {
  if (text === "all") return programIds();
  if (!isPattern(text)) return [text];
  const files = filesLike(text);
  if (files.length === 0) throw study.error(path, `no file is called like ${text}`);
  return files;
}

async function read(input: string, sizes: readonly Size[]): Promise<StudyInput[]> {
  if (input === STANDARD_INPUT_NAME) throw new UsageError("expected a program or a file that can be read again, got standard input (-)");
  const ours = programIds().includes(input);
  const recording = ours ? undefined : await findRecording(input);
  if (recording !== undefined) {
    const sha256 = await digestFile(input, statSync(input).size).sha256;
    return [{ input, sha256: sha256.slice(0, 16), size: undefined, length: likelyLength(recording, "test") }];
  }
  const program = await findProgram(input, ours ? [] : await recordingKinds());
  // sizes are those of the study, in which other programs have two
  const own = program.sized ? sizes : (["test"] as const);
  return own.map((size) => ({ input: program.id, sha256: program.sha256, size, length: likelyLength(program, size) }));
}

/** The inputs in the order of the study, each once. @throws UsageError for what is unknown or cannot be read */
export async function readInputs(study: StudyFile): Promise<StudyInput[]> {
  const { inputs, sizes = ["test"] } = study.study;
  const found = new Map<string, StudyInput>();
  for (const [index, entry] of inputs.entries()) {
    const own = typeof entry === "string" ? { input: entry } : entry;
    for (const [i, text] of asList(own.input).entries()) {
      const path: StudyPath =
        typeof entry === "string" ? ["inputs", index] : ["inputs", index, "input", ...(Array.isArray(own.input) ? [i] : [])];
      for (const input of namedBy(study, path, text)) {
        for (const one of await atLater(study, path, () => read(input, asList(("sizes" in own ? own.sizes : undefined) ?? sizes))))
          found.set(JSON.stringify([one.input, one.size]), one);
      }
    }
  }
  return [...found.values()];
}
