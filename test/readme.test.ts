// What README.md shows is what the commands print.
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshReadme } from "../dist/scripts/readme.js";
import { bplab, temporaryFolder } from "./support.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("README.md shows the output of its first command and the tables as they are (if not: npm run readme)", async () => {
  expect(await freshReadme(readme)).toBe(readme);
});

it("the command above the table of README.md prints it byte for byte", () => {
  const { code, stdout } = bplab(["simulate", "queens", "tokenizer", "--technique=all", "--predictor=btb"]);
  expect(code).toBe(0);
  expect(readme).toContain(`\`\`\`\n${stdout}\`\`\``);
});

it("every bplab command that README.md shows works", () => {
  // the user's own files that it names: the predictor of CONTRIBUTING.md, a program with the word that is called
  const cwd = temporaryFolder();
  const contributing = readFileSync(new URL("../CONTRIBUTING.md", import.meta.url), "utf8");
  const [, predictor] = /```ts\n([\s\S]*?)```/.exec(contributing) ?? [];
  writeFileSync(join(cwd, "mine.ts"), predictor);
  writeFileSync(join(cwd, "my.fs"), ": my-word ( n -- n ) 0 swap 0 ?do i + loop ;\n100 my-word drop\n");
  writeFileSync(join(cwd, "my-interpreter.opcodes"), "0,load\n1,add\n2,jump\n".repeat(50));
  copyFileSync(new URL("data/truth/ocamlrun-kb.sbbt.gz", import.meta.url), join(cwd, "recorded.sbbt.gz"));
  const commands = [...readme.matchAll(/^npx bplab (.*?)(?: +#.*)?$/gm)].map(([, command]) => command);
  expect(commands.length).toBeGreaterThan(5);
  writeFileSync(join(cwd, "my.ml"), "let () = print_int (List.fold_left (+) 0 (List.init 1000 Fun.id))\n");
  const compiles = spawnSync("ocamlc", ["-o", "my.byte", "my.ml"], { cwd }).status === 0;
  const records = spawnSync("qemu-x86_64", ["--version"]).status === 0;
  for (const command of commands) {
    const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
    const pipe = args.findIndex((arg) => arg === ">" || arg === "|");
    if (!records && args.some((arg) => arg === "record" || arg === "sort.bpt" || arg === "validate")) continue;
    if (!compiles && args.some((arg) => arg.startsWith("ocaml/") || arg === "my.byte")) continue;
    const { code, stderr } = bplab(pipe < 0 ? args : args.slice(0, pipe), { cwd });
    // what was written, say those that write recordings
    expect([command, code, stderr.replace(/^\w+\.bpt: [\d,]+ branches, [\d,]+ (native )?instructions\n$/, "")]).toEqual([command, 0, ""]);
  }
}, 300_000);
