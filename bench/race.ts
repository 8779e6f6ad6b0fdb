// The stopwatch: runs contestants in turns, piece by piece (A1 B1 A2 B2 …, several rounds), and keeps the fastest round of
// each piece. Other work on the machine can only make a piece slower, and affects short pieces of all contestants alike.

/** Does one piece of the work; each round goes through the pieces in order. */
export type Contestant = (piece: number) => void;

/** @returns the seconds that each contestant took for all pieces */
export function race(contestants: readonly Contestant[], pieces: number, rounds: number): number[] {
  const fastest = contestants.map(() => new Float64Array(pieces).fill(Number.POSITIVE_INFINITY));
  for (let round = 0; round < rounds; round++) {
    for (let piece = 0; piece < pieces; piece++) {
      contestants.forEach((run, contestant) => {
        const start = process.hrtime.bigint();
        run(piece);
        const seconds = Number(process.hrtime.bigint() - start) / 1e9;
        fastest[contestant][piece] = Math.min(fastest[contestant][piece], seconds);
      });
    }
  }
  return fastest.map((times) => times.reduce((sum, seconds) => sum + seconds, 0));
}
