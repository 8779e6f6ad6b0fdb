// A diverse recording: a large program that is installed, recorded by the bench itself, tens of thousands of branch sites. What a
// whole process takes from the file to the counts (the first pass), beside MBPlib on the same file where $MBPLIB is the folder of
// its built simulators; and what the replay takes once the recording is in memory (the steady state), beside the loop in C.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cpuSeconds } from "./cpu-time.ts";
import { besideEachOther } from "./front-ends.ts";
import { besideLoops } from "./recorded-files.ts";
import type { Result } from "./result.ts";

const BIN = fileURLToPath(new URL("../bundle/bplab.cjs", import.meta.url));
const BRANCHES = 20_000_000;
const RUNS = 3;

const SCRIPT = `
import json, re, ast, difflib, textwrap, collections, decimal, random, pickle, tokenize, io, pprint
random.seed(7)
source = open(ast.__file__).read()
compile(ast.unparse(ast.parse(source)), "x", "exec")
list(tokenize.generate_tokens(io.StringIO(source[:20000]).readline))
table = {"k%d" % i: [i, str(i), {"a": i / 3}] for i in range(1500)}
pickle.loads(pickle.dumps(json.loads(json.dumps(table, indent=1))))
words = re.findall("[a-z]+", source)
difflib.get_close_matches("functoin", sorted(set(words)), n=3)
pprint.pformat(list(table.items())[:40]), textwrap.fill(source[:3000]), sorted(words, key=len)
`;

/** Predictors, and MBPlib's simulators with tables of the same size. */
const PREDICTORS: readonly (readonly [predictor: string, simulator: string])[] = [
  ["gshare:entries=262144:historyBits=18", "gshare_64KB"],
  ["bimodal:entries=262144", "bimodal_64KB"],
  ["gas", "gas_64KB"],
  ["hashed-perceptron", "hashed_perceptron_64KB"],
  ["tage", "tage_64KB"],
];

/** The recording in both formats; undefined where there is no such program, or nothing to record it with. */
function recorded(folder: string): { readonly sbbt: string; readonly bpt: string } | undefined {
  // the command on the PATH may be a script that finds the program
  const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
  if (python.status !== 0) return undefined;
  const script = join(folder, "script.py");
  writeFileSync(script, SCRIPT);
  const files = { sbbt: join(folder, "diverse.sbbt"), bpt: join(folder, "diverse.bpt") };
  const limit = `--max-branches=${BRANCHES}`;
  const command = [BIN, "record", limit, "-o", files.bpt, "--", python.stdout.trim(), script];
  const { status } = spawnSync(process.execPath, command, { stdio: "ignore" });
  if (status !== 0 || !existsSync(files.bpt)) return undefined;
  execFileSync(process.execPath, [BIN, "convert", files.bpt, files.sbbt], { stdio: "ignore" });
  return files;
}

/** Whole processes, one job, tables as output. */
function firstPass(files: { readonly sbbt: string; readonly bpt: string }): Result[] {
  const simulators = process.env.MBPLIB;
  const results: Result[] = [];
  for (const [predictor, simulator] of PREDICTORS) {
    const ours = [files.sbbt, files.bpt].map((file) => [
      process.execPath,
      BIN,
      "simulate",
      file,
      `--predictor=${predictor}+no-return-stack`,
      "--jobs=1",
    ]);
    const theirs = simulators === undefined ? [] : [[join(simulators, simulator), files.sbbt]];
    const [sbbt, bpt, other] = cpuSeconds([...ours, ...theirs], RUNS);
    const speed = (seconds: number): number => BRANCHES / 1e6 / seconds;
    for (const [format, seconds] of [
      ["SBBT", sbbt],
      ["bpt", bpt],
    ] as const) {
      const subject = `${predictor}, whole process, from ${format}`;
      const against =
        other === undefined
          ? { comparedWith: "from SBBT", comparedValue: speed(sbbt) }
          : { comparedWith: `MBPlib's ${simulator}, from SBBT`, comparedValue: speed(other) };
      results.push({ subject, value: speed(seconds), unit: "M branches/s of user time", ...against });
    }
  }
  return results;
}

export async function benchDiverse(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), "bplab-bench-"));
  try {
    const files = recorded(folder);
    if (files === undefined) return [];
    const what = "diverse, in memory";
    return [...firstPass(files), ...(await besideLoops(folder, [files.bpt], what)), ...(await besideEachOther([files.bpt], what))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
