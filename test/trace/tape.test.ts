// Tapes: what plays from one is what was taped, chunk by chunk, and what is damaged does not play.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createByteReader, createByteWriter } from "../../dist/src/files/bytes.js";
import { findProgram, programIds } from "../../dist/src/index.js";
import { createBlockDecoder, createBlockEncoder } from "../../dist/src/trace/block-coding.js";
import type { VirtualRun } from "../../dist/src/trace/run.js";
import { endOfTape, isWhole, playTape, taped, tapeOf } from "../../dist/src/trace/tape.js";
import type { VirtualProgram } from "../../dist/src/trace/virtual.js";
import { blockProgram, blockRun, temporaryFolder } from "../support.ts";

const LIMIT = 250_000_000;

/** Everything that can be seen of a program. */
function picture(program: VirtualProgram): string {
  const hash = createHash("sha256");
  for (const opcode of program.opcodes) hash.update(JSON.stringify(Object.entries(opcode).sort()));
  for (let address = 0; address < program.addressCount; address++) {
    const opcode = Math.max(-1, program.opcodeAt(address));
    hash.update(`${opcode} ${program.flowAt(address)} ${program.targetAt(address)} ${program.enteredAt(address)}\n`);
  }
  for (let block = 0; block < program.blockCount; block++)
    hash.update(`${program.blockStart(block)} ${program.blockLength(block)} ${program.leftByHost(block)}\n`);
  return hash.digest("hex");
}

/** What a run shows: the program before it and at every chunk, and every chunk. */
function pictures(run: VirtualRun): string[] {
  const seen = [picture(run.program)];
  run.run((ids, count, next) => {
    seen.push(`${createHash("sha256").update(ids.subarray(0, count)).digest("hex")} ${count} ${next} ${picture(run.program)}`);
    // as the lab does
    ids[count] = next;
  });
  return [...seen, picture(run.program)];
}

/** Runs something, and gives its tape. */
function tapeFrom(run: VirtualRun, visit: (run: VirtualRun) => void = (run) => run.run(() => {})): Uint8Array {
  const pieces: Buffer[] = [];
  visit(
    taped(
      run,
      () => "what it is",
      (bytes) => pieces.push(Buffer.from(bytes)),
    ),
  );
  return Buffer.concat(pieces);
}

function expectAlike(start: () => VirtualRun): Uint8Array {
  const live = pictures(start());
  let whileTaped: string[] = [];
  const tape = tapeFrom(start(), (run) => {
    whileTaped = pictures(run);
  });
  expect(whileTaped).toEqual(live);
  expect(pictures(playTape(tapeOf(tape)))).toEqual(live);
  return tape;
}

const forth = async (source: string) => {
  const file = join(temporaryFolder(), "program.fs");
  writeFileSync(file, source);
  const program = await findProgram(file);
  return () => program.start("test", LIMIT);
};

describe("a tape", () => {
  it.each(programIds())("of %s plays what was taped, and the program as it was at every chunk", { tags: "slow" }, async (id) => {
    const program = await findProgram(id);
    expectAlike(() => program.start("test", LIMIT));
  });

  it.each([
    [
      "words that are defined while the program runs",
      `: more s" : w 1 + ; " evaluate ; : go 0 20000 0 do more loop ; ' go catch drop : x 40000 0 do i drop loop ; x`,
    ],
    ["exceptions in the midst of blocks", ": f dup 0= if 7 throw then 1- ; : g 5 begin ['] f catch until drop ; : h 20000 0 do g loop ; h"],
    [
      "underflow that is caught",
      ": f drop drop drop ; : g ['] f catch drop ; : h 30000 0 do g loop ; h 40000 0 [if] [then] : k 50000 0 do loop ; k",
    ],
    ["a deferred word that changes", "defer d : a 1 drop ; : b 2 drop ; : f 30000 0 do i 1 and if ['] a else ['] b then is d d loop ; f"],
    ["DOES> on a word that is loaded", ": does does> @ ; : loops 40000 0 do loop ; create x 5 , loops does loops x drop loops"],
    ["code behind which other code appears", ": f 40000 0 do loop ; f : g f 1 if f then ; g : h begin g 1 until ; h"],
  ])("of a program with %s plays what was taped", { tags: "slow" }, async (_, source) => {
    expectAlike(await forth(source));
  });

  it("of a loop of words, and of a run in one chunk, plays what was taped", async () => {
    const program = await findProgram("A B A GOTO");
    expectAlike(() => program.start("full", LIMIT));
    expectAlike(() => blockRun(blockProgram([["a"], ["b", "c"]]), [0, 1, 1, 0], 99));
  });

  it("says what it is of, and how much ran", () => {
    const tape = tapeOf(tapeFrom(blockRun(blockProgram([["a"], ["b", "c"]]), [0, 1, 1, 0])));
    expect(endOfTape(tape)).toEqual({ virtualInstructions: 6, executedBlocks: 4, about: "what it is" });
  });

  it("that is cut short anywhere, has a flipped bit anywhere, or something behind its end, is refused", () => {
    const whole = tapeFrom(blockRun(blockProgram([["a"], ["b", "c"]]), [0, 1, 1, 0, 1, 0, 0, 1], 3));
    expect(isWhole(tapeOf(whole))).toBe(true);
    for (let length = 0; length < whole.length; length++) expect(isWhole(tapeOf(whole.subarray(0, length)))).toBe(false);
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const damaged = whole.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      expect(isWhole(tapeOf(damaged)), `bit ${bit}`).toBe(false);
    }
    expect(isWhole(tapeOf(Buffer.concat([whole, Buffer.from([0])])))).toBe(false);
  });

  it("of a run that fails has no end", () => {
    const failing = {
      program: blockProgram([["a"]]),
      run: () => {
        throw new Error("it fails");
      },
    };
    const pieces: Buffer[] = [];
    expect(() =>
      taped(
        failing,
        () => "",
        (bytes) => pieces.push(Buffer.from(bytes)),
      ).run(() => {}),
    ).toThrow("it fails");
    expect(isWhole(tapeOf(Buffer.concat(pieces)))).toBe(false);
  });

  it("takes less than a byte for a block of a loop", async () => {
    const tape = tapeFrom((await findProgram("sieve")).start("test", LIMIT));
    expect(tape.length).toBeLessThan(86_074);
  });
});

describe("the coding of ids", () => {
  it("gives back any ids, in any chunks", () => {
    const ids = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 ** 31 - 1 }));
    fc.assert(
      fc.property(fc.array(fc.array(ids)), (chunks) => {
        const encoder = createBlockEncoder();
        const decoder = createBlockDecoder();
        for (const chunk of chunks) {
          const writer = createByteWriter();
          encoder.write(Int32Array.from(chunk), chunk.length, writer);
          const reader = createByteReader(writer.written());
          const { ids, count } = decoder.read(reader);
          expect([...ids.subarray(0, count)]).toEqual(chunk);
          expect(reader.done).toBe(true);
        }
      }),
    );
  });

  it("gives back any numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(Number.MAX_SAFE_INTEGER), fc.integer(), fc.string())), (rows) => {
        const writer = createByteWriter();
        for (const [count, signed, text] of rows) {
          writer.count(count);
          writer.signed(signed);
          writer.text(text);
        }
        const reader = createByteReader(writer.written());
        expect(rows.map(() => [reader.count(), reader.signed(), reader.text()])).toEqual(rows);
      }),
    );
  });
});
