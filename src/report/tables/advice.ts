// All of an advice, for people: what dispatch costs on each machine, what to gain by which means, what pays among opcodes.
import type { Advice, MachineAdvice } from "../../advise/advise.ts";
import { type Candidate, WORTH } from "../../advise/candidates.ts";
import { counted, whole } from "../../numbers.ts";
import { type Column, roundedRatio, yesOrNo } from "../../results/columns.ts";
import { bytesOf, kilobytes, mergeText, percent, subjectText, summaryTable, worthShowing } from "./advice-summary.ts";
import type { DocumentPart } from "./sheet.ts";

/** The dispatches as they were recorded, among all branches of the process, in a clause. */
function recordedText({ recorded }: MachineAdvice): string {
  if (recorded === undefined || recorded.dispatches === 0) return "";
  const { dispatches, mispredictions } = recorded;
  return `; as recorded, among all branches of the process, ${percent(mispredictions / dispatches)}`;
}

/** What dispatch costs today on a machine, in a sentence. */
function costText(advice: MachineAdvice): string {
  const { machine, title, cyclesPerInstruction, dispatchCyclesPerInstruction, now } = advice;
  const named = title === machine ? machine : `${machine} (${title})`;
  const share = percent(dispatchCyclesPerInstruction / cyclesPerInstruction);
  const missed = now.mispredictionRate === undefined ? "" : `; ${percent(now.mispredictionRate)} of dispatches mispredicted`;
  return `${named}: ${cyclesPerInstruction.toFixed(1)} cycles a virtual instruction, ${dispatchCyclesPerInstruction.toFixed(1)} of them (${share}) dispatch${missed}${recordedText(advice)}`;
}

/** What recordings say of an interpreter as it was compiled, and what they cannot say. */
function recordedParts(advice: Advice, all: boolean): DocumentPart[] {
  const { recorded } = advice;
  if (recorded === undefined) return [];
  const { interpreter, known, dispatches, sites, bodies, tableBodies, sharing, several, nativeInstructions, interpreting, opcodes } =
    recorded;
  const where = interpreter === undefined ? "" : ` in ${interpreter}`;
  const named = known === undefined ? "" : `, named as in ${known}`;
  const table = tableBodies === undefined ? "" : ` of ${whole(tableBodies)}`;
  const ways = `${counted(bodies, "body", "bodies")}${table} executed${where}${named}; they are left through ${counted(sites.length, "dispatch branch", "dispatch branches")}`;
  const shares =
    sites.length === 1
      ? ""
      : `, and ${sharing === 0 ? "none shares one" : `${whole(sharing)} share one with another body`}${several === 0 ? "" : `, ${whole(several)} have several`}`;
  const parts: DocumentPart[] = [
    `${ways}${shares}. ${(interpreting / dispatches).toFixed(1)} native instructions from one dispatch to the next, with all that bodies call; ${percent(interpreting / nativeInstructions)} of the process's run between the first and the last.`,
  ];
  const merged = mergeText(advice);
  if (merged !== undefined) parts.push(merged);
  if (!all) return parts;
  return [
    ...parts,
    {
      title: "Opcodes executed most",
      head: ["opcode", "source", "executed", "share", "native instructions to the next dispatch"],
      rows: opcodes
        .slice(0, MOST_OPCODES)
        .map(({ name, source = "", executed, instructions }) => [
          name,
          source,
          whole(executed),
          percent(executed / dispatches),
          instructions.toFixed(1),
        ]),
      left: 2,
    },
  ];
}

const MOST_OPCODES = 20;

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
export function shownBy({ programs, simulated, kept, bodies, now, size, machines, recorded }: Advice): string {
  if (!kept) return `bplab advise ${programs.join(" ")} --keep=FOLDER, which keeps the log of opcodes for bplab simulate`;
  const techniques = new Set([now, ...machines.flatMap(({ best }) => best.map(({ technique }) => technique))]);
  const names = machines.map(({ machine }) => machine).join(",");
  const sized = recorded !== undefined || size === "test" ? "" : ` --size=${size}`;
  const measured = bodies === undefined ? "" : ` --bodies=${bodies}`;
  return `bplab simulate ${simulated.join(" ")}${measured} --technique=${[...techniques].join(",")} --machine=${names}${sized}`;
}

/** Sequences or pairs of opcodes with their shares of dispatches: a table, or a sentence. */
function sequencesPart(title: string, sequences: readonly (readonly [opcodes: string, share: number])[], asTable: boolean): DocumentPart {
  if (asTable) return { title, head: ["opcodes", "share"], rows: sequences.map(([opcodes, share]) => [opcodes, percent(share)]), left: 1 };
  return `${title}: ${sequences.map(([opcodes, share]) => `[${opcodes}] ${percent(share)}`).join(", ")}.`;
}

function superinstructionsPart(advice: Advice, asTable: boolean): DocumentPart {
  const superinstructions = worthShowing(advice);
  if (superinstructions.length === 0)
    return "Superinstructions: no basic block has two opcodes whose combination saves 0.1 % of the dispatches.";
  return sequencesPart(
    `Superinstructions, with the dispatches that each saves${advice.addresses ? "" : " at most"} beside those before it`,
    superinstructions.map(({ opcodes, share }) => [opcodes.join(" "), share]),
    asTable,
  );
}

function pairsPart({ pairs, machines: [{ machine }], nowText }: Advice, asTable: boolean): DocumentPart {
  if (pairs.length === 0) return `No dispatch of ${nowText} is mispredicted on ${machine}.`;
  return sequencesPart(
    `Pairs of opcodes mispredicted most on ${machine}, with their shares of its mispredicted dispatches`,
    pairs.map(({ opcode, next, share }) => [`${opcode} ${next}`, share]),
    asTable,
  );
}

/** @param all whether to show the best technique of every means, advised or not, and tables in the place of long sentences */
export function adviceParts(advice: Advice, all = false): DocumentPart[] {
  const { machines, layoutSeeds, addresses } = advice;
  return [
    subjectText(advice),
    summaryTable(advice),
    ...recordedParts(advice, all),
    ...machines.flatMap((machine) => [machinePart(machine, all), ...machine.doubts]),
    superinstructionsPart(advice, all),
    pairsPart(advice, all),
    ...(addresses
      ? []
      : [
          "Virtual addresses are not known: what copies or generates code for each instruction of a program, replicas and superinstructions as techniques are left out, and a sequence saves less than shown where control enters or leaves it in the middle. A log address,opcode says more.",
        ]),
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
  [
    "recorded_mispredictions_per_dispatch",
    ({ machine: { recorded } }) => roundedRatio(recorded?.mispredictions, recorded?.dispatches ?? 1),
  ],
  ["means", ({ candidate }) => candidate.means],
  ["technique", ({ candidate }) => candidate.technique],
  ["speedup", ({ candidate }) => roundedRatio(candidate.speedup, 1)],
  ["speedup_low", ({ candidate }) => roundedRatio(candidate.range[0], 1)],
  ["speedup_high", ({ candidate }) => roundedRatio(candidate.range[1], 1)],
  ["layouts", ({ candidate }) => candidate.layouts],
  ["advised", ({ machine, candidate }) => yesOrNo(machine.advised.includes(candidate))],
  ["code_bytes", ({ candidate }) => candidate.codeBytes],
  ["table_bytes", ({ candidate }) => candidate.tableBytes],
  ["technique_mispredictions_per_dispatch", ({ candidate }) => roundedRatio(candidate.mispredictionRate, 1)],
];
