// A whole Forth system: the machine with every word set, and the prelude.
import type { Console } from "./console.ts";
import { Forth, type ForthOptions } from "./forth.ts";
import { defineBlocks } from "./words/blocks.ts";
import { defineClock } from "./words/clock.ts";
import { defineCompiling } from "./words/compiling.ts";
import { defineDataSpace } from "./words/data-space.ts";
import { defineDefining } from "./words/defining.ts";
import { defineDouble } from "./words/double.ts";
import { defineEnvironment } from "./words/environment.ts";
import { defineExceptions } from "./words/exceptions.ts";
import { defineFiles } from "./words/files.ts";
import { defineGforth } from "./words/gforth.ts";
import { defineLocals } from "./words/locals.ts";
import { defineMemory } from "./words/memory.ts";
import { floating } from "./words/optional/floating/floating.ts";
import { keys } from "./words/optional/keys.ts";
import { system } from "./words/optional/system.ts";
import { xchar } from "./words/optional/xchar.ts";
import { defineOutput } from "./words/output.ts";
import { defineParsing } from "./words/parsing.ts";
import { prelude } from "./words/prelude.ts";
import { defineSearch } from "./words/search.ts";
import { defineStrings } from "./words/strings.ts";
import { defineTexts } from "./words/texts.ts";
import { defineTools } from "./words/tools.ts";
import { defineValues } from "./words/values.ts";

const wordSets = [
  defineDataSpace,
  defineDefining,
  defineCompiling,
  defineValues,
  defineParsing,
  defineTexts,
  defineEnvironment,
  defineOutput,
  defineClock,
  defineDouble,
  defineSearch,
  defineFiles,
  defineStrings,
  defineMemory,
  defineLocals,
  defineTools,
  defineBlocks,
  defineExceptions,
  defineGforth,
];

/** A fresh Forth that talks to the given console. */
export function createForth(console: Console, options?: ForthOptions): Forth {
  const forth = new Forth(console, [floating, xchar, system, keys], options);
  for (const define of wordSets) define(forth);
  forth.interpreter.evaluateText(prelude(forth.machine.cell.bits), "prelude");
  forth.complete();
  return forth;
}
