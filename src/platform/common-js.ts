// A module's text as CommonJS, where modules cannot be loaded: in a page, and in the bundle.

/** A list of names to import, as one to take apart an object: { a, b as c } → { a, b: c }. */
const takenApart = (names: string): string => names.replace(/\bas\b/g, ":");

/** The text of a module in JavaScript as CommonJS: its imports are at the beginnings of lines, and have names in braces. */
export const asCommonJs = (text: string): string =>
  text
    .replace(
      /^import\s+(\{[^}]*\})\s*from\s*(["'][^"']*["'])/gm,
      (_, names: string, from: string) => `const ${takenApart(names)} = require(${from})`,
    )
    .replace(/^import\s+\*\s*as\s+(\w+)\s+from\s*(["'][^"']*["'])/gm, "const $1 = require($2)")
    .replace(/^export\s+default\b/gm, "exports.default =")
    .replace(/^export\s+(?=(const|let|function|class)\b)/gm, "");
