// The trace against a second interpreter, which reads the source line by line and knows nothing of blocks or opcode numbers.
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assemble } from "../../../dist/src/guests/register/assembler.js";
import { opcodes } from "../../../dist/src/guests/register/instructions.js";
import { loadProgram } from "../../../dist/src/guests/register/program.js";
import { session } from "./session.ts";

interface Naive {
  readonly output: string;
  readonly addresses: readonly number[];
  /** Why it ended before a halt. */
  readonly failed: "fault" | "limit" | undefined;
}

const wrap = (value: bigint): bigint => BigInt.asIntN(32, value);

/** Executes a source at size test, one line at a time. */
function naive(source: string, limit = Number.POSITIVE_INFINITY): Naive {
  const labels = new Map<string, number>();
  const constants = new Map<string, string>();
  const code: string[][] = [];
  let random = 123456789n;
  for (const line of source.split("\n")) {
    const [text] = line.split(";");
    const [, label, rest] = /^\s*(?:(\w+):)?\s*(.*?)\s*$/.exec(text) ?? [];
    if (label !== undefined) labels.set(label, code.length);
    const words = rest.split(/\s+/);
    if (words[0] === ".const") constants.set(words[1], words[2].replace("test=", ""));
    else if (words[0] === ".seed") random = BigInt(words[1]);
    else if (words[0] !== "") code.push(words);
  }
  const registers = new Map<string, bigint | boolean>();
  for (const words of code) for (const word of words) if (/^r\d+$/.test(word)) registers.set(word, 0n);
  const addresses: number[] = [];
  let failed: Naive["failed"];
  for (let at = 0; ; ) {
    const [name, a, b, c] = code[at];
    if (addresses.length >= limit) {
      failed = "limit";
      break;
    }
    addresses.push(at);
    if (name === "halt") break;
    at++;
    const [x, y] = [registers.get(b), registers.get(c)];
    const integers = typeof x === "bigint" && typeof y === "bigint";
    if (name === "jump") at = labels.get(a) ?? -1;
    else if (name === "jump-if" && typeof registers.get(a) === "boolean") at = registers.get(a) === true ? (labels.get(b) ?? -1) : at;
    else if (name === "move" && x !== undefined) registers.set(a, x);
    else if (name === "load-integer") registers.set(a, BigInt(constants.get(b) ?? b));
    else if (name === "load-boolean") registers.set(a, b === "true");
    else if (name === "add" && integers) registers.set(a, wrap(x + y));
    else if (name === "divide" && integers && y !== 0n) registers.set(a, wrap(x / y));
    else if (name === "modulo" && integers && y !== 0n) registers.set(a, wrap(x % y));
    else if (name === "equal" && typeof x === typeof y) registers.set(a, x === y);
    else if (name === "greater" && integers) registers.set(a, x > y);
    else if (name === "random") {
      random ^= BigInt.asUintN(32, random << 13n);
      random ^= random >> 17n;
      random ^= BigInt.asUintN(32, random << 5n);
      registers.set(a, random >> 1n);
    } else {
      failed = "fault";
      break;
    }
  }
  const sorted = [...registers].sort(([m], [n]) => Number(m.slice(1)) - Number(n.slice(1)));
  return { output: sorted.map(([register, value]) => `${register} = ${value}\n`).join(""), addresses, failed };
}

describe("the trace of a register-machine program", () => {
  it.each(["nested-loop", "repetitive", "unpredictable"])("of %s is what a step-by-step interpreter executes", (id) => {
    const source = readFileSync(new URL(`../../../traces/${id}.rasm`, import.meta.url), "utf8");
    const expected = naive(source);
    const { addresses, output, chunks } = session(source);
    expect(output).toBe(expected.output);
    expect(addresses.length).toBe(expected.addresses.length);
    expect(addresses.every((address, i) => address === expected.addresses[i])).toBe(true);
    expect(chunks.length).toBeGreaterThan(1);
  });

  it("has blocks that overlap: each goes from where control arrived to the next transfer", () => {
    const assembly = assemble("move r1 r2\na: move r2 r1\njump-if r3 a\nmove r4 r4\njump a", "x.rasm", false);
    const program = loadProgram(assembly);
    const blocks = Array.from({ length: program.blockCount }, (_, block) => [program.blockStart(block), program.blockLength(block)]);
    expect(blocks).toEqual([
      [0, 3],
      [1, 2],
      [3, 2],
    ]);
    expect([0, 1, 2, 3, 4].map(program.enteredAt)).toEqual([true, true, false, false, false]);
    expect([0, 1, 2, 3, 4].map(program.targetAt)).toEqual([-1, -1, 1, -1, 1]);
    expect([0, 1, 2, 3, 4].map((address) => opcodes[program.opcodeAt(address)].name)).toEqual(["move", "move", "jump-if", "move", "jump"]);
    expect(program.addressCount).toBe(5);
  });

  const integer = fc.nat(4).map((n) => `r${n}`);
  const boolean = fc.nat(2).map((n) => `r${n + 10}`);
  const seldom = fc.nat(14).map((n) => `r${n}`);
  const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
  const row = (name: string, ...operands: fc.Arbitrary<unknown>[]): fc.Arbitrary<string> =>
    fc.tuple(...operands).map((words) => [name, ...words].join(" "));
  const LENGTH = 24;
  const label = fc.nat(LENGTH).map((n) => `l${n}`);
  const line = fc.oneof(
    { weight: 3, arbitrary: row("add", integer, integer, integer) },
    { weight: 2, arbitrary: row("load-integer", integer, number) },
    { weight: 2, arbitrary: row("random", integer) },
    { weight: 1, arbitrary: row("load-boolean", boolean, fc.boolean()) },
    { weight: 1, arbitrary: row("divide", integer, integer, integer) },
    { weight: 1, arbitrary: row("modulo", integer, integer, integer) },
    { weight: 3, arbitrary: row("greater", boolean, integer, integer) },
    { weight: 1, arbitrary: row("equal", boolean, integer, integer) },
    { weight: 1, arbitrary: row("equal", boolean, boolean, boolean) },
    { weight: 1, arbitrary: row("move", integer, integer) },
    { weight: 1, arbitrary: row("move", boolean, boolean) },
    { weight: 1, arbitrary: row("move", seldom, seldom) },
    { weight: 4, arbitrary: row("jump-if", boolean, label) },
    { weight: 1, arbitrary: row("jump", label) },
  );

  it("is what a step-by-step interpreter executes, for random programs; they fail where it fails", () => {
    const ends = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(line, { minLength: LENGTH, maxLength: LENGTH }), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (lines, seed) => {
        const begin = [10, 11, 12].map((register) => `load-boolean r${register} true`).join("\n");
        const source = `.seed ${seed}\n${begin}\n${lines.map((text, i) => `l${i}: ${text}`).join("\n")}\nl${LENGTH}: halt`;
        const limit = 3000;
        const expected = naive(source, limit);
        const { addresses, output, error } = session(source, false, limit);
        ends.set(expected.failed ?? "halt", (ends.get(expected.failed ?? "halt") ?? 0) + 1);
        if (expected.failed === undefined) {
          expect(error).toBeUndefined();
          expect(output).toBe(expected.output);
          expect(addresses).toEqual(expected.addresses);
        } else if (expected.failed === "limit") expect(error).toMatch(/stopped after 3000 /);
        else {
          // a block is refused as a whole when it would pass the limit
          const place = `x.rasm:${(expected.addresses.at(-1) ?? 0) + 2}: `;
          if (expected.addresses.length < limit - LENGTH) expect(error?.startsWith(place), `${error}, expected ${place}`).toBe(true);
        }
      }),
      { seed: 20260801, numRuns: 400 },
    );
    // each way of ending was really met
    for (const end of ["halt", "limit", "fault"]) expect(ends.get(end) ?? 0, end).toBeGreaterThan(20);
  });
});
