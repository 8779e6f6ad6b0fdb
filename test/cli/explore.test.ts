// bplab explore: opens the page in a browser, writes it, or says where it is.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bplab, temporaryFolder } from "../support.js";

const PAGE = fileURLToPath(new URL("../../dist/explorer.html", import.meta.url));

describe.skipIf(!existsSync(PAGE) && process.env.CI === undefined)(
  "explore (skipped only where npm run build did not make the page)",
  () => {
    const folder = temporaryFolder();

    /** Runs it with an xdg-open of the test's own on a screen that does not exist. */
    function exploreWith(opener: string | undefined, screen = ":99") {
      const tools = join(folder, "tools");
      mkdirSync(tools, { recursive: true });
      writeFileSync(join(tools, "xdg-open"), opener ?? "");
      chmodSync(join(tools, "xdg-open"), 0o755);
      const path = opener === undefined ? "/nowhere" : `${tools}${delimiter}${process.env.PATH}`;
      return bplab(["explore"], { cwd: folder, env: { ...process.env, DISPLAY: screen, WAYLAND_DISPLAY: "", PATH: path } });
    }

    it.skipIf(process.platform !== "linux")("opens the page by the system's opener, and says so", () => {
      const { code, stdout, stderr } = exploreWith(`#!/bin/sh\necho "$1" > opened\n`);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^Opened file:\/\/\/.*\/explorer\.html\n$/);
      expect(readFileSync(join(folder, "opened"), "utf8")).toBe(stdout.replace("Opened ", ""));
    });

    it.skipIf(process.platform !== "linux").each([
      ["the opener fails", "#!/bin/sh\nexit 3\n", ":99"],
      ["there is none", undefined, ":99"],
      ["there is no screen", "#!/bin/sh\nexit 0\n", ""],
    ])("says where the page is if %s", (_, opener, screen) => {
      const { code, stdout, stderr } = exploreWith(opener, screen);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^There is no browser to open it in\. Open this page yourself: file:\/\/\/.*\/explorer\.html\n$/);
    });

    it("writes the page to a file, whole, without opening it", () => {
      expect(bplab(["explore", "--output=mine.html"], { cwd: folder })).toMatchObject({ code: 0, stdout: "", stderr: "" });
      expect(readFileSync(join(folder, "mine.html")).equals(readFileSync(PAGE))).toBe(true);
    });

    it.each([
      [["explore", "--output=mine.txt"], "--output must be a file that ends in .html, got mine.txt\n"],
      [["explore", "--output=nowhere/mine.html"], "cannot write nowhere/mine.html: its folder does not exist\n"],
      [["explore", "queens"], "too many arguments for 'explore'. Expected 0 arguments but got 1.\n"],
    ])("refuses %j", (args, message) => {
      expect(bplab(args, { cwd: folder })).toMatchObject({ code: 2, stdout: "", stderr: message });
    });
  },
);
