import { describe, expect, it } from "vitest";
import { optimisingLater } from "../../dist/src/platform/node/os.js";

describe("an action during which V8 optimises later", () => {
  it("gives its result", async () => {
    await expect(optimisingLater(async () => 7)).resolves.toBe(7);
  });

  it("gives its error, and others after it run", async () => {
    const failing = optimisingLater(() => Promise.reject(new Error("wrong")));
    await expect(failing).rejects.toThrow("wrong");
    await expect(optimisingLater(async () => 8)).resolves.toBe(8);
  });

  it("may run inside another one", async () => {
    await expect(optimisingLater(() => optimisingLater(async () => 9))).resolves.toBe(9);
  });
});
