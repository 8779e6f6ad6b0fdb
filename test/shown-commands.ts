// The bplab commands that a document shows, run as they stand, in a folder with the user's own files that they name.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bplab, temporaryFolder } from "./support.js";

export const textOf = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");

/** What became of a command. */
export interface Shown {
  readonly command: string;
  readonly code: number | null;
  /** Standard error, without what commands say of files that they wrote and leave to captions, and of the noise in what they measured. */
  readonly stderr: string;
}

/** The predictor of CONTRIBUTING.md, a program, a log of opcodes, a recording, the study of docs/commands.md. */
function folderWithFiles(): string {
  const cwd = temporaryFolder();
  const [, predictor] = /```ts\n([\s\S]*?)```/.exec(textOf("CONTRIBUTING.md")) ?? [];
  writeFileSync(join(cwd, "mine.ts"), predictor);
  writeFileSync(join(cwd, "my.fs"), ": my-word ( n -- n ) 0 swap 0 ?do i + loop ;\n100 my-word drop\n");
  writeFileSync(join(cwd, "my-interpreter.opcodes"), "0,load\n1,add\n2,jump\n".repeat(50));
  copyFileSync(new URL("data/truth/ocamlrun-kb.sbbt.gz", import.meta.url), join(cwd, "recorded.sbbt.gz"));
  const [, study] = /```yaml\n([\s\S]*?)```/.exec(textOf("docs/commands.md")) ?? [];
  writeFileSync(join(cwd, "study.yaml"), study);
  writeFileSync(join(cwd, "my.ml"), "let () = print_int (List.fold_left (+) 0 (List.init 1000 Fun.id))\n");
  return cwd;
}

/** Runs all lines of a document that begin with `npx bplab`, but those for which a tool is not installed. */
export function runCommands(document: string): Shown[] {
  const cwd = folderWithFiles();
  const commands = [...textOf(document).matchAll(/^npx bplab (.*?)(?: +#.*)?$/gm)].map(([, command]) => command);
  const compiles = spawnSync("ocamlc", ["-o", "my.byte", "my.ml"], { cwd }).status === 0;
  const records = spawnSync("qemu-x86_64", ["--version"]).status === 0;
  const drawsPdf = existsSync(new URL("../node_modules/pdfkit", import.meta.url));
  return commands.flatMap((command): Shown[] => {
    const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
    const pipe = args.findIndex((arg) => arg === ">" || arg === "|");
    if (!records && args.some((arg) => arg === "record" || arg === "sort.bpt" || arg === "validate")) return [];
    if (!drawsPdf && args.some((arg) => arg.endsWith(".pdf"))) return [];
    if (!compiles && args.some((arg) => arg.startsWith("ocaml/") || arg === "my.byte")) return [];
    const { code, stderr } = bplab(pipe < 0 ? args : args.slice(0, pipe), { cwd });
    if (code === 0 && /^(calibrate|time|compilers)\b/.test(command)) return [{ command, code, stderr: "" }];
    const said = /^(\w+\.bpt: [\d,]+ branches, [\d,]+ (native )?instructions|caption: .*)\n$/;
    return [{ command, code, stderr: stderr.replace(said, "") }];
  });
}
