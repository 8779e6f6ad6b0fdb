// Advice in sentences: what dispatch costs on each machine, what to gain by which means, what pays among opcodes.
import type { Advice, MachineAdvice } from "../../advise/advise.ts";
import { type Candidate, WORTH } from "../../advise/candidates.ts";
import { whole } from "../../numbers.ts";
import { type Column, roundedRatio, yesOrNo } from "../../results/columns.ts";
import type { DocumentPart } from "./sheet.ts";

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** "+40.1 kB" */
function kilobytes(bytes: number): string {
  const text = (Math.abs(bytes) / 1000).toFixed(1);
  return `${text === "0.0" ? "" : bytes < 0 ? "-" : "+"}${text} kB`;
}

const bytesOf = ({ codeBytes, tableBytes }: Candidate): number => codeBytes + tableBytes;

/** What dispatch costs today on a machine, in a sentence. */
function costText({ machine, title, cyclesPerInstruction, dispatchCyclesPerInstruction, now }: MachineAdvice): string {
  const named = title === machine ? machine : `${machine} (${title})`;
  const share = percent(dispatchCyclesPerInstruction / cyclesPerInstruction);
  const missed = now.mispredictionRate === undefined ? "" : `; ${percent(now.mispredictionRate)} of dispatches mispredicted`;
  return `${named}: ${cyclesPerInstruction.toFixed(1)} cycles a virtual instruction, ${dispatchCyclesPerInstruction.toFixed(1)} of them (${share}) dispatch${missed}`;
}

function machinePart(advice: MachineAdvice, all: boolean): DocumentPart {
  const shown = all ? advice.best : advice.advised;
  if (shown.length === 0)
    return `${costText(advice)}. Leave it: no technique is faster by ${percent(WORTH - 1)} or more for every value of what is not known.`;
  return {
    title: costText(advice),
    head: ["means", "technique", "times as fast", "between", "code and tables", ...(all ? ["advised"] : [])],
    rows: shown.map((candidate) => [
      candidate.means,
      candidate.technique,
      candidate.speedup.toFixed(2),
      candidate.range.map((value) => value.toFixed(2)).join("–"),
      kilobytes(bytesOf(candidate) - bytesOf(advice.now)),
      ...(all ? [String(yesOrNo(advice.advised.includes(candidate)))] : []),
    ]),
    left: 2,
  };
}

/** The command that shows the numbers of a machine. */
export function shownBy({ programs, now, size, machines }: Advice): string {
  const techniques = new Set([now, ...machines.flatMap(({ best }) => best.map(({ technique }) => technique))]);
  const names = machines.map(({ machine }) => machine).join(",");
  const sized = size === "test" ? "" : ` --size=${size}`;
  return `bplab simulate ${programs.join(" ")} --technique=${[...techniques].join(",")} --machine=${names}${sized}`;
}

/** @param all whether to show the best technique of every means, advised or not */
export function adviceParts(advice: Advice, all = false): DocumentPart[] {
  const { programs, virtualInstructions, now, size, machines, superinstructions, pairs, window, layoutSeeds } = advice;
  const cut = window === undefined ? `size ${size}` : `the first ${whole(window)}`;
  return [
    `${programs.join(", ")}: ${whole(virtualInstructions)} virtual instructions (${cut}), dispatched by ${now} today.`,
    ...machines.map((machine) => machinePart(machine, all)),
    superinstructions.length === 0
      ? "Superinstructions: no basic block has two opcodes to combine."
      : `Superinstructions, with the dispatches that each saves beside those before it: ${superinstructions
          .map(({ opcodes, share }) => `[${opcodes.join(" ")}] ${percent(share)}`)
          .join(", ")}.`,
    pairs.length === 0
      ? `No dispatch of ${now} is mispredicted on ${machines[0].machine}.`
      : `Pairs of opcodes mispredicted most on ${machines[0].machine}, with their shares of its mispredicted dispatches: ${pairs
          .map(({ opcode, next, share }) => `[${opcode} ${next}] ${percent(share)}`)
          .join(", ")}.`,
    `Gains are estimates over ${layoutSeeds.length} orders of the bodies; between: the least and the most while every figure of the machine stays within what it may be off. Shown by: ${shownBy(advice)}`,
  ];
}

/** A row for each machine and means. */
export interface AdviceRow {
  readonly machine: MachineAdvice;
  readonly candidate: Candidate;
}

export const adviceRows = ({ machines }: Advice): AdviceRow[] =>
  machines.flatMap((machine) => machine.best.map((candidate) => ({ machine, candidate })));

export const adviceColumns: readonly Column<AdviceRow>[] = [
  ["machine", ({ machine }) => machine.machine],
  ["now", ({ machine }) => machine.now.technique],
  ["cycles_per_virtual_instruction", ({ machine }) => roundedRatio(machine.cyclesPerInstruction, 1)],
  ["dispatch_cycles_per_virtual_instruction", ({ machine }) => roundedRatio(machine.dispatchCyclesPerInstruction, 1)],
  ["mispredictions_per_dispatch", ({ machine }) => roundedRatio(machine.now.mispredictionRate, 1)],
  ["means", ({ candidate }) => candidate.means],
  ["technique", ({ candidate }) => candidate.technique],
  ["speedup", ({ candidate }) => roundedRatio(candidate.speedup, 1)],
  ["speedup_low", ({ candidate }) => roundedRatio(candidate.range[0], 1)],
  ["speedup_high", ({ candidate }) => roundedRatio(candidate.range[1], 1)],
  ["advised", ({ machine, candidate }) => yesOrNo(machine.advised.includes(candidate))],
  ["code_bytes", ({ candidate }) => candidate.codeBytes],
  ["table_bytes", ({ candidate }) => candidate.tableBytes],
  ["technique_mispredictions_per_dispatch", ({ candidate }) => roundedRatio(candidate.mispredictionRate, 1)],
];
