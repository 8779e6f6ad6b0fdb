// Tests of a model's parameters: each works up to its borders, and not beyond, and more of it takes no fewer bits.
import { UsageError } from "../errors.ts";
import { type Parameters, readParameters, type Values } from "../parameters.ts";
import { answersOf } from "./answers.ts";
import { type ConformanceCheck, isStatic } from "./conformance-check.ts";
import type { PredictorDefinition } from "./predictor.ts";
import { mixture } from "./sample-branches.ts";

/** Values of a parameter at its limits, and beyond them, as users write them. */
function bordersOf(parameters: Parameters): { readonly inside: readonly string[]; readonly outside: readonly string[] } {
  const all = Object.entries(parameters);
  const inside = all.flatMap(([key, parameter]) => {
    if (parameter.type === "choice") return parameter.choices.map((choice) => `${key}=${choice}`);
    if (parameter.type === "text") return [];
    return "min" in parameter ? [`${key}=${parameter.min}`, `${key}=${parameter.max}`] : [key];
  });
  const outside = all.flatMap(([key, parameter]) => {
    if (parameter.type === "text") return [`${key}=`];
    if (!("min" in parameter)) return [`${key}=maybe`];
    const { min, max, powerOfTwo } = parameter;
    return [`${key}=${min - 1}`, `${key}=${max + 1}`, `${key}=${max * 2}`, `${key}=1.5`, ...(powerOfTwo ? [`${key}=3`] : [])];
  });
  return { inside, outside };
}

/** Its parameters work up to their borders, and not beyond. @param id what messages about its parameters call it */
export function parameterChecks(definition: PredictorDefinition, defaults: Values<Parameters>, id: string): ConformanceCheck[] {
  const { inside, outside } = bordersOf(definition.parameters);
  return [
    { title: "needs a whole number of bits, and no fewer when a parameter grows", run: () => storageTrouble(definition, defaults) },
    ...inside.map((text) => ({
      title: `works with ${text}, or says which parameter does not go with it`,
      run() {
        const { values } = readParameters(id, id, [text], definition.parameters);
        const refusal = definition.check?.(values);
        if (refusal !== undefined) {
          const [key] = text.split("=");
          return refusal.includes(key) && !refusal.includes("\n")
            ? undefined
            : `expected one line that names ${key}, got ${JSON.stringify(refusal)}`;
        }
        const wrong = answersOf(definition, values, mixture(500, 4)).find((answer) => answer !== undefined && answer !== (answer | 0));
        if (wrong !== undefined) return `it answers ${wrong}`;
        const bits = definition.storageBits(values);
        return bits > 0 || isStatic(definition, defaults) ? undefined : `it needs ${bits} bits`;
      },
    })),
    ...outside.map((text) => ({
      title: `refuses ${text}`,
      run() {
        try {
          readParameters(id, id, [text], definition.parameters);
        } catch (error) {
          if (error instanceof UsageError) return undefined;
          throw error;
        }
        return "it was accepted";
      },
    })),
  ];
}

function storageTrouble(definition: PredictorDefinition, defaults: Values<Parameters>): string | undefined {
  const bits = definition.storageBits(defaults);
  if (!(Number.isInteger(bits) && bits >= 0)) return `it needs ${bits} bits`;
  for (const [key, parameter] of Object.entries(definition.parameters)) {
    if (parameter.type === "flag") {
      const more = definition.storageBits({ ...defaults, [key]: true });
      if (more < bits) return `with ${key} it needs ${more} bits, without ${bits}`;
    }
    if (!("min" in parameter)) continue;
    let before = 0;
    for (let value = parameter.min; value <= parameter.max; value = parameter.powerOfTwo ? value * 2 : value + 1) {
      const values = { ...defaults, [key]: value };
      if (definition.check?.(values) !== undefined) continue;
      const now = definition.storageBits(values);
      if (!(now >= before)) return `with ${key}=${value} it needs ${now} bits, with less ${before}`;
      before = now;
    }
  }
  return undefined;
}
