// The header record of results files: which version of bplab made them, by which command. In CSV it is lines that begin with #,
// which data frames skip if they are told to (comment="#"), in JSON fields beside the rows.

/** The names of its values, in order. */
export const HEADER_COLUMNS = ["bplab_version", "command"] as const;

/** Who made a results file. */
export interface MadeBy {
  readonly bplabVersion: string;
  readonly command: string;
}

/** The header record of a CSV; undefined if it has none. @param rest what comes after it @param lines its number of lines */
export function splitHeader(text: string): { readonly madeBy: MadeBy | undefined; readonly rest: string; readonly lines: number } {
  let lines = 0;
  let start = 0;
  const values = new Map<string, string>();
  while (text[start] === "#") {
    const end = text.indexOf("\n", start);
    const [, name, value] = /^# *(\w+): (.*?)\r?$/.exec(text.slice(start, end < 0 ? undefined : end)) ?? [];
    if (name !== undefined) values.set(name, value);
    lines++;
    start = end < 0 ? text.length : end + 1;
  }
  return { madeBy: madeBy(Object.fromEntries(values)), rest: text.slice(start), lines };
}

/** Reads it from named values; undefined if they do not name a version and a command. */
export function madeBy(values: Readonly<Record<string, unknown>>): MadeBy | undefined {
  const [bplabVersion, command] = HEADER_COLUMNS.map((name) => values[name]);
  return typeof bplabVersion === "string" && typeof command === "string" ? { bplabVersion, command } : undefined;
}
