// Samples of branch stacks in text of perf script: a line with branches, newest first, in one of these ways:
//
//   0xFROM/0xTO/P/-/-/CYCLES/COND/-                 -F brstack
//   0xFROM(FILE)/0xTO(FILE)/P/-/-/CYCLES/COND/-     -F brstack,dso
//
// The first field after the addresses says how the branch was predicted (M, P or -), and N if it was not taken.
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../branch.ts";
import { UsageError } from "../../errors.ts";
import { ANY_JUMP, NO_BRANCH, type PerfBranch } from "./perf-branches.ts";
import { quoted } from "./text-lines.ts";

/** Types of branches of programs that may follow the cycles. */
const TYPES = new Map([
  ["", ANY_JUMP],
  ["-", ANY_JUMP],
  ["COND", CONDITIONAL],
  ["UNCOND", JUMP],
  ["IND", INDIRECT_JUMP],
  ["CALL", CALL],
  ["IND_CALL", INDIRECT_CALL],
  ["RET", RETURN],
  ["COND_CALL", CALL | CONDITIONAL],
  ["COND_RET", RETURN | CONDITIONAL],
]);
/** The file of an address, in brackets; names of deleted files contain brackets, too. */
const FILE = String.raw`(?:\s?\((?:[^()]|\([^()]*\))*\))?`;
const ENTRY = new RegExp(String.raw`(?<!\S)0x([\da-f]+)${FILE}\/0x([\da-f]+)${FILE}\/(\S*)`, "gi");
const ANY_ENTRY = new RegExp(ENTRY.source, "i");
/** Fields after the two addresses: prediction, transaction, abort, cycles, and in newer versions type and speculation. */
const FEWEST_FIELDS = 4;
const TYPE_FIELD = 4;
const WRONG_PATH = "SPEC_WRONG_PATH";

export const isSample = (line: string): boolean => ANY_ENTRY.test(line);

/** The branches of a sample, oldest first. @throws UsageError when one of them is invalid; the message does not give the line */
export function branchesOfSample(line: string): PerfBranch[] {
  return Array.from(line.matchAll(ENTRY), ([entry, from, to, rest]) => {
    const fields = rest.split("/");
    if (fields.length < FEWEST_FIELDS)
      throw new UsageError(`expected a branch such as 0x401061/0x401055/P/-/-/5/RET, got ${quoted(entry)}`);
    if (!/^[MPN-]+$/.test(fields[0]))
      throw new UsageError(`expected M, P, - or N after the addresses of a branch, got ${quoted(fields[0])}`);
    const type = fields[TYPE_FIELD] ?? "";
    const wrongPath = fields.includes(WRONG_PATH);
    const kind = wrongPath ? NO_BRANCH : (TYPES.get(type) ?? NO_BRANCH);
    return { kind, name: wrongPath ? WRONG_PATH : type, from, to, taken: fields[0].includes("N") ? 0 : 1 } as const;
  }).reverse();
}
