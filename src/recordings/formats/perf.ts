// Text of Linux's perf with branches that a processor recorded (perf-script, perf-intel-pt manuals), in one of two layouts:
//
//   perf script -F ip,sym,brstack         a sample per line, its branches newest first: 0xFROM/0xTO/P/-/-/CYCLES/COND
//   perf script --itrace=b -F ip,addr,flags   a branch per line, oldest first:   jcc   401007 =>   401005
//
// Neither says how many instructions ran, and most versions print no branches that fall through in the second.
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP } from "../../branch.ts";
import { UsageError } from "../../errors.ts";
import { counted } from "../../numbers.ts";
import { highOfDigits, lowOfDigits } from "../addresses.ts";
import { ANY_CALL, ANY_JUMP, branchIn, isBranch, NO_BRANCH, type PerfBranch } from "../coding/perf-branches.ts";
import { BRANCHES_COMMAND, createOtherLines, perfLayoutOf, SAMPLES_COMMAND } from "../coding/perf-others.ts";
import { branchesOfSample, isSample } from "../coding/perf-samples.ts";
import { quoted, readLines } from "../coding/text-lines.ts";
import { untakenNotes } from "../coding/untaken.ts";
import { MAX_EVENTS, tooManyBranches } from "../events.ts";
import { createPackets } from "../packets.ts";
import type { ByteSource, RecordingFormat, RecordingSink, RecordingTotals } from "../recording.ts";

const isBlank = (line: string): boolean => /^\s*(#|$)/.test(line);

async function read(source: ByteSource, sink: RecordingSink): Promise<RecordingTotals> {
  const packets = createPackets(sink);
  const others = createOtherLines();
  /** First target, by address, of jumps and calls that perf does not mark as direct or indirect. */
  const first = new Map<string, string>();
  let samples = 0;
  let line = 0;
  let guessed = 0;
  let unnamed = 0;
  let fellThrough = 0;

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
  function add({ kind, name, from, to, taken }: PerfBranch): void {
    if (kind === NO_BRANCH) {
      others.leaveOut(name);
      return;
    }
    for (const digits of [from, to])
      if (digits.length > 16) throw new UsageError(`expected an address of at most 64 bits, got ${quoted(digits)}`);
    if (name === "" || name === "-") unnamed++;
    if (taken === 0) fellThrough++;
    packets.add({
      pc: lowOfDigits(from),
      pcHigh: highOfDigits(from),
      target: lowOfDigits(to),
      targetHigh: highOfDigits(to),
      // a branch that falls through has a condition
      kind: taken === 0 && kind === ANY_JUMP ? CONDITIONAL : kindAt(kind, from, to),
      taken,
      gap: 1,
    });
  }
  function readLine(text: string): void {
    if (isSample(text)) {
      samples++;
      for (const branch of branchesOfSample(text)) add(branch);
      return;
    }
    const branch = samples > 0 ? undefined : branchIn(text);
    if (branch !== undefined) add(branch);
    // a sample may have no branches: an address, a symbol
    else if (samples === 0 || !/^\s*[\da-f]+(\s|$)/i.test(text)) others.add(text, line);
  }
  await readLines(source, (text, number) => {
    line = number;
    if (isBlank(text)) return;
    try {
      readLine(text);
    } catch (error) {
      throw error instanceof UsageError && error.message.startsWith("expected")
        ? new UsageError(`${error.message} in line ${line}`)
        : error;
    }
  });
  packets.flush();
  if (line === 0) throw new UsageError("it is empty, expected text of perf script");
  const { branches, untaken } = packets;
  if (branches === 0) {
    const what = others.layout === undefined ? "" : `it looks like what perf prints with ${others.layout}; `;
    throw new UsageError(`it holds no branches that can be read: ${what}print them with ${SAMPLES_COMMAND} or ${BRANCHES_COMMAND}`);
  }
  if (samples === 0 && unnamed === branches)
    throw new UsageError(`it does not say of any branch which kind it is: print them with ${BRANCHES_COMMAND}`);
  const notes = ["perf does not print how many instructions ran: each branch counts as one."];
  if (samples > 0) notes.push("Its samples overlap or leave branches out between them, and most processors record only taken ones.");
  else if (fellThrough === 0) notes.push("perf printed no branches that fall through: every conditional in it is taken.");
  if (samples > 0 && unnamed > 0)
    notes.push(
      `Of ${counted(unnamed, "branch", "branches")} perf does not say which kind they are (perf record -j any,u,save_type does): ` +
        "conditionals, calls and returns among them count as jumps.",
    );
  if (guessed > 0)
    notes.push(
      `Of ${counted(guessed, "branch", "branches")} perf does not say whether they are indirect: they are so from the second target of their address on.`,
    );
  notes.push(...untakenNotes(untaken), ...others.sentences());
  return { format: samples > 0 ? "perf-brstack" : "perf-itrace", instructions: branches, notes, sampled: samples > 0 };
}

const perf: RecordingFormat = {
  file: "text of perf script with branches",
  endings: [".perf"],
  recognises(start) {
    const lines = Buffer.from(start)
      .toString("latin1")
      .split("\n")
      .filter((text) => !isBlank(text));
    return (
      lines.some((line) => isSample(line) || isBranch(line) || perfLayoutOf(line) !== undefined) ||
      // without a kind it must be the first line, indented
      (/^\s/.test(lines[0] ?? "") && branchIn(lines[0]) !== undefined)
    );
  },
  read,
};
export default perf;
