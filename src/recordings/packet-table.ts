// Finds the event of a packet by the packet's words in one hash table, without decoding it. The bits of its gap are ignored, so
// that a branch is one event however many instructions came before it.
//
// The loop is generated, so that V8 knows the tables as constants. In a prototype on CPython (32 million branches, 60,000 events)
// 6.3 ns per packet; keys and counts in one row of a table took 1.2 times as long, and following links from each packet to the
// one that came after it last time 0.94: not worth a second algorithm.
import { grown } from "../files/grown.ts";
import { MAX_EVENTS, type RecordedEvents, tooManyBranches } from "./events.ts";
import { PACKET_WORDS, type PacketCoding } from "./recording.ts";

/** Initial slots; at most half of them are used. */
const SLOTS = 1 << 17;

export interface PacketTable {
  /**
   * Writes the events of the packets `from` up to `to` whose kinds are wanted, and counts how often each executes.
   * @returns the number of events written: at most two for each packet
   */
  identify(words: Int32Array, from: number, to: number, coding: PacketCoding, stream: Int32Array): number;
  /** The event of one packet. */
  eventOf(words: Int32Array, at: number, coding: PacketCoding): number;
  /** How often each event executed, by `identify`. */
  readonly executions: Float64Array;
}

type Identify = (words: Int32Array, from: number, to: number, stream: Int32Array) => number;

/** Of a packet's words `a` to `d`. */
const HASH = "Math.imul(a ^ Math.imul(b, 0xc2b2ae35) ^ Math.imul(c, 0x85ebca6b) ^ Math.imul(d, 0x27d4eb2f), 0x9e3779b1)";
const hash = new Function("a", "b", "c", "d", `const mixed = ${HASH}; return mixed ^ (mixed >>> 15);`);

/** @param wanted kinds of branches that are written to streams */
export function createPacketTable(events: RecordedEvents, wanted: number): PacketTable {
  /** By event: the words of its packet. */
  let keys = new Int32Array(0);
  /** By event: 1 if it is written, plus 2 if a second event follows it. */
  let written = new Uint8Array(0);
  let executions = new Float64Array(0);
  let slots = new Int32Array(SLOTS);
  let used = 0;
  let compiled: Identify | undefined;
  let compiledFor: PacketCoding | undefined;

  function slotOf(event: number): number {
    const mask = slots.length - 1;
    const at = event * PACKET_WORDS;
    let slot = hash(keys[at], keys[at + 1], keys[at + 2], keys[at + 3]) & mask;
    while (slots[slot] !== 0 && slots[slot] !== event) slot = (slot + 1) & mask;
    return slot;
  }
  /** Makes room for this many more packets before the loop runs, because the loop cannot switch to longer tables. */
  function makeRoom(packets: number): void {
    events.reserve(packets);
    const rows = events.columns.pcs.length;
    if (rows > written.length) {
      keys = grown(keys, rows * PACKET_WORDS);
      written = grown(written, rows);
      executions = grown(executions, rows);
      compiled = undefined;
    }
    if (2 * (used + packets) <= slots.length) return;
    const old = slots;
    let length = slots.length;
    while (2 * (used + packets) > length) length *= 2;
    slots = new Int32Array(length);
    for (const event of old) if (event !== 0) slots[slotOf(event)] = event;
    compiled = undefined;
  }
  function admit(words: Int32Array, at: number, b: number, c: number, d: number, slot: number, coding: PacketCoding): number {
    if (events.count > MAX_EVENTS) throw tooManyBranches();
    const before = events.count;
    const event = events.admit(coding.decode(words, at), (old, now) => {
      keys.copyWithin(now * PACKET_WORDS, old * PACKET_WORDS, (old + 1) * PACKET_WORDS);
      slots[slotOf(old)] = now;
    });
    for (let added = before; added < events.count; added++) {
      const { kinds, seconds } = events.columns;
      written[added] = (kinds[added] & wanted ? 1 : 0) | (seconds[added] === 0 ? 0 : 2);
    }
    if (event === 0) return 0;
    keys.set([words[at], b, c, d], event * PACKET_WORDS);
    slots[slot] = event;
    used++;
    return event;
  }
  function compile(coding: PacketCoding): Identify {
    const [bits2, bits3] = coding.gapBits;
    const constants = { keys, slots, written, executions, seconds: events.columns.seconds, coding, admit };
    const text = `return function identify(words, from, to, stream) {
  const ${Object.keys(constants)
    .map((name) => `${name} = $${name}`)
    .join(", ")};
  let count = 0;
  for (let i = from; i < to; i++) {
    const at = i << 2;
    const a = words[at], b = words[at + 1], c = words[at + 2] & ${~bits2}, d = words[at + 3] & ${~bits3};
    const mixed = ${HASH};
    let slot = (mixed ^ (mixed >>> 15)) & ${slots.length - 1};
    let event = slots[slot];
    for (;;) {
      if (event === 0) {
        event = admit(words, at, b, c, d, slot, coding);
        break;
      }
      const key = event << 2;
      if (keys[key] === a && keys[key + 2] === c && keys[key + 1] === b && keys[key + 3] === d) break;
      slot = (slot + 1) & ${slots.length - 1};
      event = slots[slot];
    }
    executions[event]++;
    stream[count] = event;
    const how = written[event];
    count += how & 1;
    if (how > 1) {
      const second = seconds[event];
      executions[second]++;
      stream[count] = second;
      count += written[second];
    }
  }
  return count;
};`;
    return new Function(...Object.keys(constants).map((name) => `$${name}`), text)(...Object.values(constants)) as Identify;
  }
  return {
    identify(words, from, to, coding, stream) {
      makeRoom(to - from);
      if (compiled === undefined || compiledFor !== coding) compiled = compile(coding);
      compiledFor = coding;
      return compiled(words, from, to, stream);
    },
    eventOf(words, at, coding) {
      makeRoom(1);
      const [bits2, bits3] = coding.gapBits;
      const [a, b, c, d] = [words[at], words[at + 1], words[at + 2] & ~bits2, words[at + 3] & ~bits3];
      const mask = slots.length - 1;
      let slot = hash(a, b, c, d) & mask;
      for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const key = slots[slot] * PACKET_WORDS;
        if (keys[key] === a && keys[key + 1] === b && keys[key + 2] === c && keys[key + 3] === d) return slots[slot];
      }
      return admit(words, at, b, c, d, slot, coding);
    },
    get executions() {
      return executions;
    },
  };
}
