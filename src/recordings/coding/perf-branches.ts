// Branches of a processor trace in text of perf script --itrace=b: one a line, oldest first.
//
//     jcc/miss,not_taken/            401007 =>           401009                                         -F ip,addr,flags
//   prog 2342 [001] 7721.12:  1 branches:uH:  jcc  401007 main+0x7 (prog) => 401005 main+0x5 (prog)     without -F
//
// The words in slashes (perf 6.15 and later) say whether the branch was mispredicted, and whether it was taken.
import { CALLS, CONDITIONAL, INDIRECT_JUMP, JUMP, RETURN } from "../../branch.ts";
import { UsageError } from "../../errors.ts";
import { quoted } from "./text-lines.ts";

/** No branch of a program: where the kernel, a debugger or a virtual machine takes over. */
export const NO_BRANCH = 0;
/** A jump, and a call, of which perf does not say whether it is indirect. */
export const ANY_JUMP = JUMP | INDIRECT_JUMP;
export const ANY_CALL = CALLS;

/** A branch as perf prints it. */
export interface PerfBranch {
  /** Flags of branch.ts, or NO_BRANCH. */
  readonly kind: number;
  /** perf's name of its kind; "" if there is none. */
  readonly name: string;
  /** Hexadecimal digits. */
  readonly from: string;
  readonly to: string;
  readonly taken: 0 | 1;
}

/** Flags before the address, one word or two. */
const FLAGS = new Map([
  ["call", ANY_CALL],
  ["return", RETURN],
  ["jcc", CONDITIONAL],
  ["jmp", ANY_JUMP],
  ...["tr strt", "tr end", "syscall", "sysret", "hw int", "iret", "int", "async", "tx abrt", "vmentry", "vmexit"].map(
    (name) => [name, NO_BRANCH] as const,
  ),
]);
/** Words allowed in slashes after a name. */
const NOT_TAKEN = "not_taken";
const EVENTS = ["miss", NOT_TAKEN];
/** Flags as letters, if perf has no name for them: they begin in the third column, which is otherwise blank. */
const LETTERS = /^[bcrosyiABExghDt]+$/;
const LETTERS_COLUMN = 2;
const STATE = /^\([xDt]+\)$/;
const ADDRESS = /^[\da-f]+$/;
const ARROW = "=>";
/** What perf prints before the flags unless -F says otherwise: process, processor, time, period, event. */
const PREFIX = /^.*?\sbranch(?:es)?[\w-]*(?::\w*)?:(?=\s)/;

/** The kind for flags given as letters: conditional, call, return, or NO_BRANCH. */
function kindOfLetters(letters: string): number {
  if (/[syiABEghDt]/.test(letters)) return NO_BRANCH;
  if (letters.includes("c")) return ANY_CALL | (letters.includes("o") ? CONDITIONAL : 0);
  if (letters.includes("r")) return RETURN | (letters.includes("o") ? CONDITIONAL : 0);
  return letters.includes("o") ? CONDITIONAL : ANY_JUMP;
}

/** A kind at the beginning of a line's words, its name, and how many words it takes. */
interface Flags {
  readonly kind: number;
  readonly name: string;
  readonly words: number;
}

const plain = (word = ""): string => word.replace(/\/.*/s, "");

function flagsOf(words: readonly string[], lettersPossible: boolean): Flags {
  const pair = `${words[0]} ${plain(words[1])}`;
  const two = FLAGS.get(pair);
  if (two !== undefined) {
    // further flags may follow where tracing begins or ends
    const more = words[0] === "tr" ? flagsOf(words.slice(2, 4), false).words : 0;
    return { kind: two, name: pair, words: 2 + more };
  }
  const name = plain(words[0]);
  const one = FLAGS.get(name);
  if (one !== undefined) return { kind: one, name, words: 1 };
  const address = words[STATE.test(words[1] ?? "") ? 2 : 1] ?? "";
  return lettersPossible && LETTERS.test(name) && ADDRESS.test(address)
    ? { kind: kindOfLetters(name), name, words: 1 }
    : { kind: ANY_JUMP, name: "", words: 0 };
}

/** Whether a branch was taken, from the words in slashes after its name. */
function takenOf(words: readonly string[]): 0 | 1 {
  const events = words.flatMap((word) => /^[^/]+\/(.*)$/.exec(word)?.[1].replace(/\/$/, "").split(",") ?? []);
  for (const event of events)
    if (!EVENTS.includes(event))
      throw new UsageError(`expected ${EVENTS.join(" or ")} in slashes after the kind of a branch, got ${quoted(event)}`);
  return events.includes(NOT_TAKEN) ? 0 : 1;
}

/**
 * The branch in a line; undefined if there is none.
 * @throws UsageError for an unknown word in slashes after its kind; the message does not give the line
 */
export function branchIn(text: string): PerfBranch | undefined {
  const line = text.replace(PREFIX, "");
  const arrow = line.indexOf(ARROW);
  if (arrow < 0) return undefined;
  const words = line.slice(0, arrow).trim().split(/\s+/);
  const [to] = line
    .slice(arrow + ARROW.length)
    .trim()
    .split(/\s+/);
  const flags = flagsOf(words, (line[LETTERS_COLUMN] ?? " ") !== " ");
  const from = words[flags.words + (STATE.test(words[flags.words] ?? "") ? 1 : 0)] ?? "";
  if (!ADDRESS.test(from) || !ADDRESS.test(to)) return undefined;
  return { kind: flags.kind, name: flags.name, from, to, taken: takenOf(words.slice(0, flags.words)) };
}

/** Whether a line is a branch beyond doubt: perf indents what it prints, and says of which kind it is. */
export function isBranch(text: string): boolean {
  if (!/^\s/.test(text) && !PREFIX.test(text)) return false;
  try {
    return (branchIn(text)?.name ?? "") !== "";
  } catch {
    return true;
  }
}
