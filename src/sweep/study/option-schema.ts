// The options of simulations (options/table.ts) as studies write them: by the names of the command's flags.
import { z } from "zod";
import type { SimulationOption } from "../../options/option.ts";
import { flagOf, type OptionValues, optionEntries } from "../../options/request.ts";
import type { NumberValue, OptionValue } from "../../options/value.ts";

/** What a value may be. */
export function valueSchema(value: NumberValue): z.ZodNumber;
export function valueSchema(value: OptionValue): z.ZodType;
export function valueSchema(value: OptionValue): z.ZodType {
  switch (value.type) {
    case "number": {
      const { least, most, whole, aboveLeast } = value;
      const error = { error: `expected ${value.expected}` };
      const number = whole ? z.int(error) : z.number(error);
      const bounded = aboveLeast ? number.gt(least, error) : number.min(least, error);
      // JSON Schema has no safe integers: their bound is not written
      return most === Number.MAX_SAFE_INTEGER ? bounded : bounded.max(most, error);
    }
    case "spec":
      return z.union([z.string(), z.literal(true)]);
    case "choice":
      return z.enum(value.choices);
    case "names":
      return z.array(z.string(), { error: "expected a list of texts" }).min(1, { error: "expected a list of texts, got an empty list" });
    case "flag":
      return z.boolean();
    case "text":
      return z.string();
  }
}

/** Whether studies have an option among their `options`. */
const isInStudies = ({ study }: SimulationOption): boolean => study === undefined;

export const optionsSchema = z.strictObject(
  Object.fromEntries(
    optionEntries
      .filter(([, option]) => isInStudies(option))
      .map(([name, { value, help }]) => [flagOf(name), valueSchema(value).optional().describe(help)]),
  ),
);

/** A study's `options`, by the library's names. */
export function optionsIn({ options = {} }: { readonly options?: z.infer<typeof optionsSchema> }): OptionValues {
  return Object.fromEntries(optionEntries.map(([name]) => [name, options[flagOf(name)]]));
}
