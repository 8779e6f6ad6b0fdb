// What an option of simulations is: one entry of the table (table.ts), from which the command's flags, the library's request and
// its checks, the schema of studies, the settings of sweep items, the columns of results and the tables in docs/ follow.
import type { CostName } from "../front-end/machines/costs.ts";
import type { Counts } from "../replay/statistics.ts";
import type { NumberValue, OptionValue } from "./value.ts";

/** What is simulated: a program's run through techniques, or a file of recorded branches. */
export const INPUT_KINDS = ["programs", "recordings"] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

/** Headings in the command's help and in docs/options.md. */
export const GROUPS = ["What is simulated", "How it is replayed", "What is counted", "What the estimate of cycles assumes"] as const;

/** What all options have in common. */
interface Described {
  readonly group: (typeof GROUPS)[number];
  readonly value: OptionValue;
  /** How the value is called on the command line: "<cycles>", "[spec]"; left out for a flag. */
  readonly argument?: string;
  /** What a number counts: "cycles". */
  readonly unit?: string;
  /** What it does, for the command's help, the schema and docs/options.md. */
  readonly help: string;
  /** What holds where users do not say, in words; left out: `default`, or nothing. */
  readonly otherwise?: string;
  readonly actsOn: readonly InputKind[];
  /** Why it is refused where no input is of a kind that it acts on; default: it changes nothing there. */
  readonly idle?: string;
  /** Set where it is none of the `options` of studies: they have a list of their own for it, or no place at all. */
  readonly study?: "list" | "none";
}

/** Says what goes through what: read by `simulate` itself. */
export interface SubjectOption extends Described {
  readonly role: "subject";
}

/** Says how a replay is done, or what of it is counted: a part of Settings. */
export interface SettingOption extends Described {
  readonly role: "setting";
  readonly default?: number;
  /** The column of rows that holds it; left out where rows show it otherwise. */
  readonly column?: {
    readonly name: string;
    /** What the column holds, for a value other than a number. */
    readonly cell?: (read: never) => string | number | null;
  };
}

/** An assumption, and how far off it may well be. */
export interface Assumption {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Cycles, or instructions per cycle, that the estimate assumes: a part of CostParameters. */
export interface CostOption extends Described {
  readonly role: "cost";
  readonly value: NumberValue;
  readonly unit: string;
  /** What it is called among CostParameters. */
  readonly parameter: CostName;
  /** What is assumed where neither users nor their machine say; left out where it costs nothing then. */
  readonly assumed?: Assumption;
  /** What the assumption rests on. */
  readonly because: string;
  readonly column: { readonly name: string };
  /**
   * How often a run pays it.
   * @param stalls whether every indirect branch stalls, predicted or not
   */
  readonly charge: (counts: Counts, stalls: boolean) => number;
}

export type SimulationOption = SubjectOption | SettingOption | CostOption;
