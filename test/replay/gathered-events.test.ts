// Events that are gathered for several front ends.
import { describe, expect, it } from "vitest";
import { gatherEvents } from "../../dist/src/replay/gathered-events.js";

describe("events that are gathered", () => {
  it("are passed on all, in their order, whether pieces are empty, small, or larger than what is gathered", () => {
    const passed: number[] = [];
    let calls = 0;
    const gathered = gatherEvents((stream, count) => {
      calls++;
      for (let i = 0; i < count; i++) passed.push(stream[i]);
    });
    const lengths = [3, 0, 70_000, 70_000, 200_000, 131_072, 1];
    const stream = new Int32Array(200_000);
    let next = 0;
    for (const length of lengths) {
      for (let i = 0; i < length; i++) stream[i] = next++;
      gathered.take(stream, length);
    }
    gathered.finish();
    gathered.finish();
    expect(passed.length).toBe(next);
    expect(passed.every((event, i) => event === i)).toBe(true);
    expect(calls).toBe(5); // 70,003; 70,000; 200,000; 131,072; 1
  });
});
