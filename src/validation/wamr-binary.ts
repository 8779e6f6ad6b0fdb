// The classic interpreter of WAMR, the WebAssembly micro runtime, as a compiler left it in iwasm: where its bodies are, how large, and
// through which indirect jumps they leave. It is built with labels as values: a table of 256 addresses has a body for each byte.
import { hexadecimal } from "../branch.ts";
import { RunError } from "../errors.ts";
import { instructions, opcodePages } from "../guests/wasm/instructions.ts";
import { PREFIXES, VARIANTS } from "../guests/wasm/wamr/instructions.ts";
import { type Binary, readBinary } from "./binary.ts";
import { measureBodies, writeBodies } from "./body-sizes.ts";
import { loaded, sitesFrom } from "./dispatch-sites.ts";
import { jumpTable } from "./jump-table.ts";
import { relativeRelocations } from "./relative-relocations.ts";
import { runTool } from "./tools.ts";

/** Functions that interpret. */
const INTERPRETERS = ["wasm_interp_call_func_bytecode", "wasm_interp_call_wasm"];
const TABLE = /^([0-9a-f]+) [0-9a-f]+ \w handle_table(\.\d+)?$/;
const TABLE_SIZE = 256;
const NO_TABLE = "expected handle_table, the table of a build with labels as values, found none";

/** The byte that calls a function from C, and enters a run so. */
const ENTRY = 0xcf;
/**
 * Where its loader writes another byte into the code: locals among the first 128 bytes of a frame, which nearly all are. The module's
 * own bytes are kept for others.
 */
const REWRITTEN: ReadonlyMap<string, number> = new Map([
  ["local.get", 0xc7],
  ["local.set", 0xc9],
  ["local.tee", 0xca],
]);
/** The last byte of WebAssembly 1.0 and sign extension; then WAMR's own begin, with three of reference types among them. */
const LAST = 0xc4;
const REFERENCES = [0xd0, 0xd1, 0xd2];

/** Where the straight way is the rare one: a divisor of -1, a table that is not found. */
const RARE_FIRST = ["i32.rem_s", "i64.rem_s", "br_table (cached)"];

export interface WamrBinary {
  /** The function that interprets: a compiler may put it into its only caller. */
  readonly interpreter: string;
  readonly binary: Binary;
  /** Addresses of bodies by byte; empty in a build that dispatches by a switch. */
  readonly entries: ReadonlyMap<number, number>;
}

/** @throws RunError when it is no iwasm with the classic interpreter, or stripped; UsageError when binutils are not installed */
export function readWamr(path: string): WamrBinary {
  const names = runTool("nm", ["-S", "--defined-only", path]).split("\n");
  const interpreter = INTERPRETERS.find((name) => names.some((line) => new RegExp(` [tT] ${name}$`).test(line)));
  if (interpreter === undefined)
    throw new RunError(`${path}: expected a symbol of the interpreter, ${INTERPRETERS.join(" or ")}, found none: is it stripped?`);
  const binary = readBinary(path, (symbol) => symbol === interpreter);
  const [, address] = TABLE.exec(names.find((line) => TABLE.test(line)) ?? "") ?? [];
  const start = Number.parseInt(address ?? "0", 16);
  const inTable =
    address === undefined ? [] : relativeRelocations(path).filter(({ slot }) => slot >= start && slot < start + 8 * TABLE_SIZE);
  return { interpreter, binary, entries: new Map(inTable.map(({ slot, target }) => [(slot - start) / 8, target])) };
}

/** Opcodes with the bytes that stand for them, those left out that this build does not execute: their bodies leave through no dispatch. */
function opcodes({
  binary,
  entries,
}: Pick<WamrBinary, "binary" | "entries">): { readonly name: string; readonly entry: number; readonly sites: readonly number[] }[] {
  const codes = [...(opcodePages().get(0) ?? [])].flatMap((opcode, code): (readonly [string, number])[] => {
    const isVariant = VARIANTS.some(({ byte }) => byte === code) && code < 0x20;
    if (opcode < 0 || isVariant || (code > LAST && !REFERENCES.includes(code))) return [];
    const { name } = instructions[opcode];
    return [[name, REWRITTEN.get(name) ?? code]];
  });
  const others = VARIANTS.map(({ name, byte }): readonly [string, number] => [name, byte]);
  const prefixes = [...PREFIXES].map(([byte, name]): readonly [string, number] => [name, byte]);
  const byName = [...codes, ...others, ...prefixes].map(([name, byte]) => [name, entries.get(byte)] as const);
  return [...byName, ...afterPrefixes({ binary, entries })].flatMap(([name, entry]) => {
    const sites = entry === undefined ? [] : sitesFrom(entry, binary);
    return entry === undefined || sites.length === 0 ? [] : [{ name, entry, sites }];
  });
}

/** Where what follows a prefix begins: the prefix's body leaves through a switch. */
function afterPrefixes({ binary, entries }: Pick<WamrBinary, "binary" | "entries">): (readonly [name: string, entry: number])[] {
  return [...PREFIXES.keys()].flatMap((prefix) => {
    const entry = entries.get(prefix);
    const [site] = entry === undefined ? [] : sitesFrom(entry, binary);
    const table = site === undefined ? [] : jumpTable(binary, site);
    const page = opcodePages().get(prefix);
    return table.flatMap((address, code) => {
      const opcode = page?.[code] ?? -1;
      return opcode < 0 ? [] : [[instructions[opcode].name, address] as const];
    });
  });
}

/**
 * Sizes of the bodies, in the form of native-code/*.csv.
 * @param comments comments for the file, its title first
 */
export function wamrBodies(wamr: WamrBinary, comments: readonly string[]): string {
  const { binary, entries } = wamr;
  if (entries.size === 0) throw new RunError(`${binary.path}: ${NO_TABLE}`);
  // all of them are measured, so that each ends where the next one begins
  const all = [...new Set([...entries.values(), ...afterPrefixes(wamr).map(([, entry]) => entry)])];
  const [nop] = measureBodies(binary, [entries.get(0x01) ?? 0]);
  const table = nop.code.map(loaded).find((address) => address !== undefined);
  const measured = measureBodies(binary, all, (instruction) => table !== undefined && loaded(instruction) === table);
  const rows = opcodes(wamr);
  const of = rows.map(({ entry }) => measured[all.indexOf(entry)]);
  const { toDispatch, code } = measured[all.indexOf(entries.get(0x01) ?? 0)];
  return writeBodies(
    rows.map(({ name }) => name),
    of,
    { bytes: toDispatch ?? 0, instructions: code.length },
    [
      ...comments,
      "Bytes and native instructions of each body from its entry to the next one's, its dispatch included. Padding that control never",
      "comes to counts as bytes alone. Empty bytes_to_own_dispatch: the body leaves through code that it shares with others. The dispatch",
      "is nop's body. What has a prefix is dispatched twice: by the prefix's body, and by the switch in which that ends. table.fill is",
      "followed by out-of-line code of other bodies, which counts as its bytes.",
    ],
  );
}

/**
 * Which bodies share a dispatch, in the form of native-code/*.sites.csv.
 * @param comments comments for the file, its title first
 */
export function wamrSites(wamr: WamrBinary, comments: readonly string[]): string {
  const { binary, entries } = wamr;
  if (entries.size === 0) throw new RunError(`${binary.path}: ${NO_TABLE}`);
  const [entrySite] = sitesFrom(entries.get(ENTRY) ?? 0, binary);
  const twoWays = new Set(instructions.flatMap(({ name, flow }) => (flow === "conditional" || name === "end" ? [name] : [])));
  const rows = opcodes(wamr).map(({ name, entry, sites }) => {
    const [site, ...others] = RARE_FIRST.includes(name) ? [...sites].reverse() : sites;
    const taken = twoWays.has(name) ? others.shift() : undefined;
    const cells = [site, ...(taken === undefined ? [] : [taken])].map(hexadecimal);
    return [name, cells[0], cells[1] ?? "", hexadecimal(entry), others.map(hexadecimal).join(" ")].join(",");
  });
  return [
    ...comments.map((line) => `# ${line}`),
    `# ${new Set(entries.values()).size} bodies, ${binary.sites.length - binary.calls} indirect jumps. dispatch_site: the one that control comes to along the straight way;`,
    "# taken_dispatch_site: where br_if branches and end returns; other_sites: the rare way (a remainder by -1).",
    "opcode,dispatch_site,taken_dispatch_site,body_address,other_sites",
    `(entry),${hexadecimal(entrySite)},,,`,
    ...rows,
    "",
  ].join("\n");
}
