// The clock of Forth programs. It moves by one microsecond with every virtual instruction and every word that the text interpreter
// takes, and by what MS waits: the same program reads the same times wherever it runs, and one that waits for the time gets there.
import type { Forth } from "../forth.ts";

/** Microseconds that MS can wait in all: calendars end there. */
const LONGEST = 8e18;
/** When a program starts. */
const START = Date.UTC(2000, 0, 1);

export function defineClock(forth: Forth): void {
  const { machine: m } = forth;
  const word = forth.word.bind(forth);
  /** Microseconds that MS waited. */
  let waited = 0;
  const worked = (): number => m.blocks.instructions + forth.interpreter.interpreted;
  const pushDouble = (x: number): void => m.pushDouble(BigInt(x));
  word("ms", "u --", () => {
    waited = Math.min(waited + m.popUnsigned() * 1000, LONGEST);
  });
  word("time&date", "-- a b c d e f", () => {
    const now = new Date(START + Math.floor((worked() + waited) / 1000));
    m.push(now.getUTCSeconds());
    m.push(now.getUTCMinutes());
    m.push(now.getUTCHours());
    m.push(now.getUTCDate());
    m.push(now.getUTCMonth() + 1);
    m.push(now.getUTCFullYear());
  });
  word("utime", "-- d d", () => pushDouble(worked() + waited));
  word("cputime", "-- d d d d", () => {
    pushDouble(worked());
    pushDouble(0);
  });
}
