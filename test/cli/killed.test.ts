// What a command that is killed while it writes a recording leaves on disk: nothing, not even where no handler sees the signal.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support.js";

const BIN = fileURLToPath(new URL("../../dist/src/bin.js", import.meta.url));
const folder = temporaryFolder();

const soon = () => new Promise((done) => setTimeout(done, 20));

describe.skipIf(process.platform === "win32")("bplab trace into a format that takes two passes", () => {
  it.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
    "leaves neither a temporary folder nor a part of its output after %s",
    async (signal) => {
      const [written, temporary] = ["out", "tmp"].map((name) => join(folder, signal, name));
      for (const each of [written, temporary]) mkdirSync(each, { recursive: true });
      const args = ["trace", "queens", "--size=full", `--output=${join(written, "queens.sbbt")}`];
      const child = spawn(process.execPath, [BIN, ...args], {
        stdio: "ignore",
        env: { ...process.env, TMPDIR: temporary, BPLAB_CACHE: join(folder, "cache") },
      });
      const ended = new Promise((done) => child.once("close", (_, by) => done(by)));
      while (readdirSync(temporary).length === 0 && child.exitCode === null) await soon();
      expect(readdirSync(written)).toHaveLength(1);
      child.kill(signal);
      expect(await ended).toBe(signal);
      while (readdirSync(temporary).length > 0 || readdirSync(written).length > 0) await soon();
    },
    60_000,
  );
});
