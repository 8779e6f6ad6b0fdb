// What `bplab trace --wasm` has Node.js load before a program (--import): the bundle's tracer, or the modules that it is made of.
import { loadBundle } from "../../../platform/bundle/load.ts";

const bundle = loadBundle();
await (bundle === undefined ? import("./trace-process.ts") : bundle.traceProcess());
