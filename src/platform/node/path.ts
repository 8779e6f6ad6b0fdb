// Paths of files.
export { basename, delimiter, dirname, extname, isAbsolute, join, resolve, sep } from "node:path";
