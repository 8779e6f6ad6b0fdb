// Ten front ends on one recording in memory: in turns, as they are replayed, beside one after the other. The difference is what each
// displaces of the others from the host's caches.

import { readFrontEnds } from "../src/front-end/front-end.ts";
import { createEventReplay } from "../src/replay/event-replay.ts";
import { kindsWanted } from "../src/replay/instances.ts";
import { type Contestant, race } from "./race.ts";
import { inMemory } from "./recorded-files.ts";
import type { Result } from "./result.ts";

const TEN = "gshare,bimodal,gas,gselect,pag,btb,two-level,hashed-perceptron,tage,ittage";
/** Events that a front end replays before the next one does (src/replay/gathered-events.ts). */
const TURN = 2 ** 17;
const TURNS = 48;
const ROUNDS = 3;
/** Other work on the machine comes and goes in stretches longer than a round. */
const TIMES = 2;
const NO_GAPS = new Int32Array(0);

export async function besideEachOther(paths: readonly string[], what: string): Promise<Result[]> {
  const frontEnds = await readFrontEnds(TEN);
  const wanted = frontEnds.reduce((kinds, frontEnd) => kinds | kindsWanted(frontEnd), 0);
  const recording = await inMemory(paths, wanted);
  const { events } = recording;
  const stream = recording.stream.subarray(0, TURNS * TURN);
  const runs: Contestant[] = [];
  for (const frontEnd of frontEnds) {
    const replay = await createEventReplay(events, frontEnd, wanted);
    runs.push((turn) => {
      const piece = stream.subarray(turn * TURN, (turn + 1) * TURN);
      replay.run(piece, piece.length, NO_GAPS);
    });
  }
  const turns = Math.ceil(stream.length / TURN);
  const sum = (times: readonly number[]): number => times.reduce((all, time) => all + time, 0);
  let [alone, inTurns] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let time = 0; time < TIMES; time++) {
    alone = Math.min(alone, sum(runs.map((run) => race([run], turns, ROUNDS)[0])));
    inTurns = Math.min(inTurns, sum(race(runs, turns, ROUNDS)));
  }
  const millions = (runs.length * stream.length) / 1e6;
  return [
    {
      subject: `ten front ends in turns, ${what}`,
      value: millions / inTurns,
      unit: "M branches/s",
      comparedWith: "one after the other",
      comparedValue: millions / alone,
      bound: { atLeast: 0.9 },
    },
  ];
}
