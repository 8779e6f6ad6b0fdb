// Reassembles a module with probes in its code: with one more type and table, two more exports, without start function (it would run
// before our table is filled), and otherwise unchanged.

import type { Form } from "./forms.ts";
import { type Module, SECTION, type Section, sectionPlace } from "./module.ts";
import { ModuleOutput } from "./output.ts";
import { Picture } from "./picture.ts";
import { BinaryReader } from "./reader.ts";
import { createBodyRewriter, type Watcher } from "./rewriting/body-rewriter.ts";
import type { ProbeTargets } from "./rewriting/probes.ts";

export interface Rewritten {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Names of the exports that were added: our table, and the start function if there is one. */
  readonly tableExport: string;
  readonly startExport: string | undefined;
  /** The virtual address for a function and a byte of the rewritten module; -1 if unknown. */
  addressOf(functionIndex: number, byte: number): number;
}

/** Prefix of the added exports. */
export const TABLE_EXPORT = "bplab table";
export const START_EXPORT = "bplab start";

const FUNCTION_REFERENCE = 0x70;
const FUNCTION = 0x60;
const I32 = 0x7f;
/** Tables of two entries, no more. */
const LIMITS = [0x01, 0x02, 0x02];

/** Sections with offsets into the code, which are no longer valid. */
const isAboutCode = ({ name = "" }: Section): boolean => name.startsWith("metadata.code.") || name.startsWith(".debug_");

/** Types for blocks around handlers, and the one of `push`. */
function createTypes(first: number): {
  readonly probeTypes: ProbeTargets["functionType"];
  readonly encoded: number[][];
  readonly push: number;
} {
  const encoded: number[][] = [[FUNCTION, 1, I32, 0]];
  const known = new Map<string, number>();
  return {
    encoded,
    push: first,
    probeTypes(parameters, parameterCount, results, resultCount) {
      const type = [FUNCTION, ...unsigned(parameterCount), ...parameters, ...unsigned(resultCount), ...results];
      const key = type.join(" ");
      const index = known.get(key) ?? first + encoded.push(type) - 1;
      known.set(key, index);
      return index;
    },
  };
}

function unsigned(value: number): readonly number[] {
  const out = new ModuleOutput(8);
  out.unsigned(value);
  return [...out.written()];
}

const text = (name: string): readonly number[] => {
  const bytes = Buffer.from(name, "utf8");
  return [...unsigned(bytes.length), ...bytes];
};

/** A name that is not taken by an export. */
function freeName(taken: ReadonlySet<string>, wanted: string): string {
  let name = wanted;
  while (taken.has(name)) name += "'";
  return name;
}

/** Rewritten bodies one after another, and what is known of each. */
interface Bodies {
  readonly code: ModuleOutput;
  /** Of each body: where its length stands in `code`, its first address, and the number of its first block. */
  readonly places: Int32Array;
  readonly firstAddresses: Int32Array;
  readonly firstBlocks: Int32Array;
}

/** Rewrites all bodies. @param picture learns the module's code */
function rewriteBodies(module: Module, form: Form, picture: Picture, probes: ProbeTargets): Bodies {
  const { length } = module.bodies;
  const code = new ModuleOutput(2 * module.bytes.length + 1024);
  const rewriter = createBodyRewriter(module, form, picture, probes, code);
  const [places, firstAddresses, firstBlocks] = [new Int32Array(length), new Int32Array(length), new Int32Array(length)];
  for (let i = 0; i < length; i++) {
    places[i] = code.length;
    firstAddresses[i] = picture.addressCount;
    firstBlocks[i] = picture.blockCount;
    rewriter.rewrite(i);
  }
  return { code, places, firstAddresses, firstBlocks };
}

/** Encoded entries to be added at the end of sections, by the id of the section. */
type Additions = Map<number, readonly (readonly number[])[]>;

/** A section with the entries added to it; without one, a new section of them alone. */
function writeExtended(out: ModuleOutput, module: Module, added: readonly (readonly number[])[], id: number, section?: Section): void {
  out.byte(id);
  const size = out.reserve();
  const from = new BinaryReader(module.bytes, module.path);
  from.at = section?.start ?? 0;
  const before = section === undefined ? 0 : from.u32();
  out.unsigned(before + added.length);
  if (section !== undefined) out.copy(module.bytes, from.at, section.end);
  for (const entry of added) out.copy(Uint8Array.from(entry), 0, entry.length);
  out.fill(size);
}

/** Writes the module with other code and added entries. Returns where the code begins. */
function writeSections(out: ModuleOutput, module: Module, code: ModuleOutput, additions: Additions): number {
  const { bytes, sections, bodies } = module;
  let codeAt = 0;
  function addTo(id: number, section?: Section): void {
    writeExtended(out, module, additions.get(id) ?? [], id, section);
    additions.delete(id);
  }
  /** Writes sections that the module lacks, at their place in the order. */
  function missingBefore(place: number): void {
    for (const id of [...additions.keys()]) if (sectionPlace(id) < place) addTo(id);
  }
  out.copy(bytes, 0, 8);
  for (const section of sections) {
    const { id, head, end } = section;
    if (id === SECTION.custom) {
      if (!isAboutCode(section)) out.copy(bytes, head, end);
      continue;
    }
    missingBefore(sectionPlace(id));
    if (additions.has(id)) addTo(id, section);
    else if (id === SECTION.code) {
      out.byte(id);
      const size = out.reserve();
      out.unsigned(bodies.length);
      codeAt = out.length;
      out.copy(code.written(), 0, code.length);
      out.fill(size);
    } else if (id !== SECTION.start) out.copy(bytes, head, end);
  }
  missingBefore(Number.POSITIVE_INFINITY);
  return codeAt;
}

/** @param picture learns the module's code */
export function rewriteModule(module: Module, form: Form, picture: Picture): Rewritten {
  const { bytes, exports, bodies, tables, startFunction } = module;
  picture.startModule(module.importedFunctions);
  const types = createTypes(module.types.length);
  const probes: ProbeTargets = { pushType: types.push, table: tables, functionType: types.probeTypes };
  const { code, places, firstAddresses, firstBlocks } = rewriteBodies(module, form, picture, probes);

  const taken = new Set(exports.map(({ name }) => name));
  const tableExport = freeName(taken, TABLE_EXPORT);
  const startExport = startFunction === undefined ? undefined : freeName(taken, START_EXPORT);
  const added: readonly (readonly number[])[] = [
    [...text(tableExport), 1, ...unsigned(tables)],
    ...(startExport === undefined || startFunction === undefined ? [] : [[...text(startExport), 0, ...unsigned(startFunction)]]),
  ];
  const additions: Additions = new Map([
    [SECTION.type, types.encoded],
    [SECTION.table, [[FUNCTION_REFERENCE, ...LIMITS]]],
    [SECTION.export, added],
  ]);
  const out = new ModuleOutput(code.length + bytes.length - bodies.reduce((sum, { start, end }) => sum + end - start, 0) + 1024);
  const codeAt = writeSections(out, module, code, additions);

  return {
    // V8 needs a separate buffer
    bytes: out.written() as Uint8Array<ArrayBuffer>,
    tableExport,
    startExport,
    addressOf(functionIndex, byte) {
      // rewrites one function again: its blocks get numbers of the same length, so that offsets are equal
      const wanted = byte - codeAt - places[functionIndex];
      const again = new Picture();
      again.startModule(module.importedFunctions);
      again.blockCount = firstBlocks[functionIndex];
      let found = -1;
      const watch: Watcher = (at, address) => {
        if (at === wanted && address >= 0) found = firstAddresses[functionIndex] + address;
      };
      createBodyRewriter(module, form, again, probes, new ModuleOutput(1 << 12), watch).rewrite(functionIndex);
      return found;
    },
  };
}
