// What `bplab trace --wasm` does in a program's process: WebAssembly is replaced, and every block that a module executes goes onto a
// tape. Like bin.ts this file acts when it is loaded. The tape goes through the descriptor that bplab names.
import { basename } from "node:path";
import { isMainThread } from "node:worker_threads";
import { messageOf } from "../../../errors.ts";
import { writeAll } from "../../../files/write-all.ts";
import { createTapeWriter } from "../../../trace/tape.ts";
import { ExecutedBlocks } from "../executed-blocks.ts";
import type { Form } from "../forms.ts";
import { Picture } from "../picture.ts";
import { virtualProgram } from "../program.ts";
import { patchEngine } from "./engine-patch.ts";

/** What bplab tells it. */
interface Orders {
  /** The descriptor that takes the tape. */
  readonly descriptor: number;
  readonly form: Form;
  /** Virtual instructions after which nothing is written any more; the program goes on. */
  readonly maxInstructions: number | null;
}

const STDERR = 2;
const VARIABLE = "BPLAB_TRACE_WASM";
const engine = (globalThis as unknown as { WebAssembly: Parameters<typeof patchEngine>[0] }).WebAssembly;

function traceThisProcess({ descriptor, form, maxInstructions }: Orders): void {
  const picture = new Picture();
  const blocks = new ExecutedBlocks(picture, "the program", Number.POSITIVE_INFINITY);
  const program = virtualProgram(picture, form);
  let failed = false;
  const say = (what: string): void => void process.stderr.write(`bplab trace: ${what}\n`);
  const tape = createTapeWriter(program, (bytes) => {
    if (failed) return;
    try {
      writeAll(descriptor, bytes);
    } catch (error) {
      failed = true;
      say(`the tape cannot be written: ${messageOf(error)}`);
    }
  });
  let left = maxInstructions ?? Number.POSITIVE_INFINITY;
  blocks.sink = (ids, count, next) => {
    if (left <= 0) return;
    let last = 0;
    while (last < count && left > 0) left -= program.blockLength(ids[last++]);
    tape.chunk(ids, last, left > 0 ? next : -1);
  };
  patchEngine(engine, { picture, blocks, form, say });
  process.on("exit", () => {
    blocks.finish();
    if (!failed) tape.end(JSON.stringify({ modules: picture.modules, form }));
  });
}

/** What processes and threads that a traced one starts find in place of orders: they are not traced, and say so. */
const NONE = "none";

/** Says that modules run here, which the user may miss on the tape. */
function sayWhere(): void {
  const [, script = "", ...words] = process.argv;
  const command = ["node", basename(script), ...words].join(" ");
  const where = isMainThread ? `${command}, a process that the program started,` : "a worker thread";
  const advice = isMainThread ? ": trace its own command" : "";
  try {
    // at once: a process that serves another one may be killed at any time
    writeAll(STDERR, Buffer.from(`bplab trace: ${where} runs WebAssembly, which is not on the tape${advice}\n`));
  } catch {
    // its standard error is closed
  }
}

const orders = process.env[VARIABLE];
if (orders !== undefined && orders !== NONE && isMainThread) {
  process.env[VARIABLE] = NONE;
  traceThisProcess(JSON.parse(orders));
} else {
  patchEngine(engine, undefined, orders === NONE ? sayWhere : undefined);
}
