// Tapes of programs in memory, for a process that runs the same few programs again and again: the explorer's worker, in which a
// slider asks for queens on another front end many times a second.
import { playTape, taped, tapeOf } from "../../trace/tape.ts";
import { MOST_MEMORY_BYTES } from "../../trace/tape-file.ts";
import type { Starter } from "../programs.ts";

/** Tapes that are kept: those that were used longest ago go first. */
const MOST_TAPES = 4;

/** Starts programs from the tapes of earlier runs. Only for programs that read no files beside their own source. */
export function startFromMemory(): Starter {
  const tapes = new Map<string, Uint8Array>();
  return (program, size, maxInstructions) => {
    if (program.language.taped) return program.start(size, maxInstructions);
    const key = JSON.stringify([program.id, program.sha256, size, maxInstructions]);
    const known = tapes.get(key);
    if (known !== undefined) {
      tapes.delete(key);
      tapes.set(key, known);
      return playTape(tapeOf(known));
    }
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    const recording = taped(
      program.start(size, maxInstructions),
      () => "",
      (piece) => {
        bytes += piece.length;
        if (bytes <= MOST_MEMORY_BYTES) pieces.push(piece.slice());
      },
    );
    return {
      program: recording.program,
      run(sink, rewritten) {
        recording.run(sink, rewritten);
        if (bytes > MOST_MEMORY_BYTES) return;
        const tape = new Uint8Array(bytes);
        let at = 0;
        for (const piece of pieces) {
          tape.set(piece, at);
          at += piece.length;
        }
        tapes.set(key, tape);
        const [oldest] = tapes.keys();
        if (tapes.size > MOST_TAPES) tapes.delete(oldest);
      },
    };
  };
}
