// Glob patterns of file names: * and ? within a name, ** for nested folders. Node has them only from version 22.
import { existsSync, readdirSync } from "node:fs";

/** Whether a text is a pattern, and not the name of an existing file. */
export const isPattern = (text: string): boolean => /[*?]/.test(text) && !existsSync(text);

const escaped = (text: string): string => text.replace(/[.+^${}()|[\]\\]/g, "\\$&");

/** Whether a pattern matches a whole text; `**` is like `*`. */
export function matches(pattern: string, text: string): boolean {
  const source = escaped(pattern).replace(/\*+/g, "[^]*").replaceAll("?", "[^]");
  return new RegExp(`^${source}$`).test(text);
}

/** The files that a pattern matches, sorted, as paths that begin like the pattern. Wildcards do not match a leading dot. */
export function filesLike(pattern: string): string[] {
  const steps = pattern.split("/");
  const found = new Set<string>();
  /** @param folder "" or a path that ends in a slash */
  const walk = (folder: string, at: number): void => {
    const step = steps[at];
    const last = at === steps.length - 1;
    if (!/[*?]/.test(step)) {
      if (!last) walk(`${folder}${step}/`, at + 1);
      else if (existsSync(`${folder}${step}`)) found.add(`${folder}${step}`);
      return;
    }
    const deep = step === "**" && !last;
    if (deep) walk(folder, at + 1);
    for (const entry of entriesOf(folder === "" ? "." : folder)) {
      const { name } = entry;
      if ((name.startsWith(".") && !step.startsWith(".")) || !matches(step, name)) continue;
      if (last && !entry.isDirectory()) found.add(`${folder}${name}`);
      if (!last && entry.isDirectory()) walk(`${folder}${name}/`, deep ? at : at + 1);
    }
  };
  walk("", 0);
  return [...found].sort();
}

const entriesOf = (folder: string) => (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []);
