// What Linux's perf prints of the branches that a processor recorded (perf-script, perf-intel-pt manuals), in either layout:
//
//   perf script -F ip,sym,brstack         a sample a line, its branches newest first: 0xFROM/0xTO/P/-/-/CYCLES/COND
//   perf script --itrace=b -F ip,addr,flags   a branch a line, oldest first:   jcc   401007 =>   401005
//
// Neither says how many instructions ran, and the second has no branches that fall through.
import { CALL, CALLS, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../branch.ts";
import { UsageError } from "../../errors.ts";
import { highOfDigits, lowOfDigits } from "../addresses.ts";
import { quoted, readLines } from "../coding/text-lines.ts";
import { MAX_EVENTS, tooManyBranches } from "../events.ts";
import { createPackets } from "../packets.ts";
import type { ByteSource, RecordingFormat, RecordingSink, RecordingTotals } from "../recording.ts";

/** No branch of a program: where the kernel, a debugger or a virtual machine takes over. */
const NO_BRANCH = 0;
/** A jump, and a call, of which perf does not say whether it is indirect. */
const ANY_JUMP = JUMP | INDIRECT_JUMP;
const ANY_CALL = CALLS;

/** What stands behind the cycles of a sample's branch. All other names are of what is no branch of a program. */
const TYPES = new Map([
  ["COND", CONDITIONAL],
  ["UNCOND", JUMP],
  ["IND", INDIRECT_JUMP],
  ["CALL", CALL],
  ["IND_CALL", INDIRECT_CALL],
  ["RET", RETURN],
  ["COND_CALL", CALL | CONDITIONAL],
  ["COND_RET", RETURN | CONDITIONAL],
]);
const ENTRY = /0x([\da-f]+)\/0x([\da-f]+)\/(\S*)/gi;
/** Fields behind the two addresses: event, transaction, abort, cycles, and in newer versions type and speculation. */
const FEWEST_FIELDS = 4;
const TYPE_FIELD = 4;
const WRONG_PATH = "SPEC_WRONG_PATH";

/** What stands before the address in the other layout, in one word or two. */
const FLAGS = new Map([
  ["call", ANY_CALL],
  ["return", RETURN],
  ["jcc", CONDITIONAL],
  ["jmp", ANY_JUMP],
  ...["tr strt", "tr end", "syscall", "sysret", "hw int", "iret", "int", "async", "tx abrt", "vmentry", "vmexit"].map(
    (name) => [name, NO_BRANCH] as const,
  ),
]);
/** Letters instead, where perf has no name for them: they begin in the third column, which is blank where there are none. */
const LETTERS = /^[bcrosyiABExghDt]+$/;
const LETTERS_COLUMN = 2;
const STATE = /^\([xDt]+\)$/;
const ADDRESS = /^[\da-f]+$/;
const ARROW = "=>";

/** What letters say: conditional, call, return, or whatever a program does not do itself. */
function kindOfLetters(letters: string): number {
  if (/[syiABEghDt]/.test(letters)) return NO_BRANCH;
  if (letters.includes("c")) return ANY_CALL | (letters.includes("o") ? CONDITIONAL : 0);
  if (letters.includes("r")) return RETURN | (letters.includes("o") ? CONDITIONAL : 0);
  return letters.includes("o") ? CONDITIONAL : ANY_JUMP;
}

interface Line {
  readonly kind: number;
  readonly from: string;
  readonly to: string;
}

/** Words without the events that newer versions put behind them in slashes. */
const wordsOf = (text: string): string[] =>
  text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/\/.*/s, ""));

/** What words begin with: a kind, and how many of them say so. */
function flagsOf(words: readonly string[], lettersPossible: boolean): readonly [kind: number, words: number] {
  const two = FLAGS.get(`${words[0]} ${words[1]}`);
  if (two !== undefined) {
    // where tracing begins or ends something else may stand behind
    const [, more] = words[0] === "tr" ? flagsOf(words.slice(2, 4), false) : [0, 0];
    return [two, 2 + more];
  }
  const one = FLAGS.get(words[0]);
  if (one !== undefined) return [one, 1];
  const address = words[STATE.test(words[1] ?? "") ? 2 : 1] ?? "";
  return lettersPossible && LETTERS.test(words[0]) && ADDRESS.test(address) ? [kindOfLetters(words[0]), 1] : [ANY_JUMP, 0];
}

/** A line of the layout with a branch a line; undefined if it is none. */
function branchIn(line: string): Line | undefined {
  const arrow = line.indexOf(ARROW);
  if (arrow < 0) return undefined;
  const words = wordsOf(line.slice(0, arrow));
  const [to] = wordsOf(line.slice(arrow + ARROW.length));
  const [kind, flags] = flagsOf(words, (line[LETTERS_COLUMN] ?? " ") !== " ");
  const from = words[flags + (STATE.test(words[flags] ?? "") ? 1 : 0)] ?? "";
  return ADDRESS.test(from) && ADDRESS.test(to) ? { kind, from, to } : undefined;
}

const isSample = (line: string): boolean => /\s0x[\da-f]+\/0x[\da-f]+\//i.test(line);
const isBlank = (line: string): boolean => /^\s*(#|$)/.test(line);

async function read(source: ByteSource, sink: RecordingSink): Promise<RecordingTotals> {
  const packets = createPackets(sink);
  /** Where jumps and calls of which perf does not say whether they are indirect went first, by address. */
  const first = new Map<string, string>();
  let layout: "samples" | "branches" | undefined;
  let line = 0;
  let left = 0;
  let guessed = 0;

  const expected = (what: string, got: string): UsageError => new UsageError(`expected ${what}, got ${quoted(got)} in line ${line}`);
  function kindAt(kind: number, from: string, to: string): number {
    const jumpOrCall = kind & (ANY_JUMP | ANY_CALL);
    if (jumpOrCall !== ANY_JUMP && jumpOrCall !== ANY_CALL) return kind;
    guessed++;
    const known = first.get(from);
    if (known === undefined) {
      if (first.size === MAX_EVENTS) throw tooManyBranches();
      first.set(from, to);
    } else if (known !== to) first.set(from, "");
    const direct = known === undefined || known === to;
    return (kind & ~jumpOrCall) | (jumpOrCall & (direct ? JUMP | CALL : INDIRECT_JUMP | INDIRECT_CALL));
  }
  function add(kind: number, from: string, to: string, taken: 0 | 1): void {
    for (const digits of [from, to]) if (digits.length > 16) throw expected("an address of at most 64 bits", digits);
    packets.add({
      pc: lowOfDigits(from),
      pcHigh: highOfDigits(from),
      target: lowOfDigits(to),
      targetHigh: highOfDigits(to),
      kind: kindAt(kind, from, to),
      taken,
      gap: 1,
    });
  }
  function readSample(text: string): void {
    const entries = [...text.matchAll(ENTRY)];
    if (entries.length === 0 && !/^\s*[\da-f]+(\s|$)/i.test(text)) throw expected("a sample: address, symbol, branches", text);
    for (const [entry, from, to, rest] of entries.reverse()) {
      const fields = rest.split("/");
      if (fields.length < FEWEST_FIELDS) throw expected("a branch such as 0x401061/0x401055/P/-/-/5/RET", entry);
      const type = fields[TYPE_FIELD] ?? "";
      const kind = type === "" || type === "-" ? ANY_JUMP : (TYPES.get(type) ?? NO_BRANCH);
      const taken = fields[0].includes("N") ? 0 : 1;
      if (kind === NO_BRANCH || fields.includes(WRONG_PATH) || (taken === 0 && !(kind & CONDITIONAL))) left++;
      else add(kind, from, to, taken);
    }
  }
  function readBranch(text: string): void {
    const branch = branchIn(text);
    if (branch === undefined) throw expected("a branch such as jcc 401007 => 401005", text);
    if (branch.kind === NO_BRANCH) left++;
    else add(branch.kind, branch.from, branch.to, 1);
  }
  await readLines(source, (text, number) => {
    line = number;
    if (isBlank(text)) return;
    layout ??= isSample(text) ? "samples" : "branches";
    if (layout === "samples") readSample(text);
    else readBranch(text);
  });
  packets.flush();
  if (line === 0) throw new UsageError("it is empty, expected text of perf script");
  if (packets.branches === 0) throw new UsageError("it holds no branches");
  const notes = [
    "perf does not print how many instructions ran: each branch counts as one.",
    layout === "samples"
      ? "Its samples overlap or leave branches out between them, and most processors record only taken ones."
      : "perf prints no branches that fall through: every conditional in it is taken.",
  ];
  if (guessed > 0)
    notes.push(
      `Of ${guessed} branches perf does not say whether they are indirect: they are so from the second target of their address on.`,
    );
  if (left > 0) notes.push(`${left} lines or entries are left out: interrupts, system calls, wrong paths, where tracing begins and ends.`);
  return { format: layout === "samples" ? "perf-brstack" : "perf-itrace", instructions: packets.branches, notes };
}

const perf: RecordingFormat = {
  file: "text of perf script with branches",
  endings: [".perf"],
  recognises(start) {
    const lines = Buffer.from(start).toString("latin1").split("\n");
    const line = lines.find((text) => !isBlank(text)) ?? "";
    // perf indents what it prints
    return isSample(line) || (line.startsWith(" ") && branchIn(line) !== undefined);
  },
  read,
};
export default perf;
