// Other programs of the machine: compilers and assemblers.
export { spawn, spawnSync } from "node:child_process";
