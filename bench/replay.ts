// Replay: recorded virtual traces through the loop of replay.ts, beside bare loops that miss exactly as often.
import { CONDITIONAL, INDIRECT, RETURN } from "../src/branch.ts";
import { readTechnique } from "../src/dispatch/techniques.ts";
import { type FrontEnd, readFrontEnds } from "../src/front-end/front-end.ts";
import { type LoadedPredictor, predictorIds } from "../src/front-end/load-predictor.ts";
import { createReplay } from "../src/replay/replay.ts";
import type { BareLoop, CreateBareLoop } from "./bare/bare-loop.ts";
import { flatten, type LoweredRecording, lowered } from "./branch-stream.ts";
import { type Contestant, race } from "./race.ts";
import type { Recording } from "./recording.ts";
import type { Result } from "./result.ts";

/** Blocks in a piece: as many as a guest passes on at once. */
export const PIECE = 32768;
/** Blocks in one call of a bare loop, as in the replay. */
const CALL = 1024;
export const ROUNDS = 10;
/** For every predictor, of which there are fifty. */
const ROUNDS_OF_EVERY = 4;

export const BARE_FILES: Readonly<Record<string, string>> = {
  btb: "btb",
  "btb:unbounded": "btb-unbounded",
  "btb-2bit": "btb-2bit",
  "two-level": "two-level",
  gshare: "gshare",
  bimodal: "bimodal",
  "return-stack": "return-stack",
};

const OTHERS: readonly (readonly [technique: string, frontEnds: string])[] = [
  ["direct-threading", "btb:unbounded,btb-2bit,two-level"],
  ["switch", "btb:unbounded,btb-2bit,two-level"],
  ["call-threading", "btb,gshare+no-return-stack,bimodal+no-return-stack,return-stack+no-direction"],
  ["subroutine-threading", "btb,return-stack+no-direction"],
];

/** Least ratio of `btb`, alone and with ten predictors loaded. */
const BOUND = { atLeast: 0.6 };

let serial = 0;
export const importAfresh = async (name: string) => (await import(`./bare/${name}.js?instance=${++serial}`)).default;

/** A bare loop for one model, on a stream of the branches that it predicts (`owned`) or tracks. */
async function bareLoop(
  model: LoadedPredictor,
  owned: number,
  file: string | undefined,
  recording: LoweredRecording,
): Promise<{ loop: BareLoop; run: Contestant }> {
  const create: CreateBareLoop =
    file === undefined ? (await importAfresh("verbs"))((await model.load())(), owned, model.tracks) : await importAfresh(file);
  const stream = flatten(recording, owned | model.tracks);
  const { blockStarts } = stream;
  const blocks = blockStarts.length - 1;
  const loop = create(stream);
  return {
    loop,
    run(piece) {
      const stop = Math.min(blocks, (piece + 1) * PIECE);
      for (let block = piece * PIECE; block < stop; block += CALL) {
        loop.run(blockStarts[block], blockStarts[Math.min(block + CALL, stop)]);
      }
    },
  };
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0);

interface Pair {
  readonly branches: number;
  readonly pieces: number;
  readonly replay: Contestant;
  readonly bare: Contestant;
  /** @throws Error unless both missed equally often */
  check(): void;
}

/** A front end's replay of a recording, and its bare loops. */
async function pair(recording: LoweredRecording, frontEnd: FrontEnd, files = BARE_FILES): Promise<Pair> {
  const { program, ids, lowering } = recording;
  const replay = await createReplay(program, lowering, frontEnd);
  const ownedBy = (index: number): number => sum([...frontEnd.ownerOf].filter(([, owner]) => owner === index).map(([kind]) => kind));
  const loops = await Promise.all(frontEnd.models.map((model, i) => bareLoop(model, ownedBy(i), files[model.name], recording)));
  const kinds = frontEnd.models.reduce((all, { covers, tracks }) => all | covers | tracks, 0);
  const last = ids.length - 1;
  return {
    branches: flatten(recording, kinds).pcs.length,
    pieces: Math.ceil(last / PIECE),
    replay: (piece) => replay.run(ids, piece * PIECE, Math.min(last, (piece + 1) * PIECE)),
    bare: (piece) => {
      for (const { run } of loops) run(piece);
    },
    check() {
      const replayed = sum(replay.bySite("misses") ?? []);
      const bare = loops.reduce((total, { loop }) => total + sum(loop.misses), 0);
      if (replayed !== bare) throw new Error(`${frontEnd.name}: the replay missed ${replayed} times, the bare loop ${bare}`);
    },
  };
}

/** Million branches a second of replay and bare loop, over all recordings; other front ends may take turns with them. */
export async function compare(
  recordings: readonly LoweredRecording[],
  frontEnd: FrontEnd,
  {
    others = [],
    files = BARE_FILES,
    rounds = ROUNDS,
  }: { readonly others?: readonly FrontEnd[]; readonly files?: typeof BARE_FILES; readonly rounds?: number } = {},
): Promise<{ readonly value: number; readonly comparedValue: number; readonly unit: string }> {
  let branches = 0;
  let replaySeconds = 0;
  let bareSeconds = 0;
  for (const recording of recordings) {
    const tested = await pair(recording, frontEnd, files);
    const beside = await Promise.all(others.map((other) => pair(recording, other)));
    const times = race([tested.replay, tested.bare, ...beside.map(({ replay }) => replay)], tested.pieces, rounds);
    tested.check();
    branches += tested.branches;
    replaySeconds += times[0];
    bareSeconds += times[1];
  }
  return { value: branches / replaySeconds / 1e6, comparedValue: branches / bareSeconds / 1e6, unit: "M branches/s" };
}

/** With btb itself, ten. */
const NINE =
  "btb:sets=128,btb:ways=2,btb:unbounded,btb-2bit,btb-2bit:unbounded,two-level,two-level:targets=2,two-level:unbounded,tage-lite";

/** btb in a process that has loaded nothing else, and among ten that take turns. Call it first. */
export async function benchBtb(recordings: readonly Recording[]): Promise<Result[]> {
  const results: Result[] = [];
  const [btb] = await readFrontEnds("btb");
  const techniques = await Promise.all(["direct-threading", "switch"].map(readTechnique));
  for (const technique of techniques) {
    const alone = await compare(
      recordings.map((recording) => lowered(recording, technique)),
      btb,
    );
    results.push({ subject: `btb, ${technique.name}`, comparedWith: "bare loop", ...alone, bound: BOUND });
    const ceiling = await compare(
      recordings.map((recording) => lowered(recording, technique)),
      btb,
      { files: { ...BARE_FILES, btb: "btb-constants" } },
    );
    results.push({ subject: `btb, ${technique.name}`, comparedWith: "bare loop over constants", ...ceiling, bound: BOUND });
  }
  const others = await readFrontEnds(NINE);
  for (const technique of techniques) {
    const among = await compare(
      recordings.map((recording) => lowered(recording, technique)),
      btb,
      { others },
    );
    results.push({ subject: `btb, nine others in turns, ${technique.name}`, comparedWith: "bare loop", ...among, bound: BOUND });
  }
  return results;
}

/** Other predictors for which there is a loop by hand, and whole front ends where several kinds of branches occur. */
export async function benchOthers(recordings: readonly Recording[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const [techniqueName, list] of OTHERS) {
    const technique = await readTechnique(techniqueName);
    for (const frontEnd of await readFrontEnds(list)) {
      const times = await compare(
        recordings.map((recording) => lowered(recording, technique)),
        frontEnd,
      );
      results.push({ subject: `${frontEnd.name}, ${techniqueName}`, comparedWith: "bare loop", ...times });
    }
  }
  return results;
}

/** A technique for each set of kinds, with branches of these kinds. */
const TECHNIQUE_OF: readonly (readonly [kinds: number, technique: string])[] = [
  [INDIRECT, "direct-threading"],
  [CONDITIONAL, "call-threading"],
  [RETURN, "subroutine-threading"],
];

/** Every predictor compared with its own functions in a bare loop, which tells them addresses and nothing else. */
export async function benchEvery(recordings: readonly Recording[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const id of predictorIds()) {
    const [frontEnd] = await readFrontEnds(`${id}+no-return-stack+no-direction`);
    if (frontEnd.models.some(({ declares }) => declares.length > 0)) continue;
    const place = TECHNIQUE_OF.find(([kinds]) => kinds & frontEnd.covers);
    if (place === undefined) throw new Error(`bench/replay.ts: no technique for what ${id} covers`);
    const technique = await readTechnique(place[1]);
    const times = await compare(
      recordings.map((recording) => lowered(recording, technique)),
      frontEnd,
      { files: {}, rounds: ROUNDS_OF_EVERY },
    );
    results.push({ subject: `${id}, ${place[1]}`, comparedWith: "its own verbs, bare", ...times });
  }
  return results;
}
