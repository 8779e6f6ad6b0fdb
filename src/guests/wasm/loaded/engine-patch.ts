// WebAssembly of a JavaScript program, with probes: modules are rewritten when they are compiled, and look as they were.
import { messageOf } from "../../../errors.ts";
import { rewriteModule, START_EXPORT, TABLE_EXPORT } from "../assemble.ts";
import type { Instance, Table } from "../engine.ts";
import type { ExecutedBlocks } from "../executed-blocks.ts";
import type { Form } from "../forms.ts";
import { createHelper, type Helper } from "../helper.ts";
import type { Picture } from "../picture.ts";
import { readModule } from "../read-module.ts";

type Exports = Readonly<Record<string, unknown>>;
interface NamedExport {
  readonly name: string;
}
type Constructor = (new (...values: unknown[]) => object) & { exports?(module: object): readonly NamedExport[] };

/** The parts of WebAssembly's interface that are replaced. */
interface Engine {
  Module: Constructor;
  Instance: Constructor;
  validate(bytes: unknown): boolean;
  compile(source: unknown): Promise<object>;
  instantiate(source: unknown, imports?: unknown): Promise<unknown>;
  compileStreaming?(source: unknown): Promise<object>;
  instantiateStreaming?(source: unknown, imports?: unknown): Promise<unknown>;
}

/** What a module's rewritten form exports besides its own. */
interface Added {
  readonly tableExport: string;
  readonly startExport: string | undefined;
}

export interface Tracer {
  readonly picture: Picture;
  readonly blocks: ExecutedBlocks;
  readonly form: Form;
  /** Takes what cannot be traced, and why. */
  say(what: string): void;
}

const isAdded = (name: string): boolean => name.startsWith(TABLE_EXPORT) || name.startsWith(START_EXPORT);

function bytesOf(source: unknown): Uint8Array {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Uint8Array(source as ArrayBuffer);
}

/**
 * Replaces the engine's constructors and functions.
 * @param tracer undefined in threads that are not traced: they run modules which other threads have rewritten
 * @param onUntraced called when the first module runs without being traced
 */
export function patchEngine(engine: Engine, tracer: Tracer | undefined, onUntraced?: () => void): void {
  const { Module, Instance } = engine;
  const added = new WeakMap<object, Added>();
  let quiet: Helper | undefined;
  let told = false;
  /** Takes numbers of blocks and forgets them. */
  function quietHelper(): Helper {
    quiet ??= createHelper(() => {
      if (quiet !== undefined) quiet.at.value = 4;
      return 0;
    });
    quiet.end.value ||= quiet.memory.buffer.byteLength;
    return quiet;
  }

  function makeModule(source: unknown): object {
    // what is no module gets the engine's own error
    if (tracer === undefined || !engine.validate(source)) return new Module(source);
    const known = tracer.picture.known();
    try {
      const module = readModule("the module", bytesOf(source).slice());
      const rewritten = rewriteModule(module, tracer.form, tracer.picture);
      const compiled = new Module(rewritten.bytes);
      added.set(compiled, rewritten);
      return compiled;
    } catch (error) {
      tracer.picture.forget(known);
      tracer.say(`a module is not traced: ${messageOf(error)}`);
      return new Module(source);
    }
  }
  /** What was added to a module; of one that another thread has rewritten, by its names. */
  function addedTo(module: object): Added | undefined {
    const known = added.get(module);
    if (known !== undefined) return known;
    const names = Module.exports?.(module).map(({ name }) => name) ?? [];
    const tableExport = names.find((name) => name.startsWith(TABLE_EXPORT));
    return tableExport === undefined ? undefined : { tableExport, startExport: names.find((name) => name.startsWith(START_EXPORT)) };
  }
  function makeInstance(module: unknown, imports: unknown): object {
    const instance = new Instance(module, imports);
    if (tracer === undefined && !told) {
      told = true;
      onUntraced?.();
    }
    const own = addedTo(module as object);
    if (own === undefined) return instance;
    const { exports } = instance as Instance;
    const { push, replace } = added.has(module as object) && tracer !== undefined ? tracer.blocks.helper : quietHelper();
    const table = exports[own.tableExport] as Table;
    table.set(0, push);
    table.set(1, replace);
    const shown: Exports = Object.assign(
      Object.create(null),
      Object.fromEntries(Object.entries(exports).filter(([name]) => !isAdded(name))),
    );
    Object.defineProperty(instance, "exports", { value: Object.freeze(shown), enumerable: true, configurable: true });
    if (own.startExport !== undefined) (exports[own.startExport] as () => unknown)();
    return instance;
  }
  const isModule = (source: unknown): boolean => source instanceof Module;
  async function streamed(source: unknown): Promise<ArrayBuffer> {
    return ((await source) as { arrayBuffer(): Promise<ArrayBuffer> }).arrayBuffer();
  }
  const both = (source: unknown, imports: unknown): { module: object; instance: object } => {
    const module = makeModule(source);
    return { module, instance: makeInstance(module, imports) };
  };

  engine.Module = new Proxy(Module, {
    construct: (_target, [source]) => makeModule(source),
    get(target, name) {
      if (name === "exports") return (module: object) => target.exports?.(module).filter((exported) => !isAdded(exported.name));
      return Reflect.get(target, name);
    },
  });
  engine.Instance = new Proxy(Instance, { construct: (_target, [module, imports]) => makeInstance(module, imports) });
  engine.compile = async (source) => makeModule(source);
  engine.instantiate = async (source, imports) => (isModule(source) ? makeInstance(source, imports) : both(source, imports));
  engine.compileStreaming = async (source) => makeModule(await streamed(source));
  engine.instantiateStreaming = async (source, imports) => both(await streamed(source), imports);
}
