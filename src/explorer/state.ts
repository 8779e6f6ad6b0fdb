// What the explorer shows, as the fragment of its address: a link or a bookmark is the experiment. Names and values are those of
// the command line: #program=queens&technique=switch,direct-threading&predictor=btb:sets=64&penalty=20

export const MEASURES = ["rate", "cycles", "speedup"] as const;
export type Measure = (typeof MEASURES)[number];

/** Dispatches of a program that the page steps through at once. */
export const WINDOW = 100;

/** A technique on a front end; of a machine the front end is `machine:ID`. */
export interface Pair {
  readonly technique: string;
  readonly frontEnd: string;
}

export interface State {
  /** A program's id, a loop of words ("A B A GOTO"), or a file of the page: `./pasted.fs`, `./fib.wasm`. */
  readonly program: string;
  /** The text of that file if it was pasted; empty otherwise. */
  readonly text: string;
  readonly size: "test" | "full";
  /** The text of a predictor in JavaScript, which front ends name as `./mine.js`; empty if there is none. */
  readonly own: string;
  readonly techniques: readonly string[];
  /** Front ends, as on the command line. */
  readonly predictors: readonly string[];
  /** Ids of machines. */
  readonly machines: readonly string[];
  /** Cycles of a misprediction, and instructions per cycle; undefined: the machine's, or assumed. */
  readonly penalty: number | undefined;
  readonly ipc: number | undefined;
  readonly measure: Measure;
  /** What was clicked. */
  readonly cell: Pair | undefined;
  /** The address of the site that was clicked in that cell: "0x401093". */
  readonly site: string;
  readonly view: "table" | "steps";
  /** The loop to step through; or, if `from` is given, `program` from that dispatch on, counted from 1. */
  readonly loop: string;
  readonly from: number | undefined;
  /** The one or two ways to run it, beside each other. */
  readonly left: Pair | undefined;
  readonly right: Pair | undefined;
  /** From 0. */
  readonly step: number;
  /** A prepared scene, and the choice that was made in it, from 0. */
  readonly scene: string;
  readonly guess: number | undefined;
  /** For a lecture hall. */
  readonly large: boolean;
}

export const START: State = {
  program: "queens",
  text: "",
  own: "",
  size: "test",
  techniques: ["switch", "direct-threading", "subroutine-threading", "dynamic-superinstructions"],
  predictors: ["btb", "two-level", "ittage"],
  machines: [],
  penalty: undefined,
  ipc: undefined,
  measure: "rate",
  cell: undefined,
  site: "",
  view: "table",
  loop: "A B A GOTO",
  from: undefined,
  left: { technique: "switch", frontEnd: "btb" },
  right: { technique: "direct-threading", frontEnd: "btb" },
  step: 0,
  scene: "",
  guess: undefined,
  large: false,
};

const pairText = ({ technique, frontEnd }: Pair): string => `${technique} ${frontEnd}`;

function readPair(text: string): Pair | undefined {
  const at = text.indexOf(" ");
  return at <= 0 || at === text.length - 1 ? undefined : { technique: text.slice(0, at), frontEnd: text.slice(at + 1) };
}

const listOf = (text: string): string[] => text.split(",").filter((word) => word !== "");
const numberIn = (text: string): number | undefined => (/^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined);

interface Field {
  readonly name: string;
  readonly write: (state: State) => string;
  /** A text that makes no sense is ignored. */
  readonly read: (text: string) => Partial<State>;
}

const side = (name: "left" | "right"): Field => ({
  name,
  write: ({ [name]: pair }) => (pair === undefined ? "" : pairText(pair)),
  read: (text) => ({ [name]: readPair(text) }),
});

/** How each part of the state is written. */
const FIELDS: readonly Field[] = [
  { name: "program", write: ({ program }) => program, read: (program) => (program === "" ? {} : { program }) },
  { name: "text", write: ({ text }) => text, read: (text) => ({ text }) },
  { name: "own", write: ({ own }) => own, read: (own) => ({ own }) },
  { name: "size", write: ({ size }) => size, read: (size) => (size === "test" || size === "full" ? { size } : {}) },
  { name: "technique", write: ({ techniques }) => techniques.join(","), read: (text) => ({ techniques: listOf(text) }) },
  { name: "predictor", write: ({ predictors }) => predictors.join(","), read: (text) => ({ predictors: listOf(text) }) },
  { name: "machine", write: ({ machines }) => machines.join(","), read: (text) => ({ machines: listOf(text) }) },
  { name: "penalty", write: ({ penalty }) => String(penalty ?? ""), read: (text) => ({ penalty: numberIn(text) }) },
  { name: "ipc", write: ({ ipc }) => String(ipc ?? ""), read: (text) => ({ ipc: numberIn(text) }) },
  { name: "show", write: ({ measure }) => measure, read: (text) => ({ measure: MEASURES.find((name) => name === text) ?? START.measure }) },
  { name: "cell", write: ({ cell }) => (cell === undefined ? "" : pairText(cell)), read: (text) => ({ cell: readPair(text) }) },
  { name: "site", write: ({ site }) => site, read: (site) => (/^0x[\da-f]{1,8}$/.test(site) ? { site } : {}) },
  { name: "view", write: ({ view }) => view, read: (view) => (view === "table" || view === "steps" ? { view } : {}) },
  { name: "loop", write: ({ loop }) => loop, read: (loop) => ({ loop }) },
  { name: "from", write: ({ from }) => String(from ?? ""), read: (text) => ({ from: Math.max(1, Math.floor(numberIn(text) ?? 1)) }) },
  side("left"),
  side("right"),
  { name: "step", write: ({ step }) => String(step), read: (text) => ({ step: Math.floor(numberIn(text) ?? 0) }) },
  { name: "scene", write: ({ scene }) => scene, read: (scene) => ({ scene }) },
  { name: "guess", write: ({ guess }) => String(guess ?? ""), read: (text) => ({ guess: numberIn(text) }) },
  { name: "large", write: ({ large }) => (large ? "yes" : ""), read: (text) => ({ large: text === "yes" }) },
];

/** What need not be escaped in a fragment stays readable. */
const escaped = (text: string): string => encodeURIComponent(text).replace(/%(?:2C|3A|3D|2B|2F|40)/g, decodeURIComponent);

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The fragment without its #: what differs from the start. */
export const fragmentOf = (state: State): string =>
  FIELDS.flatMap(({ name, write }) => (write(state) === write(START) ? [] : [`${name}=${escaped(write(state))}`])).join("&");

/** @param fragment with or without its # */
export function stateOf(fragment: string): State {
  const read = fragment
    .replace(/^#/, "")
    .split("&")
    .map((part) => {
      const at = part.indexOf("=");
      return FIELDS.find(({ name }) => name === part.slice(0, at))?.read(unescaped(part.slice(at + 1))) ?? {};
    });
  return Object.assign({}, START, ...read);
}
