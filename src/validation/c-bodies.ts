// C bodies of virtual instructions: one for each row of the guest's instruction table, for the marks between runs, and for the words
// of the host that a program executes.
import { MARK_NAMES } from "../guests/forth/image.ts";
import { withCells } from "../guests/forth/machine/cell-text.ts";
import { cellsOf } from "../guests/forth/machine/cells.ts";
import { effectOf, instructions } from "../guests/forth/machine/instructions.ts";
import { HALT, MARKS, RESUME } from "../guests/forth/machine/layout.ts";
import type { Flow } from "../trace/virtual.ts";
import { translate } from "./translate.ts";

/** An opcode as the C side numbers it. */
export interface CBody {
  readonly name: string;
  /** The body's work in C, without dispatch. */
  readonly work: string;
  readonly flow: Flow;
}

export interface CBodies {
  readonly bodies: readonly CBody[];
  /** The C side's number of an opcode of the guest's machine; -1 if it has none. */
  opcode(number: number): number;
}

/** Loads the state of a run, which `next_run` has saved. */
export const LOAD = "ip = saved_ip; sp = saved_sp; rp = saved_rp; lp = saved_lp; t = ds[sp];";

/** C for one row of the table: takes inputs from t and ds, runs its code, leaves the outputs. */
function workOf(effect: string, code: string): string {
  const { inputs, outputs } = effectOf(effect);
  const n = inputs.length;
  const m = outputs.length;
  const lines = inputs.map((name, i) => `int32_t ${name} = ${i === n - 1 ? "t" : `ds[sp - ${n - 1 - i}]`};`);
  const fresh = outputs.filter((name, i) => !inputs.includes(name) && outputs.indexOf(name) === i);
  if (fresh.length > 0) lines.push(`int32_t ${fresh.join(", ")};`);
  if (n === 0 && m > 0) lines.push("ds[sp] = t;");
  if (m === 0 && n > 0) lines.push(`sp -= ${n}; t = ds[sp];`);
  lines.push(translate(withCells(code, cellsOf(32))));
  if (m > 0) {
    if (m !== n) lines.push(`sp += ${m - n};`);
    outputs.forEach((name, i) => {
      if (i === m - 1) lines.push(`t = ${name};`);
      else if (!(i < n - 1 && inputs[i] === name)) lines.push(`ds[sp - ${m - 1 - i}] = ${name};`);
    });
  }
  return lines.filter((line) => line !== "").join(" ");
}

/** @param hostWords words of the host that get a body: number and name in the guest's machine */
export function bodiesOf(hostWords: ReadonlyMap<number, string>): CBodies {
  const hosts = [...hostWords].sort(([a], [b]) => a - b);
  const mark = (i: number, work: string): CBody => ({ name: MARK_NAMES[i], work, flow: "return" });
  const numbers = new Map<number, number>([
    [HALT, 0],
    [RESUME, 1],
    ...instructions.map((_, i) => [i + MARKS, i + 2] as const),
    ...hosts.map(([number], i) => [number, instructions.length + 2 + i] as const),
  ]);
  return {
    bodies: [
      mark(0, `ds[sp] = t; if (!end_run(sp)) STOP; ${LOAD}`),
      mark(1, "ip = resume; resume = 0;"),
      ...instructions.map(([name, effect, code, options]): CBody => ({ name, work: workOf(effect, code), flow: options?.flow ?? "next" })),
      ...hosts.map(([number, name]) => ({ name, work: `ds[sp] = t; sp = host(${number}, sp); t = ds[sp];`, flow: "next" as const })),
    ],
    opcode: (number) => numbers.get(number) ?? -1,
  };
}
