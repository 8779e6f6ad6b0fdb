// A recording of Zero beside the guest's run of the same program. The recorded thread has executed the virtual machine's start, too, and
// what ends it: main is found in it by its opcodes. What the JDK's code looked like when main began, which of its instructions had been
// rewritten, is taken from the recording, once for each instruction; from then on the model rewrites it by itself.
import { RunError } from "../errors.ts";
import { grown } from "../files/grown.ts";
import { hotspotOpcodes } from "../guests/java/hotspot/codes.ts";
import { codeOf, instructions } from "../guests/java/instructions.ts";
import type { KeptRun } from "../guests/java/kept-run.ts";
import { whole } from "../numbers.ts";
import type { RecordedBranch } from "../recordings/recording.ts";
import type { VirtualRun } from "../trace/run.ts";
import { type Alignment, align } from "./alignment.ts";
import { beginningIn, commonStretches, type Stretch } from "./common-stretches.ts";
import { addressOf, type RecordedDispatches } from "./dispatches.ts";

const CODE = new Map(hotspotOpcodes.map(({ name }, code) => [name, code]));
const code = (name: string): number => CODE.get(name) ?? -1;

/** The instructions of class files that an opcode stands for, one or two. */
function standsFor(name: string): readonly number[] {
  if (/^fast_[iaf]access_0$/.test(name)) return [codeOf("aload_0"), codeOf("getfield")];
  if (name === "fast_iload2") return [codeOf("iload"), codeOf("iload")];
  if (name === "fast_icaload") return [codeOf("iload"), codeOf("caload")];
  const [, access] = /^fast_[a-z]((?:get|put)field)$/.exec(name) ?? [];
  if (access !== undefined) return [codeOf(access)];
  if (name === "return_register_finalizer") return [codeOf("return")];
  if (name === "fast_invokevfinal" || name === "invokehandle") return [codeOf("invokevirtual")];
  const plain = name === "fast_aldc" ? "ldc" : name === "fast_aldc_w" ? "ldc_w" : name.replace(/^fast_/, "");
  return instructions.some((instruction) => instruction.name === plain) ? [codeOf(plain)] : [];
}
const STANDS_FOR = hotspotOpcodes.map(({ name }) => standsFor(name));

/** What the second instruction of a pair is when it is executed by itself; -1: as in the class file. */
function secondOf(name: string): number {
  const [, type] = /^fast_([iaf])access_0$/.exec(name) ?? [];
  return type !== undefined ? code(`fast_${type}getfield`) : name === "fast_iload2" ? code("fast_iload") : -1;
}
const SECOND = hotspotOpcodes.map(({ name }) => secondOf(name));

/** What the rewriter made of instructions when classes were linked: no execution is needed for it. */
const LINKED = ["fast_aldc", "fast_aldc_w", "invokehandle", "return_register_finalizer"].map(code);

/** A table of bodies as its opcodes see it. */
interface Bodies {
  /** By opcode: the first one with the same body. */
  readonly body: readonly number[];
  /** By instruction of class files: the first one that shares a body with it, or with an opcode that stands for it. */
  readonly alike: readonly number[];
  /** By body: all its opcodes. */
  readonly opcodes: ReadonlyMap<number, readonly number[]>;
}

function readBodies(entries: readonly number[]): Bodies {
  const body = hotspotOpcodes.map((_, opcode) => entries.indexOf(entries[opcode]));
  const opcodes = new Map<number, number[]>();
  for (const [opcode, of] of body.entries()) opcodes.set(of, [...(opcodes.get(of) ?? []), opcode]);
  const alike = instructions.map((_, opcode) => opcode);
  for (const shared of opcodes.values()) {
    const group = shared.flatMap((opcode) => (STANDS_FOR[opcode].length === 1 ? alike[STANDS_FOR[opcode][0]] : []));
    const least = Math.min(...group);
    for (const [opcode, of] of alike.entries()) if (group.includes(of)) alike[opcode] = least;
  }
  return { body, alike, opcodes };
}

/** What was executed, in order. */
interface Executed {
  readonly addresses: Int32Array;
  readonly opcodes: Int32Array;
}

/** Runs a program: opcodes are those that instructions have when they are executed. */
function executedBy({ program, run }: VirtualRun): Executed {
  const blocks: (readonly number[])[] = [];
  const see = (block: number): void => {
    const start = program.blockStart(block);
    blocks[block] ??= Array.from({ length: program.blockLength(block) }, (_, i) => program.opcodeAt(start + i));
  };
  let addresses = new Int32Array(1 << 16);
  let opcodes = new Int32Array(1 << 16);
  let count = 0;
  run((ids, length, next) => {
    for (let i = 0; i < length; i++) {
      see(ids[i]);
      const start = program.blockStart(ids[i]);
      addresses = grown(addresses, count + blocks[ids[i]].length);
      opcodes = grown(opcodes, count + blocks[ids[i]].length);
      for (const [k, opcode] of blocks[ids[i]].entries()) {
        addresses[count] = start + k;
        opcodes[count++] = opcode;
      }
    }
    if (next >= 0) see(next);
  });
  return { addresses: addresses.subarray(0, count), opcodes: opcodes.subarray(0, count) };
}

/** Dispatches of the recording, those of other indirect jumps in the interpreter left out. */
interface Recorded {
  /** Places in the recorded sequence. */
  readonly places: Int32Array;
  /** Their bodies. */
  readonly bodies: Int32Array;
}

function readRecorded({ branches, sequence }: RecordedDispatches, entries: readonly number[]): Recorded {
  const bodyOf = branches.map(({ target, targetHigh }) => entries.indexOf(addressOf(target, targetHigh)));
  const places = sequence.map((_, place) => place).filter((place) => bodyOf[sequence[place]] >= 0);
  return { places, bodies: places.map((place) => bodyOf[sequence[place]]) };
}

/** As class files have it: a body that stands for two instructions is both. `from`: which dispatch each is a part of. */
function asInFiles({ bodies }: Recorded, { alike, opcodes }: Bodies): { readonly kinds: Int32Array; readonly from: Int32Array } {
  const parts = new Map(
    [...opcodes].map(([body, of]) => [
      body,
      (of.map((opcode) => STANDS_FOR[opcode]).find((all) => all.length > 0) ?? []).map((one) => alike[one]),
    ]),
  );
  const kinds = new Int32Array(2 * bodies.length);
  const from = new Int32Array(2 * bodies.length);
  let count = 0;
  for (const [at, body] of bodies.entries()) {
    for (const kind of parts.get(body) ?? []) {
      kinds[count] = kind;
      from[count++] = at;
    }
  }
  return { kinds: kinds.subarray(0, count), from: from.subarray(0, count) };
}

/** The opcodes that instructions had at their first execution, where they are not those of the class file. */
function opcodesBefore(
  executed: Executed,
  stretches: readonly Stretch[],
  recorded: Recorded,
  from: Int32Array,
  bodies: Bodies,
): Map<number, number> {
  const before = new Map<number, number>();
  const seen = new Set<number>();
  let next = 0;
  for (const { first, second, length } of [...stretches, { first: executed.addresses.length, second: 0, length: 0 }]) {
    // executed first where the recording has something else: it stays unknown
    for (; next < first; next++) seen.add(executed.addresses[next]);
    for (let i = 0; i < length; i++, next++) {
      const address = executed.addresses[next];
      if (seen.has(address)) continue;
      seen.add(address);
      const place = second + i;
      const isSecond = place > 0 && from[place] === from[place - 1];
      const candidates = bodies.opcodes.get(recorded.bodies[from[place]]) ?? [];
      const opcode = isSecond ? SECOND[candidates[0]] : (candidates.find((one) => STANDS_FOR[one][0] === executed.opcodes[next]) ?? -1);
      if (opcode >= instructions.length && !LINKED.includes(opcode)) before.set(address, opcode);
    }
  }
  return before;
}

/** Some places of the recorded sequence, and the branches there. */
function onlyThose(recorded: RecordedDispatches, places: Int32Array): RecordedDispatches {
  const numbers = new Map<number, number>();
  const branches: RecordedBranch[] = [];
  const sequence = places.map((place) => {
    const branch = recorded.sequence[place];
    const number = numbers.get(branch) ?? branches.push(recorded.branches[branch]) - 1;
    numbers.set(branch, number);
    return number;
  });
  return { ...recorded, branches, sequence };
}

/** Methods that are named in which differences begin. */
const NAMED = 3;

/** Where recorded and modelled dispatches differ, in a sentence. @param end where main ends in the recording */
function residueOf(stretches: readonly Stretch[], end: number, { addresses }: Executed, kept: KeptRun): string {
  const matched = stretches.reduce((sum, { length }) => sum + length, 0);
  const methods = new Map<string, { recorded: number; modelled: number }>();
  let [recorded, modelled, places] = [0, 0, 0];
  for (const [i, { first, second, length }] of stretches.entries()) {
    const next = stretches[i + 1] ?? { first: addresses.length, second: end };
    const others = { modelled: next.first - first - length, recorded: next.second - second - length };
    if (others.modelled + others.recorded === 0) continue;
    const method = kept.methodAt(addresses[first + length - 1]);
    const known = methods.get(method) ?? { recorded: 0, modelled: 0 };
    methods.set(method, { recorded: known.recorded + others.recorded, modelled: known.modelled + others.modelled });
    recorded += others.recorded;
    modelled += others.modelled;
    places++;
  }
  if (places === 0) return `all ${whole(matched)} dispatches are the same`;
  const named = [...methods]
    .sort(([a, m], [b, n]) => n.recorded + n.modelled - m.recorded - m.modelled || (a < b ? -1 : 1))
    .slice(0, NAMED)
    .map(([method, others]) => `${method} (${whole(others.recorded)} and ${whole(others.modelled)})`);
  const where = `in ${whole(places)} ${places === 1 ? "place" : "places"}`;
  return `${whole(matched)} dispatches are the same; ${where} the recording has ${whole(recorded)} others and the model ${whole(modelled)}, mostly in ${named.join(", ")}`;
}

/** A program on Zero, recorded and modelled. */
export interface ZeroMatch {
  readonly dispatches: RecordedDispatches;
  readonly alignment: Alignment;
  start(): VirtualRun;
  /** What is different, in a sentence. */
  readonly residue: string;
}

/**
 * @param recorded the main thread's indirect jumps in the interpreter, at their addresses in the file
 * @param entries  addresses of bodies, by opcode
 * @throws RunError where the program's beginning is not in the recording
 */
export function matchZero(kept: KeptRun, recorded: RecordedDispatches, entries: readonly number[]): ZeroMatch {
  const bodies = readBodies(entries);
  const dispatched = readRecorded(recorded, entries);
  const { program, blocks } = kept.run();
  const inFiles = executedBy({ program, run: (sink) => sink(blocks, blocks.length, -1) });
  const kinds = inFiles.opcodes.map((opcode) => bodies.alike[opcode]);
  const expanded = asInFiles(dispatched, bodies);
  const begins = beginningIn(kinds, expanded.kinds);
  if (begins < 0) throw new RunError("the recording does not have the beginning of its main method");
  const before = opcodesBefore(inFiles, commonStretches(kinds, expanded.kinds, begins), dispatched, expanded.from, bodies);

  const start = (): VirtualRun => kept.onZero(before);
  const run = start();
  const executed = executedBy(run);
  const modelled = executed.opcodes.map((opcode) => bodies.body[opcode]);
  const from = expanded.from[begins];
  const stretches = commonStretches(modelled, dispatched.bodies, from);
  const last = stretches.at(-1);
  const end = last === undefined ? from : last.second + last.length + (modelled.length - last.first - last.length);
  const matched = stretches.reduce((sum, { length }) => sum + length, 0);

  // the common part for the map from opcodes to bodies and sites; -1: something is left out there
  const addresses = new Int32Array(matched + stretches.length).fill(-1);
  const opcodes = new Int32Array(matched + stretches.length).fill(-1);
  const sequence = new Int32Array(matched);
  let at = 0;
  for (const [i, { first, second, length }] of stretches.entries()) {
    addresses.set(executed.addresses.subarray(first, first + length), at + i);
    opcodes.set(executed.opcodes.subarray(first, first + length), at + i);
    for (let k = 0; k < length; k++) sequence[at++] = recorded.sequence[dispatched.places[second + k]];
  }
  const alignment = align(run.program, addresses, { ...recorded, sequence }, opcodes);
  const ofMain = dispatched.places.subarray(from, Math.min(end, dispatched.places.length));
  let ownInstructions = 0;
  for (let place = ofMain[0]; place <= ofMain[ofMain.length - 1]; place++)
    ownInstructions += recorded.branches[recorded.sequence[place]].gap;
  return {
    dispatches: { ...onlyThose(recorded, ofMain), ownInstructions },
    alignment: { ...alignment, virtualInstructions: modelled.length },
    start,
    residue: `${residueOf(stretches, ofMain.length + from, executed, kept)}; ${whole(before.size)} of ${whole(new Set(executed.addresses).size)} instructions had been rewritten before main`,
  };
}
