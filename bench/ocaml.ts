// The OCaml guest: virtual instructions per second, untraced and traced, compared with the goal and with ocamlrun if OCaml is
// installed. Every run is a separate process, V8's compilation included: these programs run for less than a second.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ocamlcVersion, ocamlProgramIds } from "../src/guests/ocaml/lab-programs.ts";
import { findProgram } from "../src/guests/programs.ts";
import { race } from "./race.ts";
import type { Result } from "./result.ts";

const ALONE = fileURLToPath(new URL("./ocaml-alone.js", import.meta.url));
const ROUNDS = 4;
/** Goal in million instructions per second; a traced run takes at most 1.5 times as long. */
const ASKED = 40;
const TRACED = { atLeast: 1 / 1.5 };
const UNIT = "M instructions/s";

interface Run {
  readonly seconds: number;
  readonly instructions: number;
}

const run = (id: string, how: string): Run => JSON.parse(execFileSync(process.execPath, [ALONE, id, how], { encoding: "utf8" }));

const fastest = (runs: readonly Run[]): number => Math.min(...runs.map(({ seconds }) => seconds));

export async function benchOcaml(): Promise<Result[]> {
  if (ocamlcVersion() === undefined) return [];
  const results: Result[] = [];
  for (const id of ocamlProgramIds()) {
    const { path, words } = await findProgram(id);
    const untraced: Run[] = [];
    const traced: Run[] = [];
    const [, , ocamlrunSeconds] = race(
      [
        () => void untraced.push(run(id, "untraced")),
        () => void traced.push(run(id, "traced")),
        () => void execFileSync("ocamlrun", [path, ...words("full")], { maxBuffer: 1 << 28 }),
      ],
      1,
      ROUNDS,
    );
    const millions = traced[0].instructions / 1e6;
    const plain = { subject: `${id}, not traced`, value: millions / fastest(untraced), unit: UNIT };
    results.push({ ...plain, comparedWith: "what is asked for", comparedValue: ASKED, bound: { atLeast: 1 } });
    results.push({ ...plain, comparedWith: "ocamlrun, whole process", comparedValue: millions / ocamlrunSeconds });
    const heard = { subject: `${id}, traced, blocks counted`, value: millions / fastest(traced), unit: UNIT };
    results.push({ ...heard, comparedWith: "not traced", comparedValue: plain.value, bound: TRACED });
  }
  return results;
}
