// Options of commands that run programs. Apart from the others, because they need the guests, which take time to load.
import { Option } from "@commander-js/extra-typings";
import { SIZES } from "../guests/programs.ts";
import { parseChoice, parseNumber } from "./options.ts";

/** How much work programs do. */
export const sizeOption = new Option("--size <size>", "how much work our programs do: test or full")
  .default("test" as const)
  .argParser(parseChoice("size", SIZES));

export const layoutSeedOption = new Option("--layout-seed <n>", "permutes and pads bodies in memory; 0 keeps their order")
  .default(0)
  .argParser(parseNumber("layout-seed"));
