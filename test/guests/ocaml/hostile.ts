// Damaged executables: cut short, bytes and words changed, parts put elsewhere. Whatever comes, the guest runs it, ends in an
// exit code, or refuses it in one line, in time.
import { readFileSync, rmSync } from "node:fs";
import fc from "fast-check";
import { expect } from "vitest";
import { assemble, executable } from "./executable.ts";
import { compile, file, OCAML, session } from "./session.ts";

const MOST_MILLISECONDS = 5000;
const MOST_INSTRUCTIONS = 300_000;

const SOURCE = readFileSync(new URL("programs/data.ml", import.meta.url), "utf8");

/** A damaged program might do to files what it was never meant to. */
const DANGEROUS = /caml_sys_(?=(open|remove|rename|system_command|mkdir|rmdir|chdir|read_directory)\0)/g;

function harmless(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString("latin1").replace(DANGEROUS, "caml_not_"), "latin1");
}

const SMALL = executable({
  code: assemble([
    ["CLOSUREREC", 2, 0, "first", "second"],
    ["CONSTINT", 9],
    "PUSH",
    ["ACC", 2],
    "APPLY1",
    ["C_CALL1", 0],
    "STOP",
    "first:",
    ["PUSHTRAP", "handler"],
    ["ACC", 4],
    ["BEQ", 0, "raise"],
    "POPTRAP",
    "ACC0",
    ["OFFSETINT", -1],
    "PUSHOFFSETCLOSURE3",
    ["APPTERM1", 2],
    "handler:",
    ["RETURN", 1],
    "raise:",
    "CONST3",
    "RAISE",
    "RESTART",
    "second:",
    ["GRAB", 0],
    "ACC0",
    ["SWITCH", 3, "zero", "zero", "zero"],
    "zero:",
    "ACC0",
    "PUSHOFFSETCLOSUREM3",
    ["APPTERM1", 2],
  ]),
});

/** What cases are made of. */
export const SEEDS: readonly Buffer[] = [SMALL, ...(OCAML ? [harmless(readFileSync(compile("hostile", SOURCE)))] : [])];

/** Words that mean something, or too much. */
const WORDS = [0, 1, -1, 2, 31, 32, 40, 43, 84, 93, 148, 149, 255, 256, 0x7fffffff, -0x80000000, 0xffff, 0x10000, 1 << 20];

type Damage = (bytes: Buffer) => Buffer;

const cut = fc.double({ min: 0, max: 1, noNaN: true }).map(
  (share): Damage =>
    (bytes) =>
      bytes.subarray(0, Math.floor(share * bytes.length)),
);
const change = fc
  .array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map(
    (changes): Damage =>
      (bytes) => {
        const changed = Buffer.from(bytes);
        for (const [share, value] of changes) changed[Math.floor(share * changed.length)] = value;
        return changed;
      },
  );
const word = fc
  .array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.constantFrom(...WORDS)), { minLength: 1, maxLength: 6 })
  .map(
    (changes): Damage =>
      (bytes) => {
        const changed = Buffer.from(bytes);
        for (const [share, value] of changes) changed.writeInt32LE(value | 0, Math.floor((share * (changed.length - 4)) / 4) * 4);
        return changed;
      },
  );
const move = fc
  .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 64 }))
  .map(
    ([from, to, count]): Damage =>
      (bytes) => {
        const changed = Buffer.from(bytes);
        bytes.copy(changed, Math.floor(to * bytes.length), Math.floor(from * bytes.length), Math.floor(from * bytes.length) + count);
        return changed;
      },
  );

/** Runs damaged executables. */
export function runHostileFiles(bytes: Buffer, cases: number, seed: number): void {
  fc.assert(
    fc.property(fc.oneof(cut, change, change, word, word, move), (damage) => {
      const path = file("hostile-case.byte", damage(bytes));
      const start = process.cpuUsage();
      const { error, exitCode } = session(path, { maxInstructions: MOST_INSTRUCTIONS });
      const { user } = process.cpuUsage(start);
      rmSync(path);
      expect(user / 1000).toBeLessThan(MOST_MILLISECONDS);
      if (error === undefined) expect(exitCode).toEqual(expect.any(Number));
      else expect(error).toMatch(/^.+$/);
    }),
    { numRuns: cases, seed },
  );
}
