// Finds the event of a packet by the packet's words in one hash table, without decoding it. The bits of its gap are ignored, so
// that a branch is one event however many instructions came before it.
import { MAX_EVENTS, type RecordedEvents, tooManyBranches } from "./events.ts";
import {
  BITS,
  createPacketKernel,
  KERNEL_PACKETS,
  KERNEL_SLOTS,
  ROW_EXECUTIONS,
  ROW_LENGTH,
  ROW_SECOND,
  ROW_WORDS,
  WRITTEN,
} from "./packet-kernel.ts";
import { PACKET_WORDS, type PacketCoding } from "./recording.ts";

/** Initial slots; at most half of them are used. */
const SLOTS = 1 << 17;

export interface PacketTable {
  /** Most packets that `identify` takes. */
  readonly most: number;
  /** An array of so many packets, which `identify` need not copy. */
  readonly packets: Int32Array;
  /** The events that `identify` wrote. */
  readonly stream: Int32Array;
  /**
   * Writes the events of the packets `from` up to `to` whose kinds are wanted to `stream`, and counts how often each executes.
   * @returns the number of events written: at most two for each packet
   */
  identify(words: Int32Array, from: number, to: number, coding: PacketCoding): number;
  /** The event of one packet, whose execution does not count. */
  eventOf(words: Int32Array, at: number, coding: PacketCoding): number;
  /** How often each event executed, by `identify`. */
  executions(): Float64Array;
  /** Resets the executions. */
  reset(): void;
}

/** @param wanted kinds of branches that are written to streams */
export function createPacketTable(events: RecordedEvents, wanted: number): PacketTable {
  const { told, packets, stream, rows, rowFloats, slots, identify, slotOf } = createPacketKernel();
  let length = SLOTS;
  let used = 0;
  let bitsFor: PacketCoding | undefined;

  function place(event: number): void {
    slots[slotOf(event, length - 1)] = event;
  }
  function makeRoom(): void {
    if (2 * ++used <= length || length === KERNEL_SLOTS) return;
    const placed = slots.slice(0, length);
    slots.fill(0, 0, length);
    length *= 2;
    for (const event of placed) if (event !== 0) place(event);
  }
  function replace(old: number, now: number): void {
    for (let word = 0; word < PACKET_WORDS; word++) rows[now * ROW_WORDS + word] = rows[old * ROW_WORDS + word];
    slots[slotOf(old, length - 1)] = now;
  }
  /** Gives the packet at `at` in the kernel's memory an event. */
  function admit(words: Int32Array, at: number, coding: PacketCoding): void {
    const before = events.count;
    if (before > MAX_EVENTS) throw tooManyBranches();
    makeRoom();
    const event = events.admit(coding.decode(words, at), replace);
    if (event === 0) throw new Error("a branch without a kind");
    const { kinds, seconds } = events.columns;
    const after = events.count;
    for (let added = before; added < after; added++) {
      rows[added * ROW_WORDS + ROW_LENGTH] = kinds[added] & wanted ? 4 : 0;
      rows[added * ROW_WORDS + ROW_SECOND] = seconds[added];
    }
    const row = event * ROW_WORDS;
    rows[row] = words[at];
    rows[row + 1] = words[at + 1];
    rows[row + 2] = words[at + 2] & told[BITS];
    rows[row + 3] = words[at + 3] & told[BITS + 1];
    place(event);
  }
  /**
   * Finds the events of packets in the kernel's memory.
   * @param words the array that they were copied from, and `from` their place in it
   * @param start their place in the memory
   * @param times what is added to the executions of each event
   */
  function identifyPackets(
    words: Int32Array,
    from: number,
    start: number,
    packetCount: number,
    coding: PacketCoding,
    times: number,
  ): number {
    if (bitsFor !== coding) {
      for (const [i, bits] of coding.gapBits.entries()) told[BITS + i] = ~bits;
      bitsFor = coding;
    }
    const end = start + packetCount;
    let at = start;
    told[WRITTEN] = 0;
    for (;;) {
      at = identify(at, end, length - 1, times);
      if (at === end) return told[WRITTEN];
      admit(words, (from + at - start) * PACKET_WORDS, coding);
    }
  }
  return {
    most: KERNEL_PACKETS,
    packets,
    stream,
    identify(words, from, to, coding) {
      if (words === packets) return identifyPackets(words, from, from, to - from, coding, 1);
      packets.set(words.subarray(from * PACKET_WORDS, to * PACKET_WORDS));
      return identifyPackets(words, from, 0, to - from, coding, 1);
    },
    eventOf(words, at, coding) {
      for (let word = 0; word < PACKET_WORDS; word++) packets[word] = words[at + word];
      identifyPackets(words, at / PACKET_WORDS, 0, 1, coding, 0);
      return stream[0];
    },
    executions() {
      const all = new Float64Array(events.count);
      for (let event = 0; event < all.length; event++) all[event] = rowFloats[(event * ROW_WORDS) / 2 + ROW_EXECUTIONS];
      return all;
    },
    reset() {
      for (let event = 0; event < events.count; event++) rowFloats[(event * ROW_WORDS) / 2 + ROW_EXECUTIONS] = 0;
    },
  };
}
