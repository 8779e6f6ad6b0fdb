// A header record: the version and the command that made a file, so that its numbers can be made again.
import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { HEADER_COLUMNS } from "../report/header.ts";
import { thisCommand } from "./command-line.ts";
import type { Format } from "./options.ts";
import { thisVersion } from "./version.ts";
import type { OutputTarget } from "./write-output.ts";

export const headerOption = new Option(
  "--header",
  "begin the output with bplab's version and this command: lines with # in csv, two fields in json, comments in md and latex",
);

/** The same output with a header record before it. @throws UsageError for tables on terminals, which have no place for one */
export function withHeader(output: OutputTarget, format: Format, header: boolean | undefined): OutputTarget {
  if (header !== true) return output;
  if (format === "table") throw new UsageError("--header is for files that are kept: --format=csv, json, md or latex");
  return { ...output, write: (content) => output.write(headed(String(content), format)) };
}

function headed(text: string, format: Exclude<Format, "table">): string {
  const [version, command] = HEADER_COLUMNS;
  const values = { [version]: thisVersion(), [command]: thisCommand().replaceAll("\n", "\\n") };
  if (format === "json") {
    const head = `{\n${Object.entries(values)
      .map(([name, value]) => `"${name}": ${JSON.stringify(value)},\n`)
      .join("")}`;
    // the advice is an object, everything else an array of rows
    return text.startsWith("{") ? `${head}${text.slice(1).trimStart()}` : `${head}"rows": ${text.trimEnd()}\n}\n`;
  }
  const lines = Object.entries(values).map(([name, value]) => `${name}: ${value}`);
  const comment = { csv: (line: string) => `# ${line}`, latex: (line: string) => `% ${line}`, md: (line: string) => `<!-- ${line} -->` }[
    format
  ];
  return `${lines.map(comment).join("\n")}\n${format === "md" ? "\n" : ""}${text}`;
}
