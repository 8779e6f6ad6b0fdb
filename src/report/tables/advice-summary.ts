// Advice in about ten lines: one table of machines beside each other, then what pays among opcodes. The rest is in advice.ts.
import type { Advice, MachineAdvice } from "../../advise/advise.ts";
import { type Candidate, WORTH } from "../../advise/candidates.ts";
import { MEANS } from "../../dispatch/native-code.ts";
import { counted, whole } from "../../numbers.ts";
import { groupBy } from "../../results/group-by.ts";
import type { DocumentPart, Sheet } from "./sheet.ts";

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** "+40.1 kB" */
export function kilobytes(bytes: number): string {
  const text = (Math.abs(bytes) / 1000).toFixed(1);
  return `${text === "0.0" ? "" : bytes < 0 ? "-" : "+"}${text} kB`;
}

export const bytesOf = ({ codeBytes, tableBytes }: Candidate): number => codeBytes + tableBytes;

/** Fewer virtual instructions than this are a short run. */
const SHORT_RUN = 10_000;

/** Which programs, of what length, dispatched how. */
export function subjectText({ programs, virtualInstructions, nowText, size, recorded, window }: Advice): string {
  const cut = window !== undefined ? ` (the first ${whole(window)})` : recorded === undefined ? ` (size ${size})` : "";
  const known = recorded?.known === undefined ? "" : ` of ${recorded.known}`;
  const where = recorded?.interpreter === undefined ? "" : ` in ${recorded.interpreter}`;
  const counts = `${programs.join(", ")}: ${counted(virtualInstructions, "virtual instruction")}${cut}${known}${where}, dispatched by ${nowText} today.`;
  return virtualInstructions < SHORT_RUN ? `${counts} That is a short run: predictors have hardly learned it.` : counts;
}

/** Recorded dispatches are mispredicted this many times as often as the model's, or more, where it is said why. */
const FAR = 1.5;

/** Why recorded dispatches are mispredicted more often than the same ones in the model. */
function historyText({ machines }: Advice): string[] {
  const differs = machines.some(
    ({ recorded, now }) =>
      recorded !== undefined && recorded.mispredictions > FAR * (now.mispredictionRate ?? Number.POSITIVE_INFINITY) * recorded.dispatches,
  );
  return differs
    ? ["As recorded, all branches of the process share the predictor; the model of today and of other techniques replays dispatches alone."]
    : [];
}

/** Sequences that save less than this are not shown. */
const LEAST_SHARE = 0.001;

export const worthShowing = ({ superinstructions }: Advice): Advice["superinstructions"] =>
  superinstructions.filter(({ share }) => share >= LEAST_SHARE);

/**
 * What a compiler made of the dispatches, where it may have merged them. For 12 bodies gcc 12.2 -O2 left 2 branches, with
 * -fno-crossjumping 13, with -fno-gcse, which GCC's manual names, 2.
 */
export function mergeText({ recorded, now, machines }: Advice): string | undefined {
  if (recorded === undefined) return undefined;
  const { bodies, sites, sharing, known, opcodes } = recorded;
  if (now.startsWith("call-threading")) return "One loop calls a function for each opcode: its call is the only dispatch branch.";
  const apart = machines.flatMap(({ best }) => best.filter(({ means }) => means === "computed goto"));
  const idle = apart.length > 0 && machines.every(({ advised }) => advised.length === 0);
  const remedy = idle
    ? `Keeping computed gotos apart is not sure to gain ${percent(WORTH - 1)} either.`
    : "To keep computed gotos apart, compile that function with -fno-crossjumping -fno-gcse (gcc), or make each body a function that ends in a tail call (musttail): bplab compilers counts what is left.";
  if (sites.length === 1 && bodies > 1)
    return known === undefined
      ? `One branch dispatches for all: the source has a switch, or computed gotos that the compiler merged. ${remedy}`
      : `The compiler merged the dispatches of these ${bodies} bodies into one branch. ${remedy}`;
  const users = groupBy(opcodes, ({ site }) => site ?? "");
  const shared = [...users].filter(([site, all]) => site !== "" && all.length > 1);
  return sharing * 2 > bodies
    ? `The compiler merged the dispatches of ${sharing} bodies into ${counted(shared.length, "branch", "branches")}. ${remedy}`
    : undefined;
}

/** Sequences and pairs of opcodes that are shown. */
const MOST_SHOWN = 3;

const BYTES = "code and tables";
const NONE = "-";

const range = ({ range: [least, most] }: Candidate): string => `${least.toFixed(2)}–${most.toFixed(2)}`;

/** What dispatch costs today, then a row for each technique that is advised on one of the machines, the least means first. */
export function summaryTable({ machines }: Advice): Sheet {
  const costs = ({ cyclesPerInstruction, dispatchCyclesPerInstruction }: MachineAdvice): string =>
    `${cyclesPerInstruction.toFixed(1)} (${(100 * (dispatchCyclesPerInstruction / cyclesPerInstruction)).toFixed(0)} %)`;
  const rate = (value: number | undefined): string => (value === undefined ? NONE : percent(value));
  const advised = MEANS.flatMap((means) => {
    const all = machines.flatMap((machine) => machine.advised.filter((one) => one.means === means));
    return [...new Map(all.map((one) => [one.technique, one])).values()];
  });
  const recorded = machines.some((machine) => machine.recorded !== undefined);
  return {
    head: ["means", "times as fast with", ...machines.map(({ machine }) => machine), BYTES],
    rows: [
      ["today", "cycles each (for dispatch)", ...machines.map(costs), ""],
      ["", "dispatches mispredicted", ...machines.map(({ now }) => rate(now.mispredictionRate)), ""],
      ...(recorded
        ? [["", "mispredicted as recorded", ...machines.map(({ recorded: on }) => rate(on && on.mispredictions / on.dispatches)), ""]]
        : []),
      ...advised.map((one) => [
        one.means,
        one.technique,
        ...machines.map((machine) => {
          const found = machine.advised.find(({ technique }) => technique === one.technique);
          return found === undefined ? NONE : range(found);
        }),
        kilobytes(bytesOf(one) - bytesOf(machines[0].now)),
      ]),
    ],
    left: 2,
    drops: [BYTES],
    folds: true,
  };
}

/** Where nothing is worth the work. */
function leaveIt({ machines }: Advice): string[] {
  const idle = machines.filter(({ advised }) => advised.length === 0).map(({ machine }) => machine);
  return idle.length === 0
    ? []
    : [
        `Leave it as it is on ${idle.join(", ")}: no technique is faster by ${percent(WORTH - 1)} or more for every value of what is not known.`,
      ];
}

/** @returns a table and a few sentences */
export function adviceSummary(advice: Advice): DocumentPart[] {
  const { machines, pairs, addresses } = advice;
  const superinstructions = worthShowing(advice);
  const merged = mergeText(advice);
  const sentences = [
    ...machines.flatMap(({ doubts }) => doubts),
    ...leaveIt(advice),
    ...historyText(advice),
    ...(merged === undefined ? [] : [merged]),
    ...(superinstructions.length === 0
      ? []
      : [
          `Superinstructions save dispatches${addresses ? "" : ", at most"}: ${superinstructions
            .slice(0, MOST_SHOWN)
            .map(({ opcodes, share }) => `[${opcodes.join(" ")}] ${percent(share)}`)
            .join(", ")}.`,
        ]),
    ...(pairs.length === 0
      ? []
      : [
          `Of the mispredictions on ${machines[0].machine}: ${pairs
            .slice(0, MOST_SHOWN)
            .map(({ opcode, next, share }) => `[${opcode} ${next}] ${percent(share)}`)
            .join(", ")}.`,
        ]),
    ...(addresses
      ? []
      : ["Techniques that copy or generate code, replicas and superinstructions need virtual addresses, which are not known here."]),
    "The reasons, and the command that shows the numbers: --verbose, or --report=advice.html.",
  ];
  return [subjectText(advice), summaryTable(advice), sentences.join("\n")];
}
