// One technique or predictor as bplab list shows it: what it is, its source, and each parameter with its range.
import type { Parameter, Parameters } from "../../../parameters.ts";
import type { DocumentPart } from "../../../report/tables/sheet.ts";

/** The values that a parameter takes: "1 to 65536, powers of two, entries". */
function valuesText(parameter: Parameter): string {
  if (parameter.type === "flag") return "set or not";
  if (parameter.type === "choice") return parameter.choices.join(", ");
  if (parameter.type === "text") return "a text";
  const { min, max, powerOfTwo, unit } = parameter;
  return [`${min} to ${max}`, ...(powerOfTwo ? ["powers of two"] : []), ...(unit === undefined ? [] : [unit])].join(", ");
}

const defaultText = (parameter: Parameter): string => (parameter.type === "flag" ? "not set" : String(parameter.default));

export function parametersParts(
  id: string,
  { title, source, parameters }: { readonly title: string; readonly source: string; readonly parameters: Parameters },
): DocumentPart[] {
  const rows = Object.entries(parameters).map(([name, parameter]) => [
    name,
    defaultText(parameter),
    valuesText(parameter),
    parameter.description,
  ]);
  return [
    `${id}: ${title}.`,
    ...(rows.length === 0 ? ["It has no parameters."] : [{ head: ["parameter", "default", "values", "meaning"], rows, left: 4 }]),
    `Source: ${source}`,
  ];
}
