// Lines of perf script without a readable branch: other layouts, for which a message says what to print instead, and other
// lines, which are counted and named.
import { counted } from "../../numbers.ts";
import { quoted } from "./text-lines.ts";

export const SAMPLES_COMMAND = "perf script -F ip,sym,brstack";
export const BRANCHES_COMMAND = "perf script --itrace=b -F ip,addr,flags";

/** Layouts that have branches, but not as addresses or not as a list. */
const LAYOUTS: readonly (readonly [like: RegExp, what: string])[] = [
  [
    /(?<!\S)\S+\+0x[\da-f]+(?:\([^()]*\))?\/\S+\+0x[\da-f]+(?:\([^()]*\))?\/[MPN-]+\/[X-]\/[A-]\/\d+/i,
    "-F brstacksym, which prints no addresses",
  ],
  [/^\s+[\da-f]{4,16}\s.*#\s+(?:MIS)?PRED\b/, "-F brstackinsn, which prints instructions"],
];

/** Most names of left-out entries that a note lists, and most characters of one: perf has about twenty, a damaged file any number. */
const MOST_NAMES = 30;
const LONGEST_NAME = 40;

/** The layout of a line that cannot be read; undefined for one that is not known. */
export const perfLayoutOf = (line: string): string | undefined => LAYOUTS.find(([like]) => like.test(line))?.[1];

export interface OtherLines {
  /** Takes a line that is no branch. */
  add(text: string, number: number): void;
  /** Takes something that is no branch of a program, by its name. */
  leaveOut(name: string): void;
  /** The layout of what was added, if it is one that is not read. */
  readonly layout: string | undefined;
  sentences(): string[];
}

export function createOtherLines(): OtherLines {
  const records = new Map<string, number>();
  const leftOut = new Map<string, number>();
  let layout: string | undefined;
  let example = "";
  let others = 0;
  function count(counts: Map<string, number>, name: string): void {
    const shown = name.slice(0, LONGEST_NAME).replace(/[^ -~]/g, "?");
    const listed = counts.has(shown) || counts.size < MOST_NAMES ? shown : "others";
    counts.set(listed, (counts.get(listed) ?? 0) + 1);
  }
  const listed = (counts: ReadonlyMap<string, number>): string => Array.from(counts, ([name, times]) => `${name} (${times})`).join(", ");
  const sumOf = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, times) => sum + times, 0);
  return {
    add(text, number) {
      const [record] = /PERF_RECORD_\w+/.exec(text) ?? [];
      if (record !== undefined) return count(records, record);
      layout ??= perfLayoutOf(text);
      if (others === 0) example = `${quoted(text)} in line ${number}`;
      others++;
    },
    leaveOut: (name) => count(leftOut, name),
    get layout() {
      return layout;
    },
    sentences() {
      const notes: string[] = [];
      if (leftOut.size > 0) {
        const one = sumOf(leftOut) === 1;
        const what = one ? "1 entry that is no branch" : `${counted(sumOf(leftOut), "entry", "entries")} that are no branches`;
        notes.push(`${what} of the program ${one ? "is" : "are"} left out: ${listed(leftOut)}.`);
      }
      if (records.size > 0)
        notes.push(
          `${counted(sumOf(records), "line")} with other records of perf ${sumOf(records) === 1 ? "is" : "are"} left out: ${listed(records)}.`,
        );
      if (others > 0)
        notes.push(`${counted(others, "line")} with no branch ${others === 1 ? "is" : "are"} left out; the first is ${example}.`);
      return notes;
    },
  };
}
