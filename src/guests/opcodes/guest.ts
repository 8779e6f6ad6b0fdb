// Opcode streams: virtual instructions that some interpreter executed, logged one a line, as `opcode` or
// `address,opcode`. If an interpreter can log its opcodes, the lab can predict the effect of another technique. docs/opcode-streams.md
// says what is exact about such a stream.
import { process } from "#platform/process";
import { RunError } from "../../errors.ts";
import type { VirtualRun } from "../../trace/run.ts";
import type { BlockSink } from "../../trace/virtual.ts";
import type { Guest, StartOptions } from "../guest.ts";
import { type BlockMaker, createBlockMaker } from "./executed-blocks.ts";
import { OPCODES_FILES } from "./language.ts";
import { learn } from "./picture.ts";
import { createReader, type StreamReader } from "./reader.ts";

interface StreamRun extends VirtualRun {
  /** A summary of the stream after it has run. */
  summary(): string;
}

function read(path: string, { full, expected }: StartOptions): StreamRun {
  const reader = createReader(path, OPCODES_FILES.file);
  const roundsOf = ({ repeat }: StreamReader): number => (full ? repeat?.full : repeat?.test) ?? 1;
  const picture = learn(reader, roundsOf);
  const { virtual, apart, rewritten } = picture;
  const repeated = picture.instructions - reader.before;
  const rounds = repeated === 0 ? 1 : roundsOf(reader);
  const instructions = reader.before + repeated * rounds;
  let sink: BlockSink | undefined;
  let rewriting: ((address: number) => void) | undefined;
  const maker: BlockMaker = createBlockMaker(
    picture,
    reader.opcodes,
    (ids, count, next) => sink?.(ids, count, next),
    (address) => rewriting?.(address),
  );

  function summary(): string {
    const { addresses } = reader;
    const lines: [number | string, string][] = [
      [instructions, "executed instructions"],
      [reader.opcodes.length, "distinct opcodes"],
      addresses === undefined ? ["no", "addresses: each opcode counts as one"] : [addresses.length, "addresses"],
      [rewritten.reduce((sum, flag) => sum + flag, 0), "addresses rewritten (quickened)"],
      [maker.program.blockCount, "blocks"],
    ];
    return lines.map(([count, what]) => `${String(count).padStart(10)} ${what}\n`).join("");
  }
  return {
    program: maker.program,
    summary,
    run(to, rewritten) {
      sink = to;
      rewriting = rewritten;
      const execute = (address: number, opcode: number): void => maker.execute(virtual[address], opcode);
      if (apart < 0) {
        reader.read(execute);
      } else {
        let first = true;
        reader.read((address, opcode) => {
          maker.execute(first ? apart : virtual[address], opcode);
          first = false;
        });
      }
      for (let round = 1; round < rounds; round++) reader.readRepeated(execute);
      maker.finish();
      if (expected !== undefined && summary() !== expected) {
        throw new RunError(`${path}: the stream is not what it must be: ${summary().trim().replace(/\s+/g, " ")}`);
      }
    },
  };
}

/** An opcode stream cannot be run: prints a summary to standard output. */
function execute(path: string, _words: readonly string[], options: StartOptions): number {
  const run = read(path, options);
  run.run(() => {});
  process.stdout.write(run.summary());
  return 0;
}

export const opcodes: Guest = { start: read, execute };
