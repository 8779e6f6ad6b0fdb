// Executes the notebooks, each from its first cell to its assertion, and writes the outputs into them; with --check into a temporary
// folder, and compares. Nothing is written outside the checkout and the temporary folder: Jupyter finds Deno's kernel, and keeps its
// own files, there.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../notebooks/", import.meta.url));
const DENO = join(FOLDER, "node_modules/deno/bin.cjs");
const FONTS = join(FOLDER, "node_modules/dejavu-fonts-ttf");
/** Debian's nbconvert has precedence over one of another Python. */
const NBCONVERT = ["/usr/bin/jupyter-nbconvert"].find((path) => existsSync(path)) ?? "jupyter-nbconvert";
const LONGEST_SECONDS = 300;

/** Ends with one line for the user. */
function stop(message: string): never {
  console.error(message);
  process.exit(1);
}

function installDependencies(): void {
  if (existsSync(DENO) && existsSync(FONTS)) return;
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: FOLDER,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) stop("notebooks: npm ci in notebooks/ failed");
}

/** The environment of Jupyter and Deno. */
function environmentIn(temporary: string): NodeJS.ProcessEnv {
  const kernel = join(temporary, "kernels/deno");
  mkdirSync(kernel, { recursive: true });
  const argv = [process.execPath, DENO, "jupyter", "--kernel", "--conn", "{connection_file}"];
  writeFileSync(join(kernel, "kernel.json"), JSON.stringify({ argv, display_name: "Deno", language: "typescript" }));
  const folders = ["JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "DENO_DIR"];
  const own = Object.fromEntries(folders.map((name) => [name, join(temporary, name.toLowerCase())]));
  return { ...process.env, ...own, JUPYTER_PATH: temporary, TMPDIR: temporary, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
}

/** The executed notebook, or the error. */
function execute(file: string, temporary: string, env: NodeJS.ProcessEnv): { readonly text?: string; readonly failure?: string } {
  const options = [`--ExecutePreprocessor.timeout=${LONGEST_SECONDS}`, "--ExecutePreprocessor.record_timing=False"];
  const args = ["--to=notebook", "--execute", ...options, `--output-dir=${temporary}`, join(FOLDER, file)];
  const { status, stderr, error } = spawnSync(NBCONVERT, args, { env, encoding: "utf8" });
  if (error !== undefined) stop(`notebooks: cannot run jupyter-nbconvert (${error.message}); on Debian: apt-get install jupyter-nbconvert`);
  if (status !== 0) return { failure: stderr.slice(stderr.lastIndexOf("An error occurred while executing")).trim() };
  return { text: `${JSON.stringify(JSON.parse(readFileSync(join(temporary, file), "utf8")), null, 1)}\n` };
}

const [mode, ...others] = process.argv.slice(2);
if (others.length > 0 || (mode !== undefined && mode !== "--check")) stop("usage: npm run notebooks [-- --check]");
installDependencies();
const temporary = mkdtempSync(join(tmpdir(), "bplab-notebooks-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
const wrong: string[] = [];
const env = environmentIn(temporary);
for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".ipynb"))) {
  const { text, failure } = execute(file, temporary, env);
  const path = join(FOLDER, file);
  const stale = text !== undefined && text !== readFileSync(path, "utf8");
  if (stale && mode === undefined) writeFileSync(path, text);
  if (failure !== undefined || (stale && mode === "--check")) wrong.push(file);
  console.log(
    `${basename(file, ".ipynb")}: ${failure ?? (!stale ? "holds" : mode === undefined ? "holds; written" : "shows something else now")}`,
  );
}
if (wrong.length > 0)
  stop(`notebooks: ${wrong.join(", ")}: ${mode === undefined ? "failed" : "failed, or to be written again by npm run notebooks"}`);
