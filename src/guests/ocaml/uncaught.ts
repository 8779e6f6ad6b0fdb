// What OCaml's runtime does with an exception that nothing handles: Printexc's handler if the program has it, else what is
// registered for the end of the program, and a line of its own.
import {
  fieldOf,
  type HeapBlock,
  isHeapBlock,
  isInteger,
  PREDEFINED_EXCEPTIONS,
  Raised,
  type Runtime,
  sizeOf,
  tagOf,
  type Value,
} from "./value.ts";

/** Longer descriptions are cut, as the runtime's buffer does. */
const LONGEST = 255;

/** Exceptions whose argument is a tuple that is shown as if it were several arguments. */
const SPECIAL = ["Match_failure", "Assert_failure", "Undefined_recursive_module"] as const;

const text = (bytes: Value): string => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString("latin1") : "_");

function show(value: Value): string {
  if (isInteger(value)) return String(value);
  return value instanceof Uint8Array ? `"${text(value)}"` : "_";
}

/** An exception as the runtime shows it: Foo("x", 3). One character a byte. */
export function describeException(exception: Value, globals: HeapBlock): string {
  if (!isHeapBlock(exception)) return show(exception);
  // one without arguments is its own constructor
  if (tagOf(exception) !== 0) return text(fieldOf(exception, 0));
  const name = fieldOf(exception, 0) as HeapBlock;
  let fields = exception.slice(2) as Value[];
  const [first] = fields;
  const isSpecial = SPECIAL.some((special) => name === fieldOf(globals, PREDEFINED_EXCEPTIONS.indexOf(special)));
  if (isSpecial && fields.length === 1 && isHeapBlock(first) && tagOf(first) === 0) {
    fields = Array.from({ length: sizeOf(first) }, (_, i) => fieldOf(first, i));
  }
  return `${text(fieldOf(name, 0))}(${fields.map(show).join(", ")})`.slice(0, LONGEST);
}

/** Says what happened on standard error, and does what is to be done at the end. */
export function reportUncaught(runtime: Runtime, exception: Value): void {
  const handler = runtime.named.get("Printexc.handle_uncaught_exception");
  if (handler !== undefined) {
    runtime.callback(handler, exception, 0);
    return;
  }
  const message = describeException(exception, runtime.globals);
  const atExit = runtime.named.get("Pervasives.do_at_exit");
  try {
    if (atExit !== undefined) runtime.callback(atExit, 0);
  } catch (error) {
    // what fails while the program ends is not heard of
    if (!(error instanceof Raised)) throw error;
  }
  runtime.host.console.writeError(Buffer.from(`Fatal error: exception ${message}\n`, "latin1"));
}
