// What a user's predictor prints, and how often it is told of a branch.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bplab, temporaryFolder } from "../support.ts";

const folder = temporaryFolder();
const RECORDING = join(import.meta.dirname, "../data/recordings/double-track.csv");

function predictor(name: string, covers: string, instance: string, tracks = "", top = ""): string {
  const path = join(folder, `${name}.ts`);
  const text = `import { ALL_KINDS, CALLS, CONDITIONAL, definePredictor, INDIRECT, NONE, RETURN } from "bplab/models";
${top}
export default definePredictor({ title: "t", source: "own", covers: ${covers}, ${tracks} parameters: {}, storageBits: () => 1,
  create() { let n = 0; ${instance} },
});
`;
  writeFileSync(path, text);
  return path;
}
const told = (tracks: string): string => `return { predict: () => 0, train() {}, track(pc, t, taken, kind) { ${tracks} } };`;
const SEEN = `console.error(\`seen \${++n}: \${pc.toString(16)} \${kind} \${taken}\`);`;

describe("what a predictor prints", () => {
  it("goes to standard error, and results alone to standard output", { tags: "slow" }, () => {
    const top = 'console.log("loaded");';
    const instance = 'console.log("created"); process.stdout.write("made\\n"); return { predict: () => NONE, train() {} };';
    const path = predictor("speaks", "INDIRECT", instance, "", top);
    const { stdout, stderr, code } = bplab(["simulate", RECORDING, `--predictor=${path},btb`, "--format=json"], { ownProcess: true });
    expect(code).toBe(0);
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(stderr).toContain("created\nmade\n");
    expect(stderr).toContain("loaded\n");
  });

  it("comes whole and in order, however much it is", () => {
    const path = predictor(
      "much",
      "CONDITIONAL",
      told("if (pc === 0x1004) for (let i = 0; i < 20000; i++) console.log(i);"),
      "tracks: ALL_KINDS,",
    );
    const { stdout, stderr } = bplab(["simulate", RECORDING, `--predictor=${path}`, "--format=csv"], { ownProcess: true });
    expect(stderr.startsWith(Array.from({ length: 20000 }, (_, i) => `${i}\n`).join(""))).toBe(true);
    expect(stdout.split("\n")[0]).toMatch(/^program,/);
  });

  it("is shown where it is tried and fails", () => {
    const path = predictor("fails", "CONDITIONAL", 'console.log("before"); throw new Error("no");');
    const { stdout, stderr, code } = bplab(["simulate", RECORDING, `--predictor=${path}`], { ownProcess: true });
    expect([stdout, code]).toEqual(["", 2]);
    expect(stderr).toMatch(/^before\n[^\n]*no \(at fails\.ts:4\)\n$/);
  });
});

describe("a branch of two kinds", () => {
  const seen = (tracks: string): string[] => {
    const path = predictor(`tracks${tracks.length}`, "CONDITIONAL", told(SEEN), `tracks: ${tracks},`);
    const { stderr } = bplab(["simulate", RECORDING, `--predictor=${path}`, "--format=csv"], { ownProcess: true });
    return stderr.split("\n").filter((line) => line.startsWith("seen"));
  };

  it("reaches track once: as its other kind, where the model tracks that", { tags: "slow" }, () => {
    expect(seen("ALL_KINDS")).toEqual(["seen 1: 1000 8 1", "seen 2: 2004 1 0", "seen 3: 2008 32 1", "seen 4: 1004 1 0"]);
    expect(seen("CONDITIONAL | RETURN")).toEqual(["seen 1: 2004 1 0", "seen 2: 2008 32 1", "seen 3: 1004 1 0"]);
  });

  it("reaches track once: as a conditional, where the model does not track the other kind", { tags: "slow" }, () => {
    expect(seen("CONDITIONAL")).toEqual(["seen 1: 2004 1 0", "seen 2: 2008 1 1", "seen 3: 1004 1 0"]);
    expect(seen("CONDITIONAL | CALLS")).toEqual(["seen 1: 1000 8 1", "seen 2: 2004 1 0", "seen 3: 2008 1 1", "seen 4: 1004 1 0"]);
    expect(seen("RETURN")).toEqual(["seen 1: 2008 32 1"]);
  });
});
