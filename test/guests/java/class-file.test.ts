// Class files, read as they are and damaged. They come out of the lab's jar files, whose entries are stored as they are: no JDK needed.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../dist/src/errors.js";
import { type ClassFile, instructionsOf, readClassFile } from "../../../dist/src/guests/java/class-file.js";
import { codeOf } from "../../../dist/src/guests/java/instructions.js";

const jar = readFileSync(fileURLToPath(new URL("../../../traces/java/compiler.jar", import.meta.url)));

/** Entries of a jar file that are class files: a head of 30 bytes with lengths, the name, extra bytes, the content. */
function classesIn(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const from = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    const length = bytes.readUInt32LE(at + 18);
    if (length > 4 && bytes.readUInt32BE(from) === 0xcafebabe) found.push(bytes.subarray(from, from + length));
    at = from + length;
  }
  return found;
}

const classes = classesIn(jar);
const codesOf = (file: ClassFile) => file.methods.filter(({ codeBytes }) => codeBytes > 0).map((method) => instructionsOf(file, method));

/** Numbers below a bound, the same every time. */
function createRandom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % bound;
  };
}

describe("class files", () => {
  it("are read to the end of each method's code", () => {
    expect(classes.length).toBeGreaterThan(3);
    for (const bytes of classes) {
      const file = readClassFile(bytes, "a");
      const last = codesOf(file).map((code) => code[code.length - 1].code);
      // where code ends, it must not run on: a return, a throw, a jump back, or a switch
      for (const code of last) expect([codeOf("athrow"), codeOf("goto"), ...returns, ...switches]).toContain(code);
    }
  });

  const switches = ["tableswitch", "lookupswitch"].map(codeOf);
  const returns = ["ireturn", "lreturn", "freturn", "dreturn", "areturn", "return"].map(codeOf);

  it("with a switch of less than no targets, or of more than fit, are refused", () => {
    const bytes = classes.find((one) => codesOf(readClassFile(one, "a")).some((code) => code.some((i) => switches.includes(i.code))));
    if (bytes === undefined) throw new Error("no class has a switch");
    const file = readClassFile(bytes, "a");
    const method = file.methods.find((one) => one.codeBytes > 0 && instructionsOf(file, one).some((i) => switches.includes(i.code)));
    const found = method === undefined ? undefined : instructionsOf(file, method).find((i) => switches.includes(i.code));
    if (method === undefined || found === undefined) throw new Error("no method has a switch");
    const table = method.codeAt + found.offset + 4 - (found.offset % 4);
    for (const count of [-2, -(2 ** 28), 2 ** 28]) {
      const damaged = Buffer.from(bytes);
      // the number of targets, or the highest one where the lowest is 0
      damaged.writeInt32BE(0, table + 4);
      if (found.code === codeOf("tableswitch")) damaged.writeInt32BE(count, table + 8);
      else damaged.writeInt32BE(count, table + 4);
      expect(() => instructionsOf(readClassFile(damaged, "a"), method)).toThrow(/^no such switch: -?\d+ targets$/);
    }
  });

  it("that are damaged are read within their bounds, or refused in one line", () => {
    const random = createRandom(1);
    const outcomes = { read: 0, refused: 0 };
    for (let i = 0; i < 1500; i++) {
      const whole = Buffer.from(classes[random(classes.length)]);
      const bytes = i % 5 === 0 ? whole.subarray(0, random(whole.length)) : whole;
      for (let k = random(3); k >= 0 && i % 5 !== 0; k--) bytes[random(bytes.length)] = random(256);
      try {
        for (const code of codesOf(readClassFile(bytes, "a.class"))) {
          const targets = code.reduce((sum, instruction) => sum + instruction.targets.length, 0);
          expect(targets + code.length).toBeLessThan(2 * bytes.length);
        }
        outcomes.read++;
      } catch (error) {
        outcomes.refused++;
        if (error instanceof UsageError)
          expect(error.message).toBe("a.class: expected a Java class file, got something else, or a damaged one");
        else if (!(error instanceof RangeError)) throw error;
      }
    }
    expect(outcomes.read).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(100);
  });
});
