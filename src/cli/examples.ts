// Examples at the end of each command's help. docs/ has every one of them too, where a test runs them.

/** Command lines without "bplab", each with what it does. */
export const EXAMPLES: Readonly<Record<string, readonly (readonly [line: string, does: string])[]>> = {
  simulate: [
    ["simulate queens lz --predictor=btb,ittage --wide", "a column for each predictor"],
    ["simulate queens --machine=pentium-4-northwood,haswell", "real processors"],
    ["simulate queens lz --predictor=btb,ittage --compare", "how many times fewer mispredictions"],
    ["simulate queens lz --format=csv --output=rows.csv", "all numbers, for papers"],
    ["simulate my.fs --predictor=./mine.ts:entries=64,btb", "your program, your predictor"],
  ],
  advise: [
    ["advise my-interpreter.opcodes", "which technique pays for an interpreter"],
    ["advise -- python3 script.py", "records the command first"],
  ],
  reproduce: [["reproduce C17 C20 --report=claims.html", "two claims, with verdicts and charts"]],
  validate: [["validate ocaml/n-body --predictor=btb:unbounded", "modelled and recorded branches of OCaml's interpreter"]],
  calibrate: [["calibrate --report=host.html", "what branches cost on this machine: writes host.json"]],
  time: [["time queens --machine=./host.json", "real and estimated cycles"]],
  compilers: [["compilers", "what installed compilers make of dispatch code"]],
  sweep: [
    ["sweep study.yaml --dry-run", "how many points, how long, how much disk"],
    ["sweep study.yaml", "into study.sweep, on every core"],
    ["sweep resume study.sweep", "after any interruption"],
    ["sweep merge study.sweep --output=sweep.csv", "all rows in one file"],
  ],
  report: [
    ["report rows.csv --output=rows.html", "a page with all charts that fit"],
    ["report rows.csv --chart=code-size --output=size.svg", "one chart"],
  ],
  diff: [["diff rows.csv rows.csv", "what changed between two results"]],
  compare: [["compare rows.csv ittage.csv", "how many times fewer mispredictions the second has"]],
  record: [["record -o sort.bpt -- sort my.fs", "any program; interpreters are the most instructive"]],
  trace: [["trace queens --technique=direct-threading -o queens.bpt", "branches for other simulators"]],
  info: [["info sort.bpt", "kinds, sites, targets, functions"]],
  convert: [["convert recorded.sbbt.gz recorded.bpt", "to the lab's own format"]],
  run: [
    ["run queens", "a program of the lab"],
    ["run my.fs 10 my-word .", "your file, then words"],
  ],
  list: [
    ["list", "how many there are of each"],
    ["list predictors btb", "its parameters, with their ranges"],
    ["list machines", "front ends of processors"],
  ],
  explain: [
    ['explain "A B A GOTO" --technique=direct-threading', "a loop, dispatch by dispatch"],
    ['explain "A B A GOTO" --report=steps.html', "to step through in a browser"],
    ["explain queens --technique=direct-threading --from=1000 --dispatches=20", "a stretch of a program"],
  ],
  explore: [["explore --output=explorer.html", "the lab as one page for browsers"]],
  new: [["new predictor my-predictor", "writes my-predictor.ts"]],
  check: [["check ./my-predictor.ts", "what every predictor must do"]],
  cache: [["cache", "recorded runs, and the room they take"]],
  completion: [["completion bash", 'for ~/.bashrc: eval "$(bplab completion bash)"']],
};

/** The part of a command's help with its examples. */
export function examplesText(name: string): string {
  const examples = EXAMPLES[name] ?? [];
  if (examples.length === 0) return "";
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, does]) => `  bplab ${line.padEnd(width)}  # ${does}`);
  return `\nExamples:\n${lines.join("\n")}\n`;
}
