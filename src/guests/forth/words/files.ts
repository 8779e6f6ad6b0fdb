// FILE: opening, reading, writing and including files, with the result codes that the standard asks for.
import { renameSync, rmSync, statSync } from "#platform/fs";
import { ForthException } from "../exceptions.ts";
import type { AccessMode, OpenFile } from "../files.ts";
import type { Forth } from "../forth.ts";

const MODES: readonly AccessMode[] = ["r", "r+", "r+"];

export function defineFiles(forth: Forth): void {
  const { machine: m, files, compiler } = forth;
  const word = forth.word.bind(forth);
  const popPath = (): string => Buffer.from(m.popText(), "latin1").toString("utf8");
  const pushDouble = (value: number): void => m.pushDouble(BigInt(value));
  const popDouble = (): number => Number(BigInt.asUintN(2 * m.cell.bits, m.popDouble()));
  /** Runs an operation on the file whose id is on the stack; the result code, 0 or `code`, comes last. */
  const attempt = (code: number, run: () => void, failed: () => void = () => {}): void => {
    try {
      run();
      m.push(0);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      failed();
      m.push(code);
    }
  };
  const fileOf = (id: number): OpenFile => {
    const file = files.byId(id);
    if (file === undefined) throw new Error(`no open file ${id}`);
    return file;
  };

  for (const [name, value] of Object.entries({ "r/o": 0, "w/o": 1, "r/w": 2 })) compiler.create(name, "(docon)", value);
  word("bin", "n -- n", () => {});
  const open = (code: number, mode: (fam: number) => AccessMode): void => {
    const fam = m.pop();
    const path = popPath();
    attempt(
      code,
      () => m.push(files.open(path, mode(fam)).id),
      () => m.push(0),
    );
  };
  word("open-file", "a u n -- n x", () => open(-38, (fam) => MODES[fam] ?? "r"));
  word("create-file", "a u n -- n x", () => open(-63, () => "w+"));
  word("close-file", "n -- x", () => {
    const id = m.pop();
    attempt(-62, () => files.close(fileOf(id)));
  });
  word("delete-file", "a u -- x", () => {
    const path = popPath();
    files.surroundings?.changes(path);
    attempt(-64, () => rmSync(path));
  });
  word("rename-file", "a u b v -- x", () => {
    const to = popPath();
    const from = popPath();
    files.surroundings?.changes(from);
    attempt(-72, () => renameSync(from, to));
  });
  word("file-status", "a u -- n x", () => {
    const path = popPath();
    files.surroundings?.reads(path);
    attempt(
      -67,
      () => m.push(statSync(path).mode & 0o777),
      () => m.push(0),
    );
  });
  word("file-position", "n -- d d x", () => {
    const id = m.pop();
    attempt(
      -65,
      () => pushDouble(fileOf(id).position),
      () => pushDouble(0),
    );
  });
  word("reposition-file", "d d n -- x", () => {
    const id = m.pop();
    const position = popDouble();
    attempt(-73, () => {
      if (position > Number.MAX_SAFE_INTEGER) throw new Error("no file is that long");
      fileOf(id).position = position;
    });
  });
  word("file-size", "n -- d d x", () => {
    const id = m.pop();
    attempt(
      -66,
      () => pushDouble(fileOf(id).size),
      () => pushDouble(0),
    );
  });
  word("resize-file", "d d n -- x", () => {
    const id = m.pop();
    const size = popDouble();
    attempt(-74, () => fileOf(id).truncate(size));
  });
  word("flush-file", "n -- x", () => {
    const id = m.pop();
    attempt(-68, () => fileOf(id).flush());
  });
  word("read-file", "a u n -- u x", () => {
    const id = m.pop();
    const length = m.popUnsigned();
    const address = m.pop();
    if (length > 0) m.memory.check(address, length);
    attempt(
      -70,
      () => m.push(id === 0 ? readTerminal(address, length) : fileOf(id).read(m.bytes.subarray(address, address + length), length)),
      () => m.push(0),
    );
  });
  const readTerminal = (address: number, length: number): number => {
    for (let i = 0; i < length; i++) {
      const key = forth.console.readKey();
      if (key < 0) return i;
      m.bytes[address + i] = key;
    }
    return length;
  };
  word("read-line", "a u n -- u f x", () => {
    const id = m.pop();
    const limit = m.popUnsigned();
    const address = m.pop();
    if (limit > 0) m.memory.check(address, limit);
    attempt(
      -71,
      () => {
        const line = id === 0 ? forth.console.readLine() : fileOf(id).readLine(limit)?.line;
        if (line !== undefined && limit > 0) m.bytes.set(line.subarray(0, limit), address);
        m.push(line?.length ?? 0);
        m.push(line === undefined ? 0 : -1);
      },
      () => {
        m.push(0);
        m.push(0);
      },
    );
  });
  const write = (id: number, bytes: Uint8Array): void => forth.writeTo(id, bytes);
  word("write-file", "a u n -- x", () => {
    const id = m.pop();
    const text = m.popText();
    attempt(-75, () => write(id, Buffer.from(text, "latin1")));
  });
  word("write-line", "a u n -- x", () => {
    const id = m.pop();
    const text = m.popText();
    attempt(-76, () => write(id, Buffer.from(`${text}\n`, "latin1")));
  });
  word("emit-file", "c n -- x", () => {
    const id = m.pop();
    const char = m.pop();
    attempt(-75, () => write(id, Uint8Array.of(char)));
  });
  /** Leaves the rest of a file in allocated memory. */
  const slurp = (file: OpenFile): void => {
    const size = Math.max(0, file.size - file.position);
    const address = forth.heap.allocate(size);
    if (address === 0) throw new ForthException(-59, `no memory left for the ${size} characters of ${file.path}`);
    m.push(address);
    m.push(file.read(m.bytes.subarray(address, address + size), size));
  };
  word("slurp-file", "a u -- a u", () => {
    const path = popPath();
    let file: OpenFile | undefined;
    try {
      file = files.open(path, "r");
      slurp(file);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new ForthException(-38, `cannot read ${path}: ${error.message}`);
    } finally {
      if (file !== undefined) files.close(file);
    }
  });
  word("slurp-fid", "n -- a u", () => {
    const id = m.pop();
    try {
      slurp(fileOf(id));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new ForthException(-37, `cannot read file ${id}: ${error.message}`);
    }
  });
  compiler.create("outfile-id", "(doval)", forth.at.output);
  word(
    "outfile-execute",
    "xt n --",
    () => {
      const { output } = forth;
      forth.output = m.pop();
      try {
        forth.interpreter.execute(m.pop());
      } finally {
        forth.output = output;
      }
    },
    { ends: true },
  );
  for (const [name, id] of Object.entries({ stdin: 0, stdout: 1, stderr: 2 })) compiler.create(name, "(docon)", id);
  word("include-file", "n --", () => forth.sources.includeFile(m.pop()), { ends: true });
  word("included", "a u --", () => forth.sources.included(popPath()), { ends: true });
  word("required", "a u --", () => forth.sources.required(popPath()), { ends: true });
  const nextPath = (): string => Buffer.from(forth.nextName(), "latin1").toString("utf8");
  word("include", "--", () => forth.sources.included(nextPath()), { ends: true });
  word("require", "--", () => forth.sources.required(nextPath()), { ends: true });
  word("needs", "--", () => forth.sources.required(nextPath()), { ends: true });
}
