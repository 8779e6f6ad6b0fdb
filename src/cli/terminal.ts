// The terminal that results are shown on: its width, and whether it shows colours.
import type { Terminal } from "../report/tables/text-table.ts";

/** What a stream to the outside tells of itself. */
interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What shows columns for which there is no room. */
const ELSEWHERE = "a wider terminal and --format=md have all columns";

/** FORCE_COLOR first, as Node and its programs do, then NO_COLOR (no-color.org), then whether somebody looks at a terminal. */
function showsColours({ isTTY }: Screen, { FORCE_COLOR, NO_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  return isTTY === true && TERM !== "dumb";
}

/** Undefined for a pipe or a file, which get all columns without colours. */
export function terminalOf(screen: Screen, environment: NodeJS.ProcessEnv): Terminal | undefined {
  const colours = showsColours(screen, environment);
  if (screen.isTTY !== true && !colours) return undefined;
  // a terminal that does not know its width says 0
  return { columns: (screen.isTTY && screen.columns) || Number.POSITIVE_INFINITY, colours, elsewhere: ELSEWHERE };
}

/** The terminal at standard output. */
export const thisTerminal = (): Terminal | undefined => terminalOf(process.stdout, process.env);
