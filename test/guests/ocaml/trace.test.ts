// The guest's blocks: where they begin and end, what an exception or C leaves of them, and the facts of the loaded code.
import { describe, expect, it } from "vitest";
import { ocaml } from "../../../dist/src/guests/ocaml/guest.js";
import { readBytecode } from "../../../dist/src/guests/ocaml/loading/bytecode.js";
import { Machine } from "../../../dist/src/guests/ocaml/machine.js";
import type { Value } from "../../../dist/src/guests/ocaml/value.js";
import type { VirtualProgram } from "../../../dist/src/trace/virtual.js";
import { bplab } from "../../support.ts";
import { assemble, executable, type Line } from "./executable.ts";
import { file } from "./session.ts";

const HOST = { console: { read: () => 0, write: () => {}, writeError: () => {} }, environment: {} };

function load(lines: readonly Line[], primitives = ["caml_sys_exit", "caml_register_named_value"]): Machine {
  const path = file("x.byte", executable({ code: assemble(lines), primitives }));
  return new Machine(readBytecode(path), { path, words: [path], host: HOST, traced: true, maxInstructions: 1e6 });
}

/** The blocks that ran: names of their instructions, and "!" behind those that the host left. */
function blocksOf(machine: Machine): string[] {
  const { program, blocks } = machine;
  const ran: string[] = [];
  blocks.sink = (ids, count) => {
    for (const id of ids.subarray(0, count)) {
      const names = Array.from(
        { length: program.blockLength(id) },
        (_, i) => program.opcodes[program.opcodeAt(program.blockStart(id) + i)].name,
      );
      ran.push(`${names.join(" ")}${program.leftByHost(id) ? " !" : ""}`);
    }
  };
  machine.main();
  return ran;
}
const blocks = (...lines: Line[]): string[] => blocksOf(load(lines));

describe("blocks", () => {
  it("end where control may be transferred, C and signals aside", () => {
    expect(blocks("CONST1", "CHECK_SIGNALS", ["BRANCHIF", "on"], "STOP", "on:", "CONST0", ["BRANCHIFNOT", "end"], "end:", "STOP")).toEqual([
      "CONST1 CHECK_SIGNALS BRANCHIF",
      "CONST0 BRANCHIFNOT",
      "STOP",
    ]);
  });

  it("of functions end with calls and returns, not where arguments are taken", () => {
    const code: Line[] = [
      ["CLOSURE", 0, "f"],
      "PUSHCONST1",
      "PUSHCONST2",
      "PUSHACC2",
      "APPLY2",
      "STOP",
      "RESTART",
      "f:",
      ["GRAB", 1],
      "ACC0",
      ["RETURN", 2],
    ];
    expect(blocks(...code)).toEqual(["CLOSURE PUSHCONST1 PUSHCONST2 PUSHACC2 APPLY2", "GRAB ACC0 RETURN", "STOP"]);
  });

  it("are cut where a function gets too few arguments, and go on where it gets the rest", () => {
    const code: Line[] = [
      ...([["CLOSURE", 0, "f"], "PUSHCONST1", "PUSHACC1", "APPLY1"] as const),
      ...(["PUSHCONST2", "PUSHACC1", "APPLY1", "STOP"] as const),
      ...(["RESTART", "f:", ["GRAB", 1], "ACC0", ["RETURN", 2]] as const),
    ];
    expect(blocks(...code)).toEqual([
      "CLOSURE PUSHCONST1 PUSHACC1 APPLY1",
      "GRAB",
      "PUSHCONST2 PUSHACC1 APPLY1",
      "RESTART GRAB ACC0 RETURN",
      "STOP",
    ]);
  });

  it("are cut where an instruction or C raises", () => {
    const divide: Line[] = [["PUSHTRAP", "handler"], "CONST0", "PUSHCONST1", "DIVINT", "POPTRAP", "STOP", "handler:", "CONST0", "STOP"];
    expect(blocks(...divide)).toEqual(["PUSHTRAP CONST0 PUSHCONST1 DIVINT", "CONST0 STOP"]);
    const machine = load(
      [["PUSHTRAP", "handler"], "CONST0", ["C_CALL1", 0], "POPTRAP", "STOP", "handler:", "CONST0", "STOP"],
      ["caml_failwith"],
    );
    (machine.primitives as unknown as (() => Value)[])[0] = () => machine.raise("Not_found");
    expect(blocksOf(machine)).toEqual(["PUSHTRAP CONST0 C_CALL1", "CONST0 STOP"]);
  });

  it("are left by the host where the stack ends, where nothing handles an exception, and where the program ends itself", () => {
    const dive: Line[] = [
      ["CLOSUREREC", 1, 0, "f"],
      ["PUSHTRAP", "end"],
      "CONST0",
      "PUSHACC5",
      "APPLY1",
      "end:",
      "STOP",
      "f:",
      "CONST1",
      "PUSHOFFSETCLOSURE0",
      "APPLY1",
      ["RETURN", 1],
    ];
    const ran = blocks(...dive);
    expect(ran.slice(-3)).toEqual(["CONST1 PUSHOFFSETCLOSURE0 APPLY1", "CONST1 PUSHOFFSETCLOSURE0 APPLY1 !", "STOP"]);
    expect(blocks(["GETGLOBAL", 6], "RAISE", "STOP")).toEqual(["GETGLOBAL RAISE !"]);
    expect(blocks("CONST3", ["C_CALL1", 0], "CONST1", "STOP")).toEqual(["CONST3 C_CALL1"]);
  });

  it("are cut where C calls a function, whose blocks stand between", () => {
    const machine = load([["CLOSURE", 0, "f"], ["C_CALL1", 0], "PUSH", "STOP", "f:", "CONST1", ["RETURN", 1]], ["caml_obj_dup"]);
    const calls = (closure: Value): Value => {
      machine.callback(closure, 5);
      return machine.callback(closure, 6);
    };
    (machine.primitives as unknown as ((closure: Value) => Value)[])[0] = calls;
    const call = ["ACC APPLY", "CONST1 RETURN", "POP STOP"];
    expect(blocksOf(machine)).toEqual(["CLOSURE C_CALL1", ...call, ...call, "PUSH STOP"]);
  });
});

describe("the loaded code", () => {
  const code: Line[] = [
    ["PUSHTRAP", "handler"],
    ["BRANCH", "on"],
    "on:",
    ["CONSTINT", 5],
    ["SWITCH", 1, "zero"],
    "zero:",
    ["BEQ", 5, "handler"],
    ["CLOSURE", 0, "f"],
    "handler:",
    "STOP",
    "RESTART",
    "f:",
    ["GRAB", 1],
    ["RETURN", 2],
  ];

  it("has addresses one an instruction, targets of direct branches, and says where control may arrive", () => {
    const { program } = load(code);
    const addresses = Array.from({ length: program.addressCount }, (_, address) => address);
    const show = (address: number): string => program.opcodes[program.opcodeAt(address)].name;
    expect(addresses.map(show)).toEqual(
      "PUSHTRAP BRANCH CONSTINT SWITCH BEQ CLOSURE STOP RESTART GRAB RETURN ACC APPLY POP STOP".split(" "),
    );
    expect(addresses.map((address) => program.targetAt(address))).toEqual([-1, 2, -1, -1, 6, -1, -1, -1, -1, -1, -1, -1, -1, -1]);
    expect(addresses.filter((address) => program.enteredAt(address))).toEqual([0, 2, 4, 6, 7, 8, 10]);
    expect(addresses.map((address) => program.flowAt(address)).join(" ")).toBe(
      "next jump next switch conditional next halt next next return next indirect-call next halt",
    );
  });

  it("has the bodies of the measured interpreter, by name", () => {
    const { opcodes }: VirtualProgram = load(code).program;
    const { bodyBytes, nativeInstructions } = opcodes.find(({ name }) => name === "ACC0") ?? { bodyBytes: 0, nativeInstructions: 0 };
    // 25 bytes and 7 instructions, of which 22 and 6 are the dispatch
    expect({ bodyBytes, nativeInstructions }).toEqual({ bodyBytes: 3, nativeInstructions: 1 });
    expect(opcodes.length).toBe(149);
  });
});

describe("a run", () => {
  it("for the lab fails when the program does, and says why", () => {
    const path = file("fails.byte", executable({ code: assemble([["GETGLOBAL", 6], "RAISE"]) }));
    const run = ocaml.start(path, { full: false, maxInstructions: 1e6 });
    expect(() => run.run(() => {})).toThrow(/fails\.byte: the program ended with exit code 2: Fatal error: exception Not_found$/);
  });

  it("on a terminal ends with the program's exit code", () => {
    const path = file(
      "ends.byte",
      executable({
        code: assemble([
          ["CONSTINT", 42],
          ["C_CALL1", 0],
        ]),
      }),
    );
    expect(bplab(["run", path])).toEqual({ code: 42, stdout: "", stderr: "" });
    const raises = file("raises.byte", executable({ code: assemble([["GETGLOBAL", 6], "RAISE"]) }));
    expect(bplab(["run", raises])).toEqual({ code: 2, stdout: "", stderr: "Fatal error: exception Not_found\n" });
  });
});
