// Recorded traces, as the bench reads them.
export { readSbbt } from "../dist/bench/read-sbbt.js";
