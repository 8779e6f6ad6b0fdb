// Proposals that wabt does not assemble and Node.js 20 does not compile: modules of our own, as bytes. Where V8 takes them they
// run; where it does not, one line says which feature is missing.
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../dist/src/errors.js";
import { misstep } from "./follow.ts";
import { type Traced, type TraceRequest, trace } from "./modules.ts";

const engine = (globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } }).WebAssembly;

/** Structs, arrays, br_on_cast, br_on_null, call_ref: counts to 5 by call_ref, casts a struct and an array, tests null and i31. */
const COLLECTED = Buffer.from(
  "AGFzbQEAAAABFgVfAX8BXn8BYAF/AX9gAW4Bf2AAAX8DBQQCAwMEBwgBBG1haW4AAwkFAQMAAQAKaQQHACAAQQFqCxsAAm4CZAAgAPsYAQBuAAwBC/sCAAAPCxpBfwsPAAJAIADVABpBAQ8LQQALMwEBfwNAIADSABQCIQAgAEEFSA0ACyAA+wAAEAFBAUED+wYBEAFq0G4QAkEE+xwQAmpqCwBNBG5hbWUBEAMAA2luYwEDZ2V0AgNudWwCEAMBAQABcgIBAAFyAwEAAWkDFgMBAgACbm8BA3llcwIBAAFuAwEAAWwECgMAAXMBAWECAWY=",
  "base64",
);
/** try_table with catch, catch_ref and catch_all, a parameter, results for a label with two values, a loop around; unwinds three calls. */
const TRY_TABLE = Buffer.from(
  "AGFzbQEAAAABFgVgAX8AYAAAYAF/AX9gAAF/YAACf2kDAwICAw0FAgAAAAEHCAEEbWFpbgABCmgCEwAgAEUEQEEqCAALIABBAWsQAAtSAQF/An8fQAEAAABBAxAAGgtBBwshAANAAkACBEEBHwICAQAAAgEaIABBLUgEQAgBC0EFCAALIQAMAgsaIABqIQAgAA8LIABBAWohAAwACyAACwAuBG5hbWUBBwEABGRlZXADFQEBBAABaAIFYWdhaW4DA2FsbAQBcgsHAgABdAEBdQ==",
  "base64",
);

const entered = ({ program }: Traced): ReadonlySet<number> =>
  new Set(Array.from({ length: program.addressCount }, (_, at) => at).filter((at) => program.enteredAt(at)));

describe.each([
  ["garbage collection", COLLECTED, "5", /br_on_cast end struct\.get return.*br_on_cast br end drop/],
  ["exceptions by try_table", TRY_TABLE, "50", /throw end local\.set.*try_table.*throw end local\.get.*throw end drop/],
])("a module with %s", (feature, bytes, result, stream) => {
  it.skipIf(engine.validate(bytes)).each(["in-place", "side-table"] as const)(
    "is refused in one line where V8 does not know it (%s)",
    (form) => {
      const request: TraceRequest = { invoke: "main", form };
      expect(() => trace(bytes, request)).toThrow(UsageError);
      expect(() => trace(bytes, request)).toThrow(
        new RegExp(`^test\\.wasm: V8 does not take it: .*; it uses .*${feature}.*: Node\\.js 22 has that`),
      );
    },
  );

  it.skipIf(!engine.validate(bytes)).each(["in-place", "side-table"] as const)(
    "runs as it does without probes, step by step (%s)",
    (form) => {
      const run = trace(bytes, { invoke: "main", form });
      expect(run.error).toBeUndefined();
      expect(run.output).toBe(`${result}\n`);
      expect(misstep(run.program, run.blocks, entered(run))).toBeUndefined();
      if (form === "in-place") expect(run.names.join(" ")).toMatch(stream);
    },
  );
});
