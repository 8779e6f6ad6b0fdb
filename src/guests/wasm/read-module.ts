// Reads a WebAssembly module: its head, its sections in order, and whether they fit together.
import { type Module, SECTION, type Section, sectionPlace } from "./module.ts";
import { type Contents, nothingRead, sectionReaders } from "./module-sections.ts";
import { BinaryReader } from "./reader.ts";

const HEAD = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** @throws UsageError unless the bytes begin as those of a module of version 1 */
function checkHead(bytes: Uint8Array, from: BinaryReader): void {
  if (HEAD.slice(0, 4).some((byte, i) => bytes[i] !== byte)) throw from.wrong(`there are not the bytes "\\0asm"`);
  if (HEAD.some((byte, i) => bytes[i] !== byte)) {
    const component = bytes[6] === 1 ? "a component (take the core module out of it: wasm-tools component unbundle)" : "another format";
    throw from.wrong(`there is not version 1: it is ${component}`, 4);
  }
}

/** Reads all sections from `from` on; returns where they are. */
function readSections(from: BinaryReader, bytes: Uint8Array, contents: Contents): Section[] {
  const sections: Section[] = [];
  const readers = sectionReaders(from, bytes, contents);
  let place = -1;
  while (from.at < bytes.length) {
    const head = from.at;
    const id = from.byte();
    const length = from.u32();
    const start = from.at;
    from.skip(length);
    const end = from.at;
    from.at = start;
    if (id === SECTION.custom) {
      sections.push({ id, head, start, end, name: from.name() });
    } else {
      const next = sectionPlace(id);
      if (next < 0) throw from.wrong(`there is no kind of section ${id}`, head);
      if (next <= place) throw from.wrong(`section ${id} stands out of order`, head);
      place = next;
      sections.push({ id, head, start, end });
      if (id === SECTION.table) contents.tables += from.count();
      else readers[id]?.();
      if (readers[id] !== undefined && from.at !== end) throw from.wrong(`section ${id} is not as long as it says`);
    }
    if (from.at > end) throw from.wrong("a section is longer than it says");
    from.at = end;
  }
  return sections;
}

/** @throws UsageError if functions have no code or no type */
function checkFunctions({ functionTypes, importedFunctions, bodies, types, tagTypes }: Contents, from: BinaryReader): void {
  if (functionTypes.length - importedFunctions !== bodies.length)
    throw from.wrong(`${functionTypes.length - importedFunctions} functions are declared, and ${bodies.length} have code`);
  if (functionTypes.some((type) => types[type] === undefined)) throw from.wrong("a function has a type that is none of functions");
  if (tagTypes.some((type) => types[type] === undefined)) throw from.wrong("a tag has a type that is none of functions");
}

/**
 * Reads what sections say. Of code only where it stands.
 * @throws UsageError when it is no module, or one of a later format
 */
export function readModule(path: string, bytes: Uint8Array): Module {
  const from = new BinaryReader(bytes, path);
  checkHead(bytes, from);
  from.at = HEAD.length;
  const contents = nothingRead();
  const sections = readSections(from, bytes, contents);
  checkFunctions(contents, from);
  const { memories: _, ...read } = contents;
  return { path, bytes, sections, ...read };
}
