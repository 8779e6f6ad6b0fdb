// bplab explore: the lab in a web page, opened in a browser or written to a file.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { openOutput } from "../write-output.ts";

const PAGE = fileURLToPath(new URL("../../../explorer.html", import.meta.url));

/** An opener that is still running after this time has a browser to wait for. */
const PATIENCE_MILLISECONDS = 3000;

/** The command that opens a page in the user's browser; undefined where there is no screen for one. */
function opener(url: string): readonly [command: string, ...words: string[]] | undefined {
  if (process.platform === "darwin") return ["open", url];
  if (process.platform === "win32") return ["cmd", "/c", "start", "", url];
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return DISPLAY || WAYLAND_DISPLAY ? ["xdg-open", url] : undefined;
}

/** Whether a browser was started, as far as its opener says. */
function opened(url: string): Promise<boolean> {
  const [command, ...words] = opener(url) ?? [];
  if (command === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const started = spawn(command, words, { detached: true, stdio: "ignore" });
    const patience = setTimeout(resolve, PATIENCE_MILLISECONDS, true);
    const end = (success: boolean): void => {
      clearTimeout(patience);
      resolve(success);
    };
    started.on("error", () => end(false));
    started.on("exit", (code) => end(code === 0));
    started.unref();
  });
}

export function exploreCommand() {
  return new Command("explore")
    .option("--output <file>", "write the page there instead of opening it: one file that works offline, .html")
    .action(async ({ output }) => {
      if (!existsSync(PAGE)) throw new UsageError(`the page is missing from this installation, expected ${PAGE}: npm run build makes it`);
      if (output !== undefined) {
        if (!output.endsWith(".html")) throw new UsageError(`--output must be a file that ends in .html, got ${output}`);
        openOutput(output, [PAGE]).write(readFileSync(PAGE));
        return;
      }
      const { href } = pathToFileURL(PAGE);
      const done = await opened(href);
      process.stdout.write(done ? `Opened ${href}\n` : `There is no browser to open it in. Open this page yourself: ${href}\n`);
    });
}
