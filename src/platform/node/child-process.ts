// Other programs of the machine: compilers and assemblers.
export { spawnSync } from "node:child_process";
