// Finds the events of packets by their words in one hash table: machine code by way of WebAssembly, written here instruction by
// instruction. The same loop in JavaScript, with four words compared one by one and every access checked, took 0.85 s of user time
// for CPython (32 million packets, 55,000 events) where this takes 0.25, first occurrences included. It was no faster with keys in
// the slots themselves, or with a quarter or an eighth of the slots in use instead of a half.
//
// The memory has four parts; pages that are not used take none:
//
//   packets   16 bytes each, as they were read
//   stream    4 bytes an event
//   rows      32 bytes an event: 0 its packet without the gap   16 executions (float)   24 its length in the stream, 4 or 0
//             28 the event that follows it as a part of the same branch, or 0
//   slots     4 bytes: the event whose packet belongs here, 0 for none
import { MAX_EVENTS } from "./events.ts";
import { PACKET_WORDS } from "./recording.ts";

/** Packets that the memory holds at a time. */
export const KERNEL_PACKETS = 1 << 13;
/** Words of a row, and those of its parts: Float64s and Int32s. */
export const ROW_WORDS = 8;
export const ROW_EXECUTIONS = 2;
export const ROW_LENGTH = 6;
export const ROW_SECOND = 7;

/** Of what is told: the bits of a packet's second half that are no gap, low and high; the events in the stream. */
export const BITS = 0;
export const WRITTEN = 2;

/** Slots that the memory holds: twice as many as there may be events. */
export const KERNEL_SLOTS = 2 * MAX_EVENTS;

/** The memory's parts, and the functions that work on them. */
export interface PacketKernel {
  readonly packets: Int32Array;
  readonly stream: Int32Array;
  readonly rows: Int32Array;
  readonly rowFloats: Float64Array;
  readonly slots: Int32Array;
  /** What `identify` is told by way of the memory: calls with 64-bit or floating-point numbers are converted slowly. */
  readonly told: Int32Array;
  /**
   * Writes the events of the packets `from` up to `to` to the stream after its first `told[WRITTEN]` events, and counts them.
   * @param mask  slots in use - 1
   * @param times what is added to the executions of each event
   * @returns the first packet that has no event yet, or `to`
   */
  identify(from: number, to: number, mask: number, times: number): number;
  /** The slot of an event by the packet in its row: the one that holds it, else the one where it belongs. */
  slotOf(event: number, mask: number): number;
}

type Code = readonly number[];

/** LEB128, signed. */
function signed(value: bigint): Code {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}
/** LEB128, unsigned, of small numbers. */
const unsigned = (value: number): Code => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >> 7)]);
const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];

const [I32, I64, F64] = [0x7f, 0x7e, 0x7c];
const operator =
  (opcode: number) =>
  (...operands: readonly Code[]): Code => [...operands.flat(), opcode];
const memory =
  (opcode: number, alignment: number) =>
  (offset: number, ...operands: readonly Code[]): Code => [...operands.flat(), opcode, alignment, ...unsigned(offset)];
const get = (local: number): Code => [0x20, local];
const set = (local: number, value: Code): Code => [...value, 0x21, local];
const i32 = (value: number): Code => [0x41, ...signed(BigInt(value))];
const i64 = (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))];
const block = (...code: readonly Code[]): Code => [0x02, 0x40, ...code.flat(), 0x0b];
const loop = (...code: readonly Code[]): Code => [0x03, 0x40, ...code.flat(), 0x0b];
const when = (condition: Code, ...code: readonly Code[]): Code => [...condition, 0x04, 0x40, ...code.flat(), 0x0b];
const branch = (depth: number): Code => [0x0c, depth];
const branchIf = (depth: number, condition: Code): Code => [...condition, 0x0d, depth];
const load = memory(0x28, 2);
const load64 = memory(0x29, 3);
const loadFloat = memory(0x2b, 3);
const store = memory(0x36, 2);
const storeFloat = memory(0x39, 3);
const isZero = operator(0x45);
const isEqual = operator(0x46);
const add = operator(0x6a);
const subtract = operator(0x6b);
const and = operator(0x71);
const shiftLeft = operator(0x74);
const shiftRight = operator(0x76);
const isEqual64 = operator(0x51);
const add64 = operator(0x7c);
const multiply64 = operator(0x7e);
const and64 = operator(0x83);
const shiftRight64 = operator(0x88);
const addFloat = operator(0xa0);
const low32 = operator(0xa7);
const asFloat = operator(0xb7);

/** The slot where the search for a packet begins: the upper bits of a sum of products. */
const firstSlot = (low: Code, high: Code, mask: Code): Code =>
  and(low32(shiftRight64(add64(multiply64(low, i64(0x9e3779b97f4a7c15n)), multiply64(high, i64(0xc2b2ae3d27d4eb4fn))), i64(40n))), mask);

/** Where the parts begin, in bytes. Events are numbered from 1, and a branch takes two at most. */
const TOLD = 0;
const TOLD_BYTES = 16;
const PACKETS = TOLD + TOLD_BYTES;
const STREAM = PACKETS + KERNEL_PACKETS * 16;
const ROWS = STREAM + KERNEL_PACKETS * 8;
const SLOTS = ROWS + (MAX_EVENTS + 2) * 32;
const END = SLOTS + KERNEL_SLOTS * 4;
const PAGE_BYTES = 1 << 16;

function assemble(): Uint8Array<ArrayBuffer> {
  const slotAt = (slot: Code): Code => load(SLOTS, shiftLeft(slot, i32(2)));
  const rowOf = (event: Code): Code => shiftLeft(event, i32(5));
  const following = (slot: number, mask: number): Code => set(slot, and(add(get(slot), i32(1)), get(mask)));

  const identify = (): Code => {
    const [from, to, mask, added, times, bits, low, high, into, slot, event, row] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    const count = storeFloat(ROWS + 16, get(row), addFloat(loadFloat(ROWS + 16, get(row)), get(times)));
    const write = [
      store(0, get(into), get(event)),
      count,
      set(into, add(get(into), load(ROWS + 24, get(row)))),
      set(event, load(ROWS + 28, get(row))),
    ];
    return [
      set(from, shiftLeft(get(from), i32(4))),
      set(to, shiftLeft(get(to), i32(4))),
      set(times, asFloat(get(added))),
      set(bits, load64(TOLD + 4 * BITS, i32(0))),
      set(into, add(shiftLeft(load(TOLD + 4 * WRITTEN, i32(0)), i32(2)), i32(STREAM))),
      block(
        loop(
          branchIf(1, isEqual(get(from), get(to))),
          set(low, load64(PACKETS, get(from))),
          set(high, and64(load64(PACKETS + 8, get(from)), get(bits))),
          set(slot, firstSlot(get(low), get(high), get(mask))),
          block(
            loop(
              set(event, slotAt(get(slot))),
              branchIf(3, isZero(get(event))),
              set(row, rowOf(get(event))),
              branchIf(1, and(isEqual64(load64(ROWS, get(row)), get(low)), isEqual64(load64(ROWS + 8, get(row)), get(high)))),
              following(slot, mask),
              branch(0),
            ),
          ),
          ...write,
          when(get(event), set(row, rowOf(get(event))), ...write),
          set(from, add(get(from), i32(4 * PACKET_WORDS))),
          branch(0),
        ),
      ),
      store(TOLD + 4 * WRITTEN, i32(0), shiftRight(subtract(get(into), i32(STREAM)), i32(2))),
      shiftRight(get(from), i32(4)),
    ].flat();
  };
  const slotOf = (): Code => {
    const [wanted, mask, slot, event] = [0, 1, 2, 3];
    const half = (offset: number): Code => load64(ROWS + offset, rowOf(get(wanted)));
    return [
      set(slot, firstSlot(half(0), half(8), get(mask))),
      block(
        loop(
          set(event, slotAt(get(slot))),
          branchIf(1, isZero(get(event))),
          branchIf(1, isEqual(get(event), get(wanted))),
          following(slot, mask),
          branch(0),
        ),
      ),
      get(slot),
    ].flat();
  };
  const name = (text: string): Code => list([...text].map((letter) => [letter.charCodeAt(0)]));
  const body = (locals: readonly Code[], text: Code): Code => {
    const content = [...list(locals), ...text, 0x0b];
    return [...unsigned(content.length), ...content];
  };
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      list([
        [0x60, ...list([[I32], [I32], [I32], [I32]]), ...list([[I32]])],
        [0x60, ...list([[I32], [I32]]), ...list([[I32]])],
      ]),
    ),
    ...section(2, list([[...name("bplab"), ...name("memory"), 2, 0, 1]])),
    ...section(3, list([[0], [1]])),
    ...section(
      7,
      list([
        [...name("identify"), 0, 0],
        [...name("slotOf"), 0, 1],
      ]),
    ),
    ...section(
      10,
      list([
        body(
          [
            [1, F64],
            [3, I64],
            [4, I32],
          ],
          identify(),
        ),
        body([[2, I32]], slotOf()),
      ]),
    ),
  ]);
}

/** As much of it as is used here: TypeScript has its types only among those of browsers. */
interface Assembly {
  readonly Module: new (code: Uint8Array) => object;
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Assembly };

let compiled: object | undefined;

export function createPacketKernel(): PacketKernel {
  compiled ??= new WebAssembly.Module(assemble());
  const memory = new WebAssembly.Memory({ initial: Math.ceil(END / PAGE_BYTES) });
  const { exports } = new WebAssembly.Instance(compiled, { bplab: { memory } });
  const { identify, slotOf } = exports as Pick<PacketKernel, "identify" | "slotOf">;
  return {
    told: new Int32Array(memory.buffer, TOLD, TOLD_BYTES / 4),
    packets: new Int32Array(memory.buffer, PACKETS, KERNEL_PACKETS * PACKET_WORDS),
    stream: new Int32Array(memory.buffer, STREAM, KERNEL_PACKETS * 2),
    rows: new Int32Array(memory.buffer, ROWS, (MAX_EVENTS + 2) * ROW_WORDS),
    rowFloats: new Float64Array(memory.buffer, ROWS, ((MAX_EVENTS + 2) * ROW_WORDS) / 2),
    slots: new Int32Array(memory.buffer, SLOTS, KERNEL_SLOTS),
    identify,
    slotOf,
  };
}
