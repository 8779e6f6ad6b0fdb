// Paths of files.
export { basename, dirname, extname, isAbsolute, join, resolve, sep } from "node:path";
