// Codes a growing program: the writer writes what is new or changed since its last call, the reader shows the same program at
// the same time.
import type { ByteReader, ByteWriter } from "../files/bytes.ts";
import { grown } from "../files/grown.ts";
import type { Flow, Opcode, VirtualProgram } from "./virtual.ts";

const FLOWS: readonly Flow[] = ["next", "jump", "conditional", "switch", "call", "indirect-call", "return", "tail-call", "raise", "halt"];

/** Flag in the byte of an address, besides the flow. */
const ENTERED = 16;
const TARGETED = 32;

/** An opcode as a JSON array: the 440 opcodes of a Forth program take 19 KB, with field names 65 KB. */
function opcodeText({
  name,
  operands,
  flow,
  bodyBytes,
  nativeInstructions,
  conditionalBranches,
  helperCalls,
  relocatable,
  quickens,
}: Opcode): string {
  const facts = [name, operands, flow, bodyBytes, nativeInstructions, conditionalBranches, helperCalls, relocatable];
  return JSON.stringify(quickens ? [...facts, quickens] : facts);
}

function opcodeOf(text: string): Opcode {
  const [name, operands, flow, bodyBytes, nativeInstructions, conditionalBranches, helperCalls, relocatable, quickens] = JSON.parse(text);
  const facts = { name, operands, flow, bodyBytes, nativeInstructions, conditionalBranches, helperCalls, relocatable };
  return quickens ? { ...facts, quickens } : facts;
}

export interface FactsWriter {
  /** The facts at an address have changed since they were written. */
  rewritten(address: number): void;
  write(to: ByteWriter): void;
}

export function createFactsWriter(program: VirtualProgram): FactsWriter {
  let opcodes = 0;
  let addresses = 0;
  let blocks = 0;
  const rewritten = new Set<number>();
  function writeAddress(address: number, to: ByteWriter): void {
    const target = program.targetAt(address);
    const entered = program.enteredAt(address) ? ENTERED : 0;
    to.byte(FLOWS.indexOf(program.flowAt(address)) | entered | (target < 0 ? 0 : TARGETED));
    to.count(Math.max(-1, program.opcodeAt(address)) + 1);
    if (target >= 0) to.signed(target - address);
  }
  return {
    rewritten(address) {
      if (address < addresses) rewritten.add(address);
    },
    write(to) {
      const { opcodes: known, addressCount, blockCount } = program;
      to.count(known.length - opcodes);
      for (; opcodes < known.length; opcodes++) to.text(opcodeText(known[opcodes]));
      to.count(rewritten.size);
      for (const address of rewritten) {
        to.count(address);
        writeAddress(address, to);
      }
      rewritten.clear();
      to.count(addressCount - addresses);
      for (; addresses < addressCount; addresses++) writeAddress(addresses, to);
      to.count(blockCount - blocks);
      for (; blocks < blockCount; blocks++) {
        to.count(program.blockStart(blocks));
        to.count(2 * program.blockLength(blocks) + (program.leftByHost(blocks) ? 1 : 0));
      }
    },
  };
}

export interface FactsReader {
  readonly program: VirtualProgram;
  read(from: ByteReader): void;
}

export function createFactsReader(): FactsReader {
  const opcodes: Opcode[] = [];
  /** For each address: its opcode, the byte with its flow, and its target. */
  let opcodeAt = new Int32Array(0);
  let flags = new Uint8Array(0);
  let targets = new Int32Array(0);
  let addressCount = 0;
  let starts = new Int32Array(0);
  let lengths = new Int32Array(0);
  let blockCount = 0;
  function readAddress(address: number, from: ByteReader): void {
    flags[address] = from.byte();
    opcodeAt[address] = from.count() - 1;
    targets[address] = flags[address] & TARGETED ? address + from.signed() : -1;
  }
  return {
    program: {
      opcodes,
      opcodeAt: (address) => (address < addressCount ? opcodeAt[address] : -1),
      flowAt: (address) => (address < addressCount ? FLOWS[flags[address] & 15] : "halt"),
      get addressCount() {
        return addressCount;
      },
      targetAt: (address) => (address < addressCount ? targets[address] : -1),
      enteredAt: (address) => address < addressCount && (flags[address] & ENTERED) !== 0,
      get blockCount() {
        return blockCount;
      },
      blockStart: (block) => starts[block],
      blockLength: (block) => lengths[block] >>> 1,
      leftByHost: (block) => (lengths[block] & 1) === 1,
    },
    read(from) {
      for (let more = from.count(); more > 0; more--) opcodes.push(opcodeOf(from.text()));
      for (let more = from.count(); more > 0; more--) readAddress(from.count(), from);
      const addresses = addressCount + from.count();
      opcodeAt = grown(opcodeAt, addresses);
      flags = grown(flags, addresses);
      targets = grown(targets, addresses);
      for (; addressCount < addresses; addressCount++) readAddress(addressCount, from);
      const blocks = blockCount + from.count();
      starts = grown(starts, blocks);
      lengths = grown(lengths, blocks);
      for (; blockCount < blocks; blockCount++) {
        starts[blockCount] = from.count();
        lengths[blockCount] = from.count();
      }
    },
  };
}
