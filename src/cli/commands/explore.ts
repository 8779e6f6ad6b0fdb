// bplab explore: the lab in a web page, opened in a browser or written to a file.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { keptFolder } from "../../files/kept-folder.ts";
import { openOutput } from "../write-output.ts";

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

/** The page as a file of the cache folder. */
function keptPage(html: string): string {
  const checksum = createHash("sha256").update(html).digest("hex").slice(0, 16);
  const folder = keptFolder(`explorer-${checksum}`, (part) => writeFileSync(join(part, "explorer.html"), html));
  return join(folder, "explorer.html");
}

export function exploreCommand() {
  return new Command("explore")
    .option("--output <file>", "write the page there instead of opening it: one file that works offline, .html")
    .action(async ({ output }) => {
      if (output !== undefined && !output.endsWith(".html")) {
        throw new UsageError(`--output must be a file that ends in .html, got ${output}`);
      }
      const target = output === undefined ? undefined : openOutput(output);
      const html = (await import("../../explorer/whole-page.ts")).explorerPage();
      if (target !== undefined) return target.write(html);
      const { href } = pathToFileURL(keptPage(html));
      const done = await opened(href);
      process.stdout.write(done ? `Opened ${href}\n` : `There is no browser to open it in. Open this page yourself: ${href}\n`);
    });
}
