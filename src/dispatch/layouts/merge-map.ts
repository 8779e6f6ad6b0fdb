// The dispatch sites that compilers really produce: the source has one indirect jump per body, and compilers merge and split
// them. A merge map says, opcode by opcode, through which site a body leaves.
import { existsSync } from "#platform/fs";
import { nativeCodeFiles, nativeCodePath, parseTable } from "../../bodies/native-code-files.ts";
import { UsageError } from "../../errors.ts";
import { readSource } from "../../guests/guest.ts";
import { unknownName } from "../../parameters.ts";
import type { Opcode } from "../../trace/virtual.ts";

/** Through which sites a body leaves. Bodies with the same label share a site; without a label a body has its own. */
export interface MergedSites {
  readonly site?: string;
  /** The site for transfers of control, if it differs from the one for falling through. */
  readonly takenSite?: string;
  /** Bodies with the same label are one body. */
  readonly body?: string;
}

/** The exits of an opcode by its name. */
export type MergeMap = (opcode: string) => MergedSites;

/** Name, among the opcodes, of the code that dispatches the first instruction of a run. */
export const ENTRY = "(entry)";

/** Maps a label to itself if several bodies have it, otherwise to undefined, which means a separate site. */
export function sharedLabels(opcodes: readonly Opcode[], merge: MergeMap): (label: string | undefined) => string | undefined {
  const uses = new Map<string, number>();
  const bodies = new Set<string>();
  for (const name of [ENTRY, ...opcodes.map((opcode) => opcode.name)]) {
    const { site, takenSite, body } = merge(name);
    if (body !== undefined && bodies.has(body)) continue;
    if (body !== undefined) bodies.add(body);
    for (const label of [site, takenSite]) if (label !== undefined) uses.set(label, (uses.get(label) ?? 0) + 1);
  }
  return (label) => (label !== undefined && (uses.get(label) ?? 0) > 1 ? label : undefined);
}

/** The parameter of every technique whose source gives each body its own dispatch. */
export const merging = {
  merge: {
    type: "text",
    default: "none",
    description: "dispatch sites as compiled: none (a site per body), all (one site for all bodies), or a merge map",
    check: readMergeMap,
  },
} as const;

const ENDING = ".sites.csv";
const NO_EXITS: MergedSites = {};

/** The merge maps that come with the lab, sorted. */
export function mergeMapIds(): string[] {
  return nativeCodeFiles()
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length));
}

/** Title of one of our merge maps: the first line of its file. */
export function mergeMapTitle(id: string): string {
  return readRows(nativeCodePath(`${id}${ENDING}`)).comments[0];
}

/**
 * Reads `none`, `all`, the name of a merge map that comes with the lab, or a file: CSV with the columns `opcode` and
 * `dispatch_site`, and optionally `taken_dispatch_site` and `body_address`. Values are labels: only whether they are equal
 * matters. Opcodes that are missing from a map have their own sites, and so has the entry, unless a row names it: `(entry)`.
 * @throws UsageError when there is no such map, or it is invalid
 */
export function readMergeMap(text: string): MergeMap {
  if (text === "none") return () => NO_EXITS;
  if (text === "all") return () => ({ site: "all" });
  const ours = mergeMapIds();
  if (!ours.includes(text) && !/[/\\.]/.test(text) && !existsSync(text)) throw unknownName("merge map", text, ["none", "all", ...ours]);
  const path = ours.includes(text) ? nativeCodePath(`${text}${ENDING}`) : text;
  const exits = new Map<string, MergedSites>();
  const siteOfBody = new Map<string, string>();
  for (const { line, cells } of readRows(path).rows) {
    const { opcode, dispatch_site: site, taken_dispatch_site: takenSite = "", body_address: body = "" } = cells;
    const wrong = (what: string): UsageError => new UsageError(`${path}:${line}: ${what}`);
    if (opcode === "") throw wrong("expected the name of an opcode, got nothing");
    if (site === "") throw wrong(`expected a dispatch_site for ${opcode}, got nothing`);
    if (exits.has(opcode)) throw wrong(`opcode ${opcode} is given twice`);
    const sites = JSON.stringify([site, takenSite]);
    if (body !== "" && (siteOfBody.get(body) ?? sites) !== sites)
      throw wrong(`${opcode} is the body ${body}, whose sites are others above`);
    siteOfBody.set(body, sites);
    exits.set(opcode, { site, takenSite: takenSite === "" ? undefined : takenSite, body: body === "" ? undefined : body });
  }
  return (opcode) => exits.get(opcode) ?? NO_EXITS;
}

function readRows(path: string) {
  const table = parseTable(readSource(path, "a merge map").toString("utf8"), path, ["opcode", "dispatch_site"]);
  if (table.rows.length === 0) throw new UsageError(`${path}: expected a row for each opcode, found only a header`);
  return table;
}
