// OCaml 5's effects, in bytecode written by hand: where a compiler of OCaml 5 was at hand (5.3), programs of it executed the same
// instructions as its own ocamlrund and printed the same.
import { describe, expect, it } from "vitest";
import { assemble, executable, type Line } from "./executable.ts";
import { file, session } from "./session.ts";

const PRIMITIVES = ["caml_sys_exit", "caml_alloc_stack", "caml_continuation_use_noexc"];
const [EXIT, ALLOCATE, TAKE] = [0, 1, 2];

/** The coding of each version: up to 5.1 the instructions do not take a continuation's outermost fiber. */
const CODINGS = [
  ["5.3", "Caml1999X035", true],
  ["5.1", "Caml1999X033", false],
] as const;

/** Runs a fiber: handlers retc (adds 100), exnc (adds 50), effc as given; exits with what comes of it. */
function outcome(
  magic: string,
  outermost: boolean,
  computation: readonly Line[],
  handler: readonly Line[],
): (string | number | undefined)[] {
  const code = assemble([
    ["BRANCH", "main"],
    "computation:",
    ...computation,
    "retc:",
    "ACC0",
    ["OFFSETINT", 100],
    ["RETURN", 1],
    "exnc:",
    "ACC0",
    ["OFFSETINT", 50],
    ["RETURN", 1],
    "identity:",
    "ACC0",
    ["RETURN", 1],
    "RESTART",
    "effc:",
    ["GRAB", 2],
    ...handler,
    "main:",
    ["CLOSURE", 0, "effc"],
    "PUSH",
    ["CLOSURE", 0, "exnc"],
    "PUSH",
    ["CLOSURE", 0, "retc"],
    ["C_CALL3", ALLOCATE],
    "PUSH",
    ...(outermost ? (["CONST0", "PUSH"] as const) : []),
    ["CONSTINT", 5],
    "PUSH",
    ["CLOSURE", 0, "computation"],
    "PUSH",
    ["ACC", outermost ? 3 : 2],
    "RESUME",
    ["C_CALL1", EXIT],
    "STOP",
  ]);
  const path = file("x.byte", executable({ code, primitives: PRIMITIVES, magic }));
  const runs = [true, false].map((traced) => session(path, { traced }));
  return runs.map(({ error, exitCode }) => error ?? exitCode);
}

/** Goes on with ten times the effect, in the place of the handler. */
const inPlace = (outermost: boolean): Line[] => [
  ...(outermost ? (["ACC2", "PUSH"] as const) : []),
  ["CONSTINT", 10],
  "PUSH",
  ["ACC", outermost ? 2 : 1],
  "MULINT",
  "PUSH",
  ["CLOSURE", 0, "identity"],
  "PUSH",
  ["ACC", outermost ? 4 : 3],
  ["C_CALL1", TAKE],
  ["RESUMETERM", outermost ? 6 : 5],
];
/** Goes on with the effect itself, seven words further down the stack, and adds 10 to what comes of it. */
const deeper = (outermost: boolean): Line[] => [
  ...Array.from({ length: 7 }, () => ["CONST0", "PUSH"] as const).flat(),
  ...(outermost ? ([["ACC", 9], "PUSH"] as const) : []),
  ["ACC", outermost ? 8 : 7],
  "PUSH",
  ["CLOSURE", 0, "identity"],
  "PUSH",
  ["ACC", outermost ? 11 : 10],
  ["C_CALL1", TAKE],
  "RESUME",
  ["OFFSETINT", 10],
  ["RETURN", 10],
];
/** Hands every effect on: there is no other handler. */
const onwards: readonly Line[] = ["ACC2", "PUSH", "ACC2", "PUSH", "ACC2", ["REPERFORMTERM", 5]];

describe.each(CODINGS)("effects in bytecode of OCaml %s", (_version, magic, outermost) => {
  it("go to the handler, which goes on with an answer; the result goes through the handler's function", () => {
    const computation: Line[] = ["ACC0", "PERFORM", ["OFFSETINT", 1], ["RETURN", 1]];
    expect(outcome(magic, outermost, computation, inPlace(outermost))).toEqual([151, 151]);
  });

  it("may be performed again and again, from within other calls", () => {
    const computation: Line[] = ["ACC0", "PERFORM", "PUSHCONST2", "PERFORM", "ADDINT", ["RETURN", 1]];
    expect(outcome(magic, outermost, computation, inPlace(outermost))).toEqual([170, 170]);
  });

  it("leave exception handlers that the computation has, wherever on the stack it goes on", () => {
    const computation: Line[] = [
      ["PUSHTRAP", "outer"],
      ["PUSHTRAP", "inner"],
      ["ACC", 8],
      "PERFORM",
      "RAISE",
      "inner:",
      ["OFFSETINT", 3],
      "RAISE",
      "outer:",
      ["OFFSETINT", 20],
      ["RETURN", 1],
    ];
    expect(outcome(magic, outermost, computation, deeper(outermost))).toEqual([138, 138]);
  });

  it("do not keep exceptions in: these go through the handler's function for them", () => {
    expect(outcome(magic, outermost, [["CONSTINT", 7], "RAISE"], [])).toEqual([57, 57]);
    expect(outcome(magic, outermost, ["ACC0", "PERFORM", "RAISE"], deeper(outermost))).toEqual([65, 65]);
  });

  it("that nobody handles need the exception for it, which the standard library registers", () => {
    const computation: Line[] = ["ACC0", "PERFORM", ["RETURN", 1]];
    for (const said of outcome(magic, outermost, computation, onwards))
      expect(said).toMatch(/no exception Effect\.Unhandled is registered/);
  });
});

it("OCaml 4 has no instructions for effects", () => {
  const code = assemble(["PERFORM", "STOP"]);
  expect(session(file("x.byte", executable({ code }))).error).toMatch(/word 0 of its code is 149, which is no instruction/);
});
