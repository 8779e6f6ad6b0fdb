// Prepared scenes for a lecture: each a state of the page with a question, a prediction to make before the answer is shown, and
// the claim that it belongs to. The right choice is not written here: it is computed from what the lab answers.

import type { Explanation } from "../workbench/explanation.ts";
import type { ResultRecord } from "./protocol.ts";
import { dispatchesOf, SHOWN } from "./questions.ts";
import { fragmentOf, START, type State, stateOf } from "./state.ts";

/** What the lab has answered in a scene: rows by column of the table, or the explanation of each side. */
export interface Answers {
  readonly columns: readonly (readonly ResultRecord[])[];
  readonly sides: readonly Explanation[];
}

export interface Scene {
  readonly id: string;
  readonly title: string;
  readonly state: State;
  readonly question: string;
  readonly choices: readonly string[];
  /** Index of the right choice, and the numbers that say so; undefined until the lab has answered enough. */
  readonly answer: (answers: Answers) => { readonly choice: number; readonly because: string } | undefined;
  /** What to look at then. */
  readonly lesson: string;
  /** The id of the published claim: `bplab reproduce C20`. */
  readonly claim: string;
}

/** Mispredicted dispatches of 100 virtual instructions; undefined until it is known. */
function rateOf(rows: readonly ResultRecord[] | undefined, technique: string): number | undefined {
  const row = dispatchesOf(rows ?? [], technique);
  return row === undefined ? undefined : SHOWN.rate.value(row);
}

const said = (rate: number): string => `${SHOWN.rate.text(rate)} of 100`;

/** Index of the number that is nearest. */
function nearest(value: number, numbers: readonly number[]): number {
  const distances = numbers.map((number) => Math.abs(number - value));
  return distances.indexOf(Math.min(...distances));
}

/** Index of the range in which a number lies: below the first bound, from there to the second, … */
const rangeOf = (value: number, bounds: readonly number[]): number => bounds.filter((bound) => value >= bound).length;

const table = (changed: Partial<State>): State => ({ ...START, ...changed });

const DECADES = ["pentium-mmx", "pentium-4-northwood", "pentium-m", "nehalem", "haswell", "golden-cove"] as const;
const DECADE_TITLES = ["Pentium MMX", "Pentium 4", "Pentium M", "Nehalem", "Haswell", "Golden Cove"];
const COPYING = ["direct-threading", "dynamic-replication", "dynamic-superinstructions", "dynamic-both"];

export const SCENES: readonly Scene[] = [
  {
    id: "context-problem",
    title: "The context problem",
    state: table({ view: "steps", loop: "A B A GOTO" }),
    question:
      "A loop of four virtual instructions, A B A GOTO, and a branch target buffer. A switch mispredicts all four dispatches in each iteration. How many does direct threading, where every body has a branch of its own, mispredict?",
    choices: ["0", "1", "2", "3", "4"],
    answer({ sides: [, threaded] }) {
      if (threaded === undefined) return undefined;
      const { missesPerIteration, dispatchesPerIteration } = threaded;
      return { choice: missesPerIteration, because: `${missesPerIteration} of ${dispatchesPerIteration} in each iteration` };
    },
    lesson:
      "Step through it: the branch at the end of A is in two contexts. After the first A comes B, after the second GOTO, and the buffer has one entry for both.",
    claim: "C20",
  },
  {
    id: "decades",
    title: "Switch against threading through the decades",
    state: table({ techniques: ["switch", "direct-threading"], predictors: [], machines: DECADES }),
    question:
      "On six processors of Intel from 1997 to 2021: on which is a switch for the first time mispredicted in fewer than 5 of 100 virtual instructions?",
    choices: [...DECADE_TITLES, "on none"],
    answer({ columns }) {
      const rates = DECADES.map((_, i) => rateOf(columns[i], "switch"));
      if (rates.some((rate) => rate === undefined)) return undefined;
      const first = rates.findIndex((rate) => Number(rate) < 5);
      const list = DECADE_TITLES.map((title, i) => `${title} ${SHOWN.rate.text(Number(rates[i]))}`).join(", ");
      return { choice: first < 0 ? DECADES.length : first, because: `mispredicted of 100: ${list}` };
    },
    lesson:
      "Compare the rows: threading gains most on processors that predict by the last target, and little where a history tells them the path.",
    claim: "C32",
  },
  {
    id: "copies",
    title: "Replication and superinstructions",
    state: table({ techniques: COPYING, predictors: ["btb"] }),
    question:
      "A copy of the body for every instruction that is loaded, one body for each basic block, or both: which mispredicts least on a branch target buffer?",
    choices: COPYING,
    answer({ columns: [rows] }) {
      const rates = COPYING.map((technique) => rateOf(rows, technique));
      if (rates.some((rate) => rate === undefined)) return undefined;
      const list = COPYING.map((technique, i) => `${technique} ${SHOWN.rate.text(Number(rates[i]))}`).join(", ");
      return { choice: rates.indexOf(Math.min(...rates.map(Number))), because: `mispredicted of 100 virtual instructions: ${list}` };
    },
    lesson:
      "Copies give each context a branch of its own; superinstructions leave fewer dispatches to predict. Show cycles, and look at the code bytes: copies cost memory.",
    claim: "C43",
  },
  {
    id: "return-stack",
    title: "A return stack predicts subroutine threading",
    state: table({ techniques: ["subroutine-threading", "direct-threading"], predictors: ["btb", "btb:returns+no-return-stack"] }),
    question:
      "Subroutine threading calls every body, and returns. With a stack of 16 return addresses, how many of 100 virtual instructions end in a mispredicted dispatch?",
    choices: ["fewer than 20", "20 to 50", "50 to 80", "80 or more"],
    answer({ columns: [stack, none] }) {
      const [rate, without] = [rateOf(stack, "subroutine-threading"), rateOf(none, "subroutine-threading")];
      if (rate === undefined || without === undefined) return undefined;
      return { choice: rangeOf(rate, [20, 50, 80]), because: `${said(rate)}; without a return stack ${said(without)}` };
    },
    lesson:
      "What remains are virtual branches. Without the stack, returns go to the buffer, which knows the last caller alone: the right column.",
    claim: "C30",
  },
  {
    id: "ittage",
    title: "ITTAGE learns a switch",
    state: table({ techniques: ["switch"], predictors: ["btb", "ittage"] }),
    question:
      "A switch has one indirect branch for all virtual instructions. How many of 100 does ITTAGE, which knows long histories, mispredict?",
    choices: ["fewer than 5", "5 to 25", "25 to 75", "75 or more"],
    answer({ columns: [buffer, history] }) {
      const [btb, ittage] = [rateOf(buffer, "switch"), rateOf(history, "switch")];
      if (btb === undefined || ittage === undefined) return undefined;
      return { choice: rangeOf(ittage, [5, 25, 75]), because: `${said(ittage)}; the branch target buffer ${said(btb)}` };
    },
    lesson:
      "The history of targets says which virtual instructions have just run, even though they share a branch. Step through a loop with ittage to see which table answers.",
    claim: "C46",
  },
  {
    id: "merged",
    title: "A compiler merges your dispatch",
    state: table({ techniques: ["direct-threading", "direct-threading:merge=all", "switch"], predictors: ["btb"] }),
    question:
      "A compiler merges the indirect jumps of threaded code into one, to save space. How many of 100 does the branch target buffer then mispredict?",
    choices: ["as many as before", "half as many more", "as many as with a switch"],
    answer({ columns: [rows] }) {
      const [own, merged, shared] = ["direct-threading", "direct-threading:merge=all", "switch"].map((technique) =>
        rateOf(rows, technique),
      );
      if (own === undefined || merged === undefined || shared === undefined) return undefined;
      return {
        choice: nearest(merged, [own, own * 1.5, shared]),
        because: `${said(merged)}; with a jump for each body ${said(own)}, with a switch ${said(shared)}`,
      };
    },
    lesson: "The source still says computed goto; the branch predictor sees one branch. `bplab compilers` says what your compilers do.",
    claim: "C12",
  },
];

export const sceneOf = (id: string): Scene | undefined => SCENES.find((scene) => scene.id === id);

/** The state of an address: that of a scene if it says nothing but the scene's name, #scene=context-problem. */
export function stateAt(fragment: string): State {
  const state = stateOf(fragment);
  const scene = sceneOf(state.scene);
  return scene === undefined || fragmentOf(state) !== fragmentOf({ ...START, scene: scene.id })
    ? state
    : { ...scene.state, scene: scene.id };
}
