// Generated interpreters do what the guest does, and what is recorded of them is what the model says.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { INDIRECT_CALL, INDIRECT_JUMP } from "../../dist/src/branch.js";
import { recordImage } from "../../dist/src/guests/forth/image.js";
import { effectOf, instructions } from "../../dist/src/guests/forth/machine/instructions.js";
import { findProgram } from "../../dist/src/guests/programs.js";
import type { FORMS } from "../../dist/src/validation/c-forms.js";
import { writeInterpreter } from "../../dist/src/validation/c-interpreter.js";
import { findDispatches } from "../../dist/src/validation/real.js";
import { bplab, temporaryFolder } from "../support.js";

const installed = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;
const gcc = installed("gcc") && installed("objdump");
if (!gcc) console.warn("gcc or binutils is missing: interpreters are not compiled");

const forthPrograms = await Promise.all(["fibonacci", "hash-table"].map((id) => findProgram(id)));
const options = { full: false, maxInstructions: 1e7 };

/** Compiles a form; returns what runs an image on it. */
function compiled(technique: (typeof FORMS)[number], hosts: ReadonlyMap<number, string>) {
  const folder = temporaryFolder();
  const interpreter = writeInterpreter(technique, hosts, new Set(["lit", "@", "!"]));
  writeFileSync(join(folder, "c.c"), interpreter.text);
  const made = spawnSync("gcc", ["-O2", "-w", "-o", join(folder, "c"), join(folder, "c.c")], { encoding: "utf8" });
  expect(made.stderr).toBe("");
  return (words: (opcode: (number: number) => number) => Int32Array) => {
    writeFileSync(join(folder, "image"), words(interpreter.opcode));
    const { stdout, stderr, status } = spawnSync(join(folder, "c"), [join(folder, "image"), "check"], { encoding: "utf8" });
    return { stdout, stderr, status };
  };
}

describe.skipIf(!gcc)("a generated interpreter", () => {
  const images = forthPrograms.map(({ id, path }) => ({ id, image: recordImage(path, options) }));
  const hosts = new Map(images.flatMap(({ image }) => [...image.hostWords]));

  it("in the form of a switch prints what the guest prints, with the same stacks and memory", () => {
    const run = compiled("switch", hosts);
    for (const { id, image } of images) expect([id, run(image.words)]).toEqual([id, { stdout: image.output, stderr: "", status: 0 }]);
  });

  it("computes every instruction on numbers from all corners of the range", { tags: "slow" }, () => {
    const values = [0, 1, -1, 2, 7, -7, 31, 32, 65535, 0x12345678, 2147483647, -2147483648];
    const skipped = ["move", "cmove", "cmove>", "fill", "compare", "pick", "throw", "execute", "perform", "catch"];
    const pure = instructions.filter(
      ([name, effect, code, { hidden, flow } = {}]) =>
        !hidden &&
        flow === undefined &&
        effectOf(effect).inputs.length > 0 &&
        !/rs\[|FETCH|STORE|BYTE/.test(code) &&
        !skipped.includes(name),
    );
    expect(pure.length).toBeGreaterThan(70);
    let state = 1;
    const pick = (): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return values[(state >>> 16) % values.length];
    };
    const lines = pure.map(([name, effect], i) => {
      const { inputs } = effectOf(effect);
      const calls = Array.from({ length: 60 }, () => {
        const given = inputs.map(() => pick());
        // a divisor is on top
        if (/\/|mod/.test(name) && name !== "/string" && given[given.length - 1] === 0) given[given.length - 1] = 3;
        return `${given.join(" ")} ${name}`;
      });
      return `: test${i} ${calls.join(" ")} ;\ntest${i} clearstack`;
    });
    const path = join(temporaryFolder(), "all.fs");
    writeFileSync(path, `${lines.join("\n")}\n`);
    const image = recordImage(path, options);
    expect(compiled("switch", image.hostWords)(image.words)).toEqual({ stdout: "", stderr: "", status: 0 });
  });

  it("says so when it goes another way than the guest", () => {
    const [{ image }] = images;
    const run = compiled("switch", hosts);
    const { status, stderr } = run((opcode) => {
      const words = image.words(opcode);
      // the last literal of the code becomes another one
      for (let i = words[0] - 1; i >= 0; i--) {
        if (words[1 + 2 * i] !== 3) continue;
        words[2 + 2 * i]++;
        break;
      }
      return words;
    });
    expect(stderr).toMatch(/^(the interpreter went another way than the guest: .*\n)?$/);
    expect(status).not.toBe(0);
  });
});

describe("an image", () => {
  it.each([
    [': run s" noise" evaluate ; run', "its colon definitions run the text interpreter"],
    [": run 1 0 / ; : go ['] run catch drop ; go", "its colon definitions make the system throw an exception (division by zero)"],
    [': run s" nowhere" included ; : go [\'] run catch drop ; go', "its colon definitions leave included by an exception"],
  ])("is refused of %j", { tags: "slow" }, (source, message) => {
    const path = join(temporaryFolder(), "program.fs");
    writeFileSync(path, `: noise 1 drop ;\n${source}\n`);
    expect(() => recordImage(path, options)).toThrow(message);
  });

  it("holds what CATCH and THROW do, and what words that are executed come back to", () => {
    const path = join(temporaryFolder(), "program.fs");
    writeFileSync(path, ": fails 7 throw ; : go ['] fails catch . ['] dup catch . ['] 1+ execute . ; 1 go");
    const { program, output, addresses } = recordImage(path, options);
    expect(output).toBe("7 0 2 ");
    const names = [...addresses()].map((address) => program.opcodes[program.opcodeAt(address)].name);
    expect(names.filter((name) => name === "(resume)")).toHaveLength(2);
    expect(names.at(-1)).toBe("(halt)");
  });
});

describe("dispatches of an unknown interpreter", () => {
  it("are the busiest jump and all that share targets with it, not calls of libraries or other switches", () => {
    const jump = (pc: number, target: number, kind = INDIRECT_JUMP) => ({
      pc,
      pcHigh: 0,
      target,
      targetHigh: 0,
      kind,
      taken: 1 as const,
      gap: 3,
    });
    const branches = [
      ...[100, 200, 300, 400].map((target) => jump(10, target)),
      jump(20, 100),
      jump(20, 500),
      jump(30, 500),
      // a stub of the dynamic linker, a switch elsewhere, a call of a body's address
      jump(40, 9000),
      ...[9100, 9200, 9300, 9400].map((target) => jump(50, target)),
      jump(60, 100, INDIRECT_CALL),
    ];
    const sequence = Int32Array.from([0, 1, 2, 3, 0, 4, 5, 6, 7, 7, 7, 7, 7, 7, 8, 9, 10, 11, 12]);
    const found = findDispatches({ branches, sequence, instructions: 57, ownInstructions: 57, otherIndirect: 0 });
    expect([...found.sequence]).toEqual([0, 1, 2, 3, 0, 4, 5, 6]);
  });
});

describe("bplab validate", () => {
  it.each([
    [["nothing"], "unknown program: nothing"],
    [["nested-loop"], "nested-loop: expected a program in Forth, OCaml, WebAssembly or Java"],
    [["fibonacci", "--installed=perl"], "unknown interpreter: perl"],
    [["fibonacci", "--cc=no-such-compiler"], "no-such-compiler is not installed"],
    [["fibonacci", "--technique=none"], "nothing to validate"],
    [["fibonacci", "--technique=switch", "--write-bodies=b.csv"], "--write-bodies: switch has no table of bodies"],
    [["fibonacci", "--write-map=map.csv"], "--write-map: expected one --technique and one --cc"],
  ])("says in one line what is wrong with %j", { tags: "slow" }, (args, message) => {
    const { code, stdout, stderr } = bplab(["validate", ...args]);
    expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1]);
    expect(stderr).toContain(message);
  });
});
