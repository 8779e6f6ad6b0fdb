// Plans a sweep: writes a study's points as work items into its folder. Planning the same study again writes the same items;
// planning a changed one keeps every result that is still valid.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import type { Session } from "../jobs/session.ts";
import { bplabVersion, codeDigest } from "./code-digest.ts";
import {
  findManifest,
  ITEMS,
  itemsIn,
  type Manifest,
  putFile,
  removeAbandonedFiles,
  studyIn,
  studyName,
  writeManifest,
} from "./folder/folder.ts";
import { itemsOf, type Planned } from "./items.ts";
import { type Axes, readAxes } from "./study/axes.ts";
import { type ExclusionRule, readRules } from "./study/exclusions.ts";
import type { StudyFile } from "./study/study.ts";

/** Lines that are written at a time. */
const LINES = 500;

/** The default folder of a study's sweep. */
export const folderOf = (file: string): string => `${studyName(file)}.sweep`;

export interface Plan {
  readonly axes: Axes;
  items(): Iterable<Planned>;
}

/** @param many whether a million points and more are allowed. @throws UsageError in one line for any error in a study */
export async function readPlan(study: StudyFile, session: Session, many: boolean): Promise<Plan> {
  const axes = await readAxes(study, session, many);
  const rules: readonly ExclusionRule[] = await readRules(study, axes);
  const items = (): Iterable<Planned> => itemsOf(axes, rules, codeDigest());
  for (const { points } of items()) if (points > 0) return { axes, items };
  throw study.error(["exclude"], "its rules leave no point of the study", true);
}

/** @throws UsageError when a folder is another study's, or holds something else */
export function checkFolder(folder: string, file: string): void {
  const manifest = findManifest(folder);
  if (manifest === undefined) {
    const entries = existsSync(folder) ? readdirSync(folder) : [];
    // planning may have been interrupted before it wrote the manifest
    const begun = entries.every((entry) => entry.startsWith(".") || entry === `study${extname(file)}`);
    if (!begun && !entries.includes(ITEMS))
      throw new UsageError(`${folder} is there and is no folder of a sweep: choose another with --out=DIR`);
    return;
  }
  const theirs = join(manifest.base, `${manifest.study}${extname(manifest.studyFile)}`);
  // the same name: the study or the folder may have been moved, or copied together
  const same = manifest.folder !== resolve(folder) || !existsSync(theirs) || realpathSync(theirs) === realpathSync(file);
  if (manifest.study !== studyName(file) || !same)
    throw new UsageError(`${folder} holds the sweep of another study, ${theirs}: choose another folder for ${file} with --out=DIR`);
}

/** Writes everything that engines need into a folder, absolute. @throws UsageError when it cannot be written */
export function writePlan(folder: string, base: string, study: StudyFile, plan: Plan): void {
  removeAbandonedFiles(folder);
  const identity = {
    study: study.name,
    studySha256: study.sha256,
    studyFile: `study${extname(study.file)}`,
    base,
    folder,
    bplab: bplabVersion(),
  };
  const hash = createHash("sha256");
  putFile(studyIn(folder, identity), study.text);
  putFile(itemsIn(folder), (write) => {
    let lines: string[] = [];
    const flush = (): void => {
      const text = lines.join("");
      hash.update(text);
      write(text);
      lines = [];
    };
    for (const { item } of plan.items()) {
      lines.push(`${JSON.stringify(item)}\n`);
      if (lines.length === LINES) flush();
    }
    flush();
  });
  // written last: an interrupted planning leaves a manifest that does not match the items
  const manifest: Manifest = { ...identity, itemsSha256: hash.digest("hex") };
  writeManifest(folder, manifest);
}
