// Takes the executed instructions of a stream, one by one, and passes on blocks: straight runs to the next transfer of
// control. When an instruction is rewritten, earlier blocks are passed on first, and the blocks that contain it get new ids.

import { MEDIAN_BODY } from "../../bodies/median-body.ts";
import type { BlockSink, VirtualProgram } from "../../trace/virtual.ts";
import type { Picture } from "./picture.ts";

/** Longer straight runs are cut at ends of static basic blocks, so that many entries into a long run do not each lay out all of it. */
const LONG_BLOCK = 256;
const CHUNK = 32_768;

export interface BlockMaker {
  readonly program: VirtualProgram;
  /** Executes the instruction at a virtual address. */
  execute(address: number, opcode: number): void;
  /** Passes on the rest of the trace. */
  finish(): void;
}

/** @param rewriting called with every address whose opcode has changed */
export function createBlockMaker(
  picture: Picture,
  names: readonly string[],
  sink: BlockSink,
  rewriting: (address: number) => void,
): BlockMaker {
  const { addressCount, flows, targets, entered, rewritten, flowOfOpcode } = picture;
  const opcodes = names.map((name, opcode) => ({ name, flow: flowOfOpcode[opcode], ...MEDIAN_BODY }));
  const current = picture.opcodes.slice();
  const rewrites = rewritten.includes(1);

  const starts: number[] = [];
  const lengths: number[] = [];
  /** The runs of code that start at an address, as a linked list: the first, and the next of each; or -1. */
  const firstStretch = new Int32Array(addressCount).fill(-1);
  const nextStretch: number[] = [];
  /** For every run: twice its length, plus 1 if the host took over after it; and its most recent block. */
  const stretchKinds: number[] = [];
  const latest: number[] = [];
  /** For every block: the count of rewrites up to which its opcodes are known to be valid; Infinity if none of them changes. */
  const validUntil: number[] = [];
  const byOpcodes = new Map<string, number>();
  let rewriteCount = 0;

  /** Of every block: whether the host took over after it. */
  const left: boolean[] = [];
  function newBlock(start: number, length: number, byHost: boolean, valid: number): number {
    lengths.push(length);
    left.push(byHost);
    validUntil.push(valid);
    return starts.push(start) - 1;
  }
  /** The block of a run with the current opcodes. */
  function versionOf(start: number, length: number, byHost: boolean): number {
    if (!rewritten.subarray(start, start + length).includes(1)) return newBlock(start, length, byHost, Number.POSITIVE_INFINITY);
    // rewritten to an earlier version, it is the old block again
    const key = `${byHost} ${start} ${current.subarray(start, start + length)}`;
    const id = byOpcodes.get(key) ?? newBlock(start, length, byHost, rewriteCount);
    byOpcodes.set(key, id);
    validUntil[id] = rewriteCount;
    return id;
  }
  function blockOf(start: number, length: number, byHost: boolean): number {
    const kind = 2 * length + (byHost ? 1 : 0);
    let stretch = firstStretch[start];
    while (stretch >= 0 && stretchKinds[stretch] !== kind) stretch = nextStretch[stretch];
    if (stretch >= 0 && validUntil[latest[stretch]] >= rewriteCount) return latest[stretch];
    const id = versionOf(start, length, byHost);
    if (stretch >= 0) latest[stretch] = id;
    else {
      nextStretch.push(firstStretch[start]);
      firstStretch[start] = stretchKinds.push(kind) - 1;
      latest.push(id);
    }
    return id;
  }

  // one id more for the sink, which gets what follows there
  const trace = new Int32Array(CHUNK + 1);
  let held = 0;
  let start = -1;
  let end = -1;
  // A block is laid out when it, or the block before it, is passed on. The first two blocks are single instructions, so that both
  // are laid out before anything can be rewritten.
  let long = rewrites ? 1 : LONG_BLOCK;

  /** Passes on all blocks except the latest, whose successor is not known yet. */
  function handOn(): void {
    if (held < 2) return;
    const latest = trace[held - 1];
    sink(trace, held - 1, latest);
    trace[0] = latest;
    held = 1;
  }
  function close(byHost: boolean): void {
    if (held === CHUNK) handOn();
    trace[held++] = blockOf(start, end - start, byHost);
    if (held === 2) long = LONG_BLOCK;
  }
  return {
    program: {
      opcodes,
      opcodeAt: (address) => current[address] ?? -1,
      flowAt: (address) => flows[address] ?? "halt",
      addressCount,
      targetAt: (address) => targets[address] ?? -1,
      enteredAt: (address) => entered[address] === 1,
      get blockCount() {
        return starts.length;
      },
      blockStart: (block) => starts[block],
      blockLength: (block) => lengths[block],
      leftByHost: (block) => left[block],
    },
    execute(address, opcode) {
      if (address !== end || (end - start >= long && (long === 1 || flows[end - 1] !== "next" || entered[address] === 1))) {
        // an instruction that rewrote itself and runs again was not dispatched by its own branch
        if (end > start) close(address === end - 1 && current[address] !== opcode);
        start = address;
      }
      if (current[address] !== opcode) {
        handOn();
        current[address] = opcode;
        rewriting(address);
        rewriteCount++;
      }
      end = address + 1;
    },
    finish() {
      close(false);
      sink(trace, held, -1);
    },
  };
}
