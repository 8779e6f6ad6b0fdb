// The one hot loop: executed virtual blocks, lowered by one technique, through one front end. Its text is generated for
// the kinds of branches that occur and compiled once per replay, so that no call site in it ever sees a second model.
//
// Only what a model covers or tracks enters the loop; everything else is counted from how often each block ran.
import { CONDITIONAL, NONE } from "./branch.ts";
import type { BranchRecord, Lowering } from "./dispatch/lowering.ts";
import { NEXT } from "./dispatch/native-code.ts";
import { messageOf, RunError } from "./errors.ts";
import type { FrontEnd } from "./front-end.ts";
import { nonsense } from "./load-predictor.ts";
import type { Predictor } from "./predictor.ts";
import type { VirtualProgram } from "./trace/virtual.ts";

/** Called for every predicted branch, when somebody wants to watch: the record's index, the prediction. */
export type Observer = (record: number, predicted: number, target: number) => void;

export interface Replay {
  readonly lowering: Lowering;
  readonly frontEnd: FrontEnd;
  /** Replays `ids[from] … ids[to - 1]`; `ids[to]` is what follows them. */
  run(ids: Int32Array, from: number, to: number): void;
  /** Replays the dispatch of the first instruction of the trace. */
  enter(block: number): void;
  /** Replays the last block of the trace: nothing follows its last instruction. */
  finish(block: number): void;
  /** Forgets all counts, keeping what the models have learned: the end of a warm-up. */
  reset(): void;
  /** Mispredictions of each site, by its id. */
  missesBySite(): Float64Array;
  /** The branch behind a record's index, for observers. */
  record(index: number): BranchRecord;
}

/** A table that grows: the loop's arrays are handed to it on every call. */
function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const larger = new Int32Array(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}

export async function createReplay(program: VirtualProgram, lowering: Lowering, frontEnd: FrontEnd, observer?: Observer): Promise<Replay> {
  const models = await Promise.all(frontEnd.models.map((model) => model.create()));
  const wanted = frontEnd.models.reduce((kinds, { tracks }) => kinds | tracks, frontEnd.covers);

  // one row a block
  let firsts = new Int32Array(256);
  let ends = new Int32Array(256);
  let entries = new Int32Array(256);
  // one row a variant: its records, and which of them gets the entry of what comes next (record 0 stands for none)
  let starts = new Int32Array(512);
  let stops = new Int32Array(512);
  let patches = new Int32Array(512);
  // one row a record
  let pcs = new Int32Array(1024);
  let targets = new Int32Array(1024);
  let kinds = new Int32Array(1024);
  let afters = new Int32Array(1024);
  let takens = new Int32Array(1024);
  let statics = new Int32Array(1024);
  let misses = new Int32Array(1024);
  const list: BranchRecord[] = [];
  let known = 0;
  let kindsSeen = 0;

  function add(record: BranchRecord): number {
    const index = list.push(record) - 1;
    const needed = index + 1;
    pcs = grown(pcs, needed);
    targets = grown(targets, needed);
    kinds = grown(kinds, needed);
    afters = grown(afters, needed);
    takens = grown(takens, needed);
    statics = grown(statics, needed);
    misses = grown(misses, needed);
    const { site, target, taken } = record;
    pcs[index] = site.address;
    targets[index] = target;
    kinds[index] = site.kind;
    afters[index] = site.after;
    takens[index] = taken;
    statics[index] = site.target === NEXT ? NONE : site.target;
    kindsSeen |= site.kind;
    return index;
  }
  function addRange(variant: number, records: readonly BranchRecord[]): void {
    starts[variant] = list.length;
    for (const record of records) {
      if ((record.site.kind & wanted) === 0) continue;
      const index = add(record);
      if (record.target === NEXT) patches[variant] = index;
    }
    stops[variant] = list.length;
  }
  const entryRecord: BranchRecord = { site: lowering.entry, target: NEXT, taken: 1 };
  add(entryRecord);

  function admit(): void {
    const count = program.blockCount;
    firsts = grown(firsts, count);
    ends = grown(ends, count);
    entries = grown(entries, count);
    starts = grown(starts, count * 2);
    stops = grown(stops, count * 2);
    patches = grown(patches, count * 2);
    for (; known < count; known++) {
      const block = lowering.block(known);
      firsts[known] = block.start;
      ends[known] = block.end;
      entries[known] = block.entry;
      for (const side of [0, 1] as const) addRange(known * 2 + side, [...block.interior, ...block.tails[side]]);
    }
  }

  let loop: Loop | undefined;
  let loopKinds = 0;
  function theLoop(): Loop {
    if (loop === undefined || loopKinds !== kindsSeen) {
      loop = compile(frontEnd, models, kindsSeen & wanted, observer);
      loopKinds = kindsSeen;
    }
    return loop;
  }
  function guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (error instanceof RunError || !frontEnd.models.some(({ foreign }) => foreign)) throw error;
      const names = frontEnd.models.filter(({ foreign }) => foreign).map(({ name }) => name);
      throw new RunError(`predictor ${names.join("+")} failed: ${messageOf(error)}`);
    }
  }
  /** Runs records [from, to) once, the last of them with what comes next. */
  function runRange(from: number, to: number): void {
    const ids = new Int32Array([0, 0]);
    const one = (value: number): Int32Array => new Int32Array([value, value]);
    guard(() =>
      theLoop()(ids, 0, 1, one(-1), one(-2), one(0), one(from), one(to), one(0), pcs, targets, kinds, afters, takens, statics, misses),
    );
  }

  return {
    lowering,
    frontEnd,
    run(ids, from, to) {
      if (program.blockCount > known) admit();
      guard(() =>
        theLoop()(ids, from, to, firsts, ends, entries, starts, stops, patches, pcs, targets, kinds, afters, takens, statics, misses),
      );
    },
    enter(block) {
      if (program.blockCount > known) admit();
      if ((lowering.entry.kind & wanted) === 0) return;
      targets[0] = entries[block];
      // record 0 is where variants without a NEXT put what comes next: keep it for this once
      const index = list.length;
      add({ ...entryRecord, target: entries[block] });
      runRange(index, index + 1);
    },
    finish(block) {
      if (program.blockCount > known) admit();
      const records = lowering.block(block).interior.filter(({ site }) => site.kind & wanted);
      runRange(starts[block * 2], starts[block * 2] + records.length);
    },
    reset() {
      misses.fill(0);
    },
    missesBySite() {
      const bySite = new Float64Array(lowering.sites.length);
      list.forEach(({ site }, index) => {
        bySite[site.id] += misses[index];
      });
      return bySite;
    },
    record: (index) => list[index],
  };
}

type Loop = (
  ids: Int32Array,
  from: number,
  to: number,
  firsts: Int32Array,
  ends: Int32Array,
  entries: Int32Array,
  starts: Int32Array,
  stops: Int32Array,
  patches: Int32Array,
  pcs: Int32Array,
  targets: Int32Array,
  kinds: Int32Array,
  afters: Int32Array,
  takens: Int32Array,
  statics: Int32Array,
  misses: Int32Array,
) => void;

let serial = 0;

function compile(frontEnd: FrontEnd, models: readonly Predictor[], kinds: number, observer: Observer | undefined): Loop {
  const several = (kinds & (kinds - 1)) !== 0;
  /** What happens to a branch of one kind. */
  const step = (kind: number): string => {
    const owner = frontEnd.ownerOf.get(kind);
    const lines: string[] = [];
    if (owner !== undefined) {
      const actual = kind === CONDITIONAL ? "takens[k]" : "target";
      lines.push(`const predicted = model${owner}.predict(pc, statics[k]);`);
      if (frontEnd.models[owner].foreign) lines.push(`if (predicted !== (predicted | 0)) bad(${owner}, predicted);`);
      if (observer !== undefined) lines.push("observe(k, predicted, target);");
      lines.push(`if (predicted !== ${actual}) misses[k]++;`);
      lines.push(`model${owner}.train(pc, target, takens[k]);`);
    }
    frontEnd.models.forEach(({ tracks }, i) => {
      if (tracks & kind) lines.push(`model${i}.track(pc, target, takens[k], ${kind}, afters[k]);`);
    });
    return lines.join("\n        ");
  };
  const present: number[] = [];
  for (let kind = 1; kind <= kinds; kind <<= 1) if (kinds & kind) present.push(kind);
  const body = several ? present.map((kind) => `if (kind === ${kind}) { ${step(kind)} }`).join(" else ") : present.map(step).join("");
  const text = `// replay ${++serial}: a text of its own, so that V8 shares no feedback with another front end's
${models.map((_, i) => `const model${i} = models[${i}];`).join("\n")}
return function replay(ids, from, to, firsts, ends, entries, starts, stops, patches, pcs, targets, kinds, afters, takens, statics, misses) {
  for (let i = from; i < to; i++) {
    const block = ids[i], next = ids[i + 1];
    const variant = block << 1 | (firsts[next] !== ends[block] ? 1 : 0);
    targets[patches[variant]] = entries[next];
    const stop = stops[variant];
    for (let k = starts[variant]; k < stop; k++) {
      const pc = pcs[k], target = targets[k];${several ? "\n      const kind = kinds[k];" : ""}
      ${body}
    }
  }
};`;
  const bad = (model: number, answer: unknown): never => {
    throw new RunError(nonsense(`predictor ${frontEnd.models[model].name}`, answer));
  };
  return new Function("models", "bad", "observe", text)(models, bad, observer) as Loop;
}
