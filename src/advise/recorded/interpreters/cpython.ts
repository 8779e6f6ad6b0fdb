// CPython, as it is built by default: _PyEval_EvalFrameDefault dispatches through opcode_targets, 256 addresses of labels. The interpreter
// itself is asked for the names, so that they are those of its version, with what quickening puts in their place (3.11 and later).
import { spawnSync } from "node:child_process";
import { basename } from "node:path";
import type { KnownInterpreter } from "../known-interpreter.ts";

const ASK = "import dis, json; print(json.dumps(getattr(dis, '_all_opname', dis.opname)))";
const PYTHON = /^python[23](\.\d+)?$/;

/** A recording may name any program: only one that is called python is run. */
function ask(program: string): readonly string[] | undefined {
  if (!PYTHON.test(basename(program))) return undefined;
  // isolated: no script of the working folder takes the place of a module
  const { status, stdout } = spawnSync(program, ["-I", "-S", "-c", ASK], { encoding: "utf8", timeout: 20_000 });
  if (status !== 0) return undefined;
  const names: unknown = JSON.parse(stdout);
  return Array.isArray(names) ? names.map(String) : undefined;
}

export const CPYTHON: KnownInterpreter = {
  name: "CPython",
  recognises: ({ file, interpreter }) => /^(lib)?python/.test(file) && interpreter === "_PyEval_EvalFrameDefault",
  technique: "token-threading",
  entries: [256],
  names: ({ program }) => ask(program),
  transfers: /JUMP|^FOR_|^SEND|YIELD|RETURN|^CALL|RAISE|RERAISE|^END_ASYNC|^WITH_EXCEPT|^SETUP_|^BINARY_SUBSCR_GETITEM|^LOAD_ATTR_PROPERTY/,
};
