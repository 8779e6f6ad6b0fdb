// Reads study files: YAML, and JSON, which is YAML. An error is one line, with its line and column in the file.
import { readFileSync } from "node:fs";
import { type Document, isMap, isPair, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import type { z } from "zod";
import { messageOf, UsageError, unreadable } from "../../errors.ts";
import { unknownName } from "../../parameters.ts";
import { sha256Of, studyName } from "../folder/folder.ts";
import { type Study, studySchema } from "./study-schema.ts";

/** A place in a study: ["predictors", 0, "btb", "sets"]. */
export type StudyPath = readonly (string | number)[];

export interface StudyFile {
  /** As it was named, for messages. */
  readonly file: string;
  /** The file's name without its ending. */
  readonly name: string;
  readonly text: string;
  /** The first 16 hexadecimal digits. */
  readonly sha256: string;
  readonly study: Study;
  /** Makes an error with its place: "btb.yaml:4:7: predictors.0.btb.setz: …". @param ofKey whether the error is in the key */
  error(path: StudyPath, message: string, ofKey?: boolean): UsageError;
}

type Issue = z.core.$ZodIssue;

/** The sibling keys of a wrong key. */
function keysAt(path: StudyPath): string[] {
  let schema: unknown = studySchema.shape;
  for (const step of path) {
    const within = (schema as Record<string, { unwrap?: () => { shape?: unknown } } | undefined>)[String(step)];
    schema = within?.unwrap?.().shape;
    if (schema === undefined) return path[0] === "inputs" ? ["input", "sizes"] : [];
  }
  return Object.keys(schema as object);
}

/** The innermost issue; of a union's branches, the one that matched furthest. */
function innermost(issue: Issue): Issue {
  if (issue.code !== "invalid_union") return issue;
  const inner = issue.errors.map((branch) => {
    const first = branch.find(({ code }) => code === "unrecognized_keys") ?? branch[0];
    return innermost({ ...first, path: [...issue.path, ...first.path] });
  });
  const deepest = inner.reduce((best, one) => (one.path.length > best.path.length ? one : best), issue);
  return (
    inner.find(({ code }) => code === "unrecognized_keys") ??
    (deepest === issue ? (inner.find(({ code }) => code === "too_small") ?? issue) : deepest)
  );
}

function describe(issue: Issue): { readonly path: StudyPath; readonly message: string; readonly ofKey: boolean } {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "unrecognized_keys") {
    const [key] = issue.keys;
    return { path: [...path, key], message: unknownName("key", key, keysAt(path)).message, ofKey: true };
  }
  const [first, ...rest] = issue.message;
  return { path, message: `${first.toLowerCase()}${rest.join("")}`, ofKey: false };
}

/** The node at a path, or its nearest ancestor. */
function nodeAt(document: Document, path: StudyPath, ofKey: boolean): Node | null {
  for (let length = path.length; length > 0; length--) {
    const around = document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(around)
      ? around.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(path[length - 1]))
      : undefined;
    if (isPair(pair) && (ofKey || length < path.length || pair.value === null)) return pair.key as Node;
    const node = document.getIn(path.slice(0, length), true);
    if (node !== undefined) return node as Node;
  }
  return document.contents as Node | null;
}

/**
 * @param name the study's name, if the file is a copy with another name
 * @throws UsageError when it cannot be read, is no YAML, or no valid study
 */
export function readStudy(file: string, name = studyName(file)): StudyFile {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(file, "a study", error);
  }
  const lines = new LineCounter();
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const document = parse(file, text, lines);
  const [broken] = document.errors;
  if (broken !== undefined) throw new UsageError(`${place(broken.pos[0])}: ${broken.message.split("\n")[0].replace(/ at line.*$/, "")}`);
  const error = (path: StudyPath, message: string, ofKey = false): UsageError => {
    const node = nodeAt(document, path, ofKey);
    return new UsageError(`${place(node?.range?.[0] ?? 0)}: ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`);
  };
  let content: unknown;
  try {
    content = document.toJS();
  } catch (thrown) {
    let at = 0;
    visit(document, {
      Alias(_, alias) {
        if (at === 0 && alias.resolve(document) === undefined) at = alias.range?.[0] ?? 0;
      },
    });
    throw new UsageError(`${place(at)}: ${messageOf(thrown)}`);
  }
  if (content === null || typeof content !== "object" || Array.isArray(content))
    throw error([], "expected a study: inputs, and techniques, predictors or machines (docs/sweeps.md)");
  const parsed = studySchema.safeParse(content);
  if (!parsed.success) {
    // an unknown key is often the reason why another one is missing
    const issues = parsed.error.issues.map(innermost);
    const { path, message, ofKey } = describe(issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]);
    throw error(path, message, ofKey);
  }
  return { file, name, text, sha256: sha256Of(text).slice(0, 16), study: parsed.data, error };
}

function parse(file: string, text: string, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false });
  } catch (error) {
    throw new UsageError(`${file}: not YAML: ${messageOf(error)}`);
  }
}
