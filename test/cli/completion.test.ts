// Completion in shells, the help of all commands, and messages about names.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { allCommands, COMMANDS } from "../../dist/src/cli/commands.js";
import { bashCompletion } from "../../dist/src/cli/completion/bash.js";
import { fishCompletion } from "../../dist/src/cli/completion/fish.js";
import { vocabularyOf } from "../../dist/src/cli/completion/vocabulary.js";
import { zshCompletion } from "../../dist/src/cli/completion/zsh.js";
import { EXAMPLES } from "../../dist/src/cli/examples.js";
import { readTechniques } from "../../dist/src/dispatch/techniques.js";
import { readMachines } from "../../dist/src/front-end/front-end.js";
import { MACHINES } from "../../dist/src/front-end/machines/machines.js";
import { unknownName } from "../../dist/src/parameters.js";
import { bplab, temporaryFolder } from "../support.js";

const installed = (shell: string): boolean => spawnSync(shell, ["--version"]).status === 0;

describe("completion", () => {
  const folder = temporaryFolder();
  const scripts = new Map<string, string>();
  beforeAll(async () => {
    const vocabulary = vocabularyOf(await allCommands());
    for (const [shell, write] of Object.entries({ bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion })) {
      const file = join(folder, `completion.${shell}`);
      writeFileSync(file, write(vocabulary));
      scripts.set(shell, file);
    }
  }, 600_000);

  it("is what the command prints", () => {
    const { code, stdout } = bplab(["completion", "bash"]);
    expect([code, stdout]).toEqual([0, readFileSync(scripts.get("bash") ?? "", "utf8")]);
    expect(bplab(["completion", "csh"]).stderr).toBe("unknown shell: csh; did you mean zsh? (known: bash, zsh, fish)\n");
  });

  /** What bash offers at the end of a line. */
  function inBash(line: string): string[] {
    const script = `source "$1"; COMP_LINE="$2"; COMP_POINT=\${#2}; _bplab; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync("bash", ["--norc", "-c", script, "bash", scripts.get("bash") ?? "", line], { encoding: "utf8" });
    return stdout.split("\n").filter((word) => word !== "");
  }

  it.skipIf(!installed("bash")).each([
    ["bplab sim", ["simulate"]],
    ["bplab simulate quee", ["queens"]],
    ["bplab simulate --techn", ["--technique"]],
    ["bplab simulate --technique=direct", ["direct-threading"]],
    ["bplab simulate queens --technique=switch,direct", ["switch,direct-threading"]],
    ["bplab simulate --predictor itt", ["ittage"]],
    ["bplab simulate --machine=hasw", ["haswell"]],
    ["bplab reproduce C16", ["C16", "C16b"]],
    ["bplab list merge", ["merge-maps"]],
    ["bplab report --chart=heat", ["heat-map"]],
    ["bplab simulate --chart=heat", []],
    ["bplab sweep mer", ["merge"]],
  ])("bash completes %j", (line, expected) => {
    expect(inBash(line)).toEqual(expected);
  });

  it.skipIf(!installed("bash"))("bash offers every command, and every option of one", () => {
    expect(inBash("bplab ").sort()).toEqual(["help", ...COMMANDS.map(({ name }) => name)].sort());
    const { stdout } = bplab(["simulate", "--help"]);
    for (const [, flag] of stdout.matchAll(/^ {2}(--[a-z-]+)/gm)) expect(inBash("bplab simulate --")).toContain(flag);
  });

  it.skipIf(!installed("zsh"))("zsh accepts its script", () => {
    const { status, stderr } = spawnSync("zsh", ["-n", scripts.get("zsh") ?? ""], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  });

  it.skipIf(!installed("fish")).each([
    ["bplab sim", "simulate"],
    ["bplab simulate quee", "queens"],
    ["bplab simulate --technique=switch,direct-th", "--technique=switch,direct-threading"],
  ])("fish completes %j", (line, expected) => {
    const script = `source ${scripts.get("fish")}; complete -C ${JSON.stringify(line)}`;
    const { stdout } = spawnSync("fish", ["--no-config", "-c", script], { encoding: "utf8", env: { ...process.env, HOME: folder } });
    expect(stdout.split("\n").map((offer) => offer.split("\t")[0])).toContain(expected);
  });
});

describe("help", () => {
  const docs = new URL("../../docs/", import.meta.url);
  const texts = [...readdirSync(docs), "../README.md"]
    .filter((file) => file.endsWith(".md"))
    .map((file) => readFileSync(new URL(file, docs), "utf8"));
  const shown = new Set(texts.flatMap((text) => [...text.matchAll(/^npx bplab (.*?)(?: +#.*)?$/gm)].map(([, command]) => command)));

  it.each(COMMANDS.map(({ name }) => name))("of %s ends with examples that the documents show, too, where a test runs them", (name) => {
    const examples = EXAMPLES[name] ?? [];
    expect(examples.length).toBeGreaterThan(0);
    for (const [line] of examples) expect([line, shown.has(line)]).toEqual([line, true]);
  });

  it("groups options, and shows the examples", () => {
    const { stdout } = bplab(["simulate", "--help"]);
    for (const heading of ["Output:", "The program:", "How the work is done:", "What is simulated:", "Examples:"])
      expect(stdout.split("\n")).toContain(heading);
    // nothing but help itself is left without a heading
    expect(/^Options:\n((?: {2}.*\n)+)/m.exec(stdout)?.[1].match(/^ {2}-/gm)).toHaveLength(1);
  });
});

describe("names", () => {
  it("are unknown in one line of at most 160 characters, the nearest name first, then where all are listed", () => {
    const ids = Array.from({ length: 100 }, (_, i) => `predictor-${i}`);
    const { message } = unknownName("predictor", "predictor-1x", ids);
    expect(message).toMatch(
      /^unknown predictor: predictor-1x; did you mean predictor-1\? \(known: predictor-0, .*, …; bplab list predictors\)$/,
    );
    expect(message.length).toBeLessThanOrEqual(160);
    expect(unknownName("predictor", "x".repeat(500), ids).message.length).toBeLessThanOrEqual(160);
    expect(unknownName("size", "huge", ["test", "full"]).message).toBe("unknown size: huge (known: test, full)");
  });

  it("of machines and techniques may be all, or ranges", async () => {
    expect((await readMachines("all")).map(({ name }) => name)).toEqual(MACHINES.map(({ id }) => id));
    const names = async (text: string) => (await readTechniques(text)).map(({ name }) => name);
    expect(await names("switch,unrolled-switch:copies=3..5")).toEqual([
      "switch",
      "unrolled-switch:copies=3",
      "unrolled-switch",
      "unrolled-switch:copies=5",
    ]);
    await expect(readTechniques("unrolled-switch:copies=5..3")).rejects.toThrow(/^technique unrolled-switch: copies: a range goes up/);
    await expect(readMachines("haswell,all")).rejects.toThrow("machine haswell is given twice");
  });

  it("of everything that there is are counted by list without an argument", () => {
    const rows: { what: string; count: number }[] = JSON.parse(bplab(["list", "--format=json"]).stdout);
    expect(rows.find(({ what }) => what === "machines")?.count).toBe(MACHINES.length);
    expect(rows.find(({ what }) => what === "claims")?.count).toBeGreaterThan(50);
  });

  it("of a predictor after list predictors show its parameters with their ranges", () => {
    const { code, stdout } = bplab(["list", "predictors", "btb"]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^sets +512 +1 to 65536, powers of two, sets/m)]);
    expect(bplab(["list", "predictors", "bttb"]).stderr).toMatch(/^unknown predictor: bttb; did you mean btb\?/);
    expect(bplab(["list", "charts", "heat-map"]).stderr).toBe("list charts takes no names, got heat-map: leave them out\n");
  });
});
