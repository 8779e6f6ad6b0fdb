// The table that finds events by packets is machine code: a plain Map beside it must find the same events, and count the same.
import { describe, expect, it } from "vitest";
import { ALL_KINDS, CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../dist/src/branch.js";
import { createEvents } from "../../dist/src/recordings/events.js";
import { createPacketTable } from "../../dist/src/recordings/packet-table.js";
import { createPacker } from "../../dist/src/recordings/packets.js";

const KINDS = [JUMP, CALL, CONDITIONAL, INDIRECT_JUMP, INDIRECT_CALL, RETURN, CONDITIONAL | RETURN, CONDITIONAL | INDIRECT_JUMP];

/** A sequence that is the same in every run. */
function noise(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 0x915f77f5) + 12345) | 0;
    return (state >>> 8) % below;
  };
}

/** The same by a Map of texts. */
function plainTable(wanted: number) {
  const events = createEvents();
  const known = new Map<string, number>();
  const executions: number[] = [];
  return {
    events,
    executions,
    take(words: Int32Array, count: number, coding: ReturnType<typeof createPacker>["coding"]): number[] {
      const stream: number[] = [];
      for (let at = 0; at < 4 * count; at += 4) {
        const [bits2, bits3] = coding.gapBits;
        const key = [words[at], words[at + 1], words[at + 2] & ~bits2, words[at + 3] & ~bits3].join();
        if (!known.has(key)) {
          const keyOf = (event: number) => [...known].find(([, value]) => value === event)?.[0] ?? "";
          known.set(
            key,
            events.admit(coding.decode(words, at), (old, now) => known.set(keyOf(old), now)),
          );
        }
        const first = known.get(key) ?? 0;
        for (const event of [first, events.columns.seconds[first]]) {
          executions[event] = (executions[event] ?? 0) + 1;
          if (events.columns.kinds[event] & wanted) stream.push(event);
        }
      }
      return stream;
    },
  };
}

describe("events of packets", () => {
  it.each([
    ["all kinds", ALL_KINDS, 1],
    ["conditionals", CONDITIONAL, 2],
    ["indirect branches and returns", INDIRECT_JUMP | INDIRECT_CALL | RETURN, 3],
  ])("are those that a plain map finds, streams of %s", (_, wanted, seed) => {
    const next = noise(seed);
    const packer = createPacker();
    const events = createEvents();
    const table = createPacketTable(events, wanted);
    const plain = plainTable(wanted);
    const words = new Int32Array(4 * 500);
    for (let round = 0; round < 12; round++) {
      for (let i = 0; i < 500; i++) {
        const kind = KINDS[next(KINDS.length)];
        packer.pack(
          {
            pc: 0x401000 + next(60),
            pcHigh: next(2),
            // some go to the next instruction, whatever their kind
            target: 0x401000 + next(70),
            targetHigh: next(2),
            kind,
            taken: kind & CONDITIONAL && next(2) === 0 ? 0 : 1,
            gap: 1 + next(9),
          },
          words,
          4 * i,
        );
      }
      const written = table.identify(words, 0, 500, packer.coding);
      expect([...table.stream.subarray(0, written)]).toEqual(plain.take(words, 500, packer.coding));
    }
    expect(events.count).toBe(plain.events.count);
    expect([...table.executions()].slice(1)).toEqual(Array.from({ length: events.count - 1 }, (_, i) => plain.executions[i + 1] ?? 0));
  });

  it("are found after the table has grown several times, and are not counted where only their number is asked for", () => {
    const packer = createPacker();
    const table = createPacketTable(createEvents(), ALL_KINDS);
    const most = 300_000;
    const words = new Int32Array(4 * table.most);
    const fill = (from: number, to: number): void => {
      for (let i = from; i < to; i++)
        packer.pack({ pc: 4 * i, pcHigh: 0, target: 64, targetHigh: 0, kind: JUMP, taken: 1, gap: 1 }, words, 4 * (i - from));
    };
    for (const time of [1, 2]) {
      for (let from = 0; from < most; from += table.most) {
        const to = Math.min(from + table.most, most);
        fill(from, to);
        expect(table.identify(words, 0, to - from, packer.coding)).toBe(to - from);
        expect([table.stream[0], table.stream[to - from - 1]]).toEqual([from + 1, to]);
      }
      expect(table.executions()[most]).toBe(time);
    }
    fill(most - 1, most);
    expect(table.eventOf(words, 0, packer.coding)).toBe(most);
    expect(table.executions()[most]).toBe(2);
    table.reset();
    expect(table.executions()[most]).toBe(0);
  });
});
