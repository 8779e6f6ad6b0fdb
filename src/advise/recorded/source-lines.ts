// Where bodies are in an interpreter's source, and what it calls them there: the case or the label on the line.
import { readFileSync, statSync } from "node:fs";
import { basename, isAbsolute } from "node:path";
import { RunError, UsageError } from "../../errors.ts";
import { printable } from "../../recordings/symbols.ts";
import { runTool } from "../../validation/tools.ts";

export interface SourceLine {
  /** "vm.c:120" */
  readonly place: string;
  /** "ADD" of `case ADD:`, `TARGET(ADD)` or `ADD:`; undefined if there is none, or the source is newer than the program. */
  readonly label: string | undefined;
}

/** Lines above a body's first line on which its label may stand. */
const ABOVE = 2;

/** `case ADD:`, `TARGET(ADD)` or `vm_case(ADD)`, `ADD:` */
const LABELS = [
  /\bcase\s+(?:\w+::)*(\w+)\s*:/,
  /^\s*\w*(?:case|op|target|inst|label)\w*\s*\(\s*(\w+)\s*\)/i,
  /^\s*([A-Za-z_]\w*)\s*:(?!:)/,
];

/** @param line from 1 */
export function labelAt(lines: readonly string[], line: number): string | undefined {
  for (let at = line; at >= Math.max(1, line - ABOVE); at--) {
    const text = lines[at - 1] ?? "";
    // a line above that ends another body is not this one's
    if (at < line && /\b(break|continue|goto|return)\b|\}\s*$/.test(text)) return undefined;
    const found = LABELS.map((label) => label.exec(text)?.[1]).find((name) => name !== undefined);
    if (found !== undefined) return found === "default" ? undefined : found;
  }
  return undefined;
}

/** The lines of a source; none if it is not here, or newer than the program. */
function linesOf(path: string, program: string): readonly string[] {
  try {
    return isAbsolute(path) && statSync(path).mtimeMs <= statSync(program).mtimeMs ? readFileSync(path, "utf8").split("\n") : [];
  } catch {
    return [];
  }
}

/** Of addresses in a program, where it has lines and binutils are installed. */
export function sourceLines(path: string, addresses: readonly bigint[]): (SourceLine | undefined)[] {
  try {
    const places = runTool("addr2line", ["-e", path, ...addresses.map((address) => `0x${address.toString(16)}`)]).split("\n");
    const sources = new Map<string, readonly string[]>();
    return addresses.map((_, i) => {
      const [, file, line] = /^(.+):(\d+)( \(.*)?$/.exec(places[i] ?? "") ?? [];
      if (file === undefined || file === "??" || line === "0") return undefined;
      const lines = sources.get(file) ?? linesOf(file, path);
      sources.set(file, lines);
      return { place: printable(`${basename(file)}:${line}`), label: labelAt(lines, Number(line)) };
    });
  } catch (error) {
    if (error instanceof RunError || error instanceof UsageError) return addresses.map(() => undefined);
    throw error;
  }
}
