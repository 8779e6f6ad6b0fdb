// The lab's programs for WebAssembly at their full size.
// @module-tag slow
import { describe, expect, it } from "vitest";
import { wasmProgramIds } from "../../../dist/src/guests/wasm/lab-programs.js";
import { instructionsOf } from "../instructions-of.js";

describe.each(wasmProgramIds())("%s", (id) => {
  it("prints what it must at size full, in 5 to 50 million virtual instructions", async () => {
    const count = await instructionsOf(id, "full");
    expect(count).toBeGreaterThan(5_000_000);
    expect(count).toBeLessThan(50_000_000);
  }, 600_000);
});
