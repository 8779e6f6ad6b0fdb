// The guest beside OCaml's own interpreter: the same instructions in the same order, the same output, the same exit code.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { EFFECT_INSTRUCTIONS, instructions } from "../../../dist/src/guests/ocaml/instructions.js";
import { bplab, temporaryFolder } from "../../support.ts";
import { assemble, executable, type Line } from "./executable.ts";
import { compile, file, NO_OCAML, OCAML, real, session } from "./session.ts";

const FOLDER = fileURLToPath(new URL("programs/", import.meta.url));
const PROGRAMS = readdirSync(FOLDER).map((name) => name.replace(/\.ml$/, ""));
/** They execute too much to be traced by ocamlrund in a test. */
const LONG = ["overflow"];

/** Adds what is in the accumulator to a sum on the stack, so that the exit code tells of all. */
const add: Line[] = ["PUSH", ["CONSTINT", 7], "PUSH", ["ACC", 2], "MULINT", "ADDINT", ["ASSIGN", 0]];

/** What no compiler emits: fields of closures that hold no variable, tags of empty blocks, comparisons as values, methods by tag. */
const BY_HAND: Line[] = [
  ["BRANCH", "main"],
  "environment:",
  "ENVACC1",
  "PUSHENVACC1",
  "EQ",
  "PUSHENVACC4",
  "PUSHENVACC3",
  "ADDINT",
  "ADDINT",
  ["RETURN", 1],
  "main:",
  "CONST1",
  "PUSH",
  // empty blocks are the same, and differ by tag
  ["ATOM", 3],
  ["PUSHATOM", 3],
  "EQ",
  ...add,
  "ATOM0",
  "PUSHATOM0",
  "EQ",
  ...add,
  ["ATOM", 3],
  ["PUSHATOM", 4],
  "EQ",
  ...add,
  // unsigned comparisons: 3 < -1
  ...[
    [3, -1],
    [-1, 3],
    [3, 3],
    [-2, -1],
    [5, 9],
  ].flatMap(([a, b]): Line[] => [
    ["CONSTINT", b],
    ["PUSHCONSTINT", a],
    "ULTINT",
    ...add,
    ["CONSTINT", b],
    ["PUSHCONSTINT", a],
    "UGEINT",
    ...add,
  ]),
  // a closure with three variables
  ["CONSTINT", 9],
  ["PUSHCONSTINT", 5],
  ["PUSHCONSTINT", 4],
  ["CLOSURE", 3, "environment"],
  "PUSHCONST0",
  "PUSHACC1",
  "APPLY1",
  ["POP", 1],
  ...add,
  // a class's table: three methods by tags 3, 5, 8
  ["CONSTINT", 8],
  ["PUSHCONSTINT", 33],
  ["PUSHCONSTINT", 5],
  ["PUSHCONSTINT", 22],
  ["PUSHCONSTINT", 3],
  ["PUSHCONSTINT", 11],
  ["PUSHCONSTINT", 0],
  ["PUSHCONSTINT", 3],
  ["MAKEBLOCK", 8, 0],
  ["MAKEBLOCK1", 248],
  ...[3, 5, 8].flatMap((tag): Line[] => [
    "PUSH",
    ["CONSTINT", tag],
    "GETDYNMET",
    "PUSHACC2",
    "PUSH",
    ["CONSTINT", 7],
    "MULINT",
    "ADDINT",
    ["ASSIGN", 2 - 1],
    "ACC0",
    ["POP", 1],
  ]),
  ["POP", 0],
  "ACC0",
  ["PUSHCONSTINT", 127],
  "ANDINT",
  ["C_CALL1", 0],
  "STOP",
];

describe.skipIf(!OCAML)(`beside ocamlrund${NO_OCAML}`, () => {
  const seen = new Set<string>();

  it.each(PROGRAMS.filter((name) => !LONG.includes(name)))("%s: executes the same instructions and writes the same", (name) => {
    const path = compile(name, readFileSync(`${FOLDER}${name}.ml`, "utf8"));
    const ours = session(path);
    const theirs = real(path);
    for (const opcode of ours.opcodes) seen.add(opcode);
    expect(ours.error).toBeUndefined();
    expect({ complaints: ours.complaints, exitCode: ours.exitCode }).toEqual({ complaints: theirs.complaints, exitCode: theirs.exitCode });
    // the whole streams, without showing them
    expect(ours.stream.length).toBe(theirs.stream.length);
    expect(ours.stream === theirs.stream).toBe(true);
    expect(session(path, { traced: false })).toEqual({ ...ours, stream: "", opcodes: new Set() });
  });

  it.each(LONG)("%s: writes the same", (name) => {
    const path = compile(name, readFileSync(`${FOLDER}${name}.ml`, "utf8"));
    const { stderr, status } = spawnSync("ocamlrun", [path], { encoding: "latin1" });
    expect(stderr).toContain("overflow");
    expect(session(path)).toMatchObject({ complaints: stderr, exitCode: status });
  });

  it("what no compiler emits: executes the same instructions and ends alike", () => {
    const path = file("by-hand.byte", executable({ code: assemble(BY_HAND) }));
    const ours = session(path);
    const theirs = real(path);
    for (const opcode of ours.opcodes) seen.add(opcode);
    expect(theirs.stream.split("\n").length).toBeGreaterThan(100);
    expect(ours.error).toBeUndefined();
    expect(ours.exitCode).toBe(theirs.exitCode);
    expect(ours.stream).toBe(theirs.stream);
  });

  it("all instructions of OCaml 4 have been executed but those that a debugger writes", () => {
    expect(
      instructions
        .slice(0, -EFFECT_INSTRUCTIONS)
        .map(({ name }) => name)
        .filter((name) => !seen.has(name)),
    ).toEqual(["EVENT", "BREAK"]);
  });

  it("bplab trace --virtual writes this stream", () => {
    const path = compile("control", readFileSync(`${FOLDER}control.ml`, "utf8"));
    const csv = join(temporaryFolder(), "x.csv");
    const { code, stderr } = bplab(["trace", "--virtual", path, "-o", csv]);
    expect(code, stderr).toBe(0);
    const names = readFileSync(csv, "utf8")
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.replace(/^\d+,/, ""));
    expect(names.map((name) => name.replace(/^(RERAISE|RAISE_NOTRACE|GETSTRINGCHAR)$/, "???")).join("\n")).toBe(
      real(path).stream.trimEnd(),
    );
  });
});
