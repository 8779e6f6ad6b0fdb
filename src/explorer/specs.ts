// Front ends as users write them, taken apart for sliders: "btb:sets=64:ways=2+gshare".
import type { ListedPlugIn } from "./protocol.ts";

export interface NumericParameter {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly powerOfTwo?: boolean;
  readonly description: string;
}

export interface GivenParameter {
  /** Which model of the front end, from 0. */
  readonly at: number;
  readonly model: string;
  readonly name: string;
  readonly parameter: NumericParameter;
  readonly value: number;
}

/** The numeric parameters of the models of a front end, with their values in it. */
export function parametersIn(frontEnd: string, predictors: readonly ListedPlugIn[]): GivenParameter[] {
  return frontEnd.split("+").flatMap((spec, at) => {
    const [model, ...given] = spec.split(":");
    const values = new Map(given.map((part) => part.split("=") as [string, string | undefined]));
    const declared = predictors.find(({ id }) => id === model)?.parameters ?? {};
    return Object.entries(declared).flatMap(([name, parameter]) => {
      if (!("min" in parameter)) return [];
      const text = values.get(name);
      const numeric = parameter as NumericParameter;
      const value = text === undefined ? numeric.default : Number(text);
      return Number.isFinite(value) ? [{ at, model, name, parameter: numeric, value }] : [];
    });
  });
}

/** The front end with another value; a default is left out. */
export function withParameter(frontEnd: string, at: number, name: string, value: number, otherwise: number): string {
  return frontEnd
    .split("+")
    .map((spec, i) => {
      if (i !== at) return spec;
      const parts = spec.split(":");
      const given = `${name}=${value}`;
      const place = parts.findIndex((part, k) => k > 0 && part.split("=")[0] === name);
      if (place < 0) return value === otherwise ? spec : [...parts, given].join(":");
      const kept = value === otherwise ? parts.toSpliced(place, 1) : parts.with(place, given);
      return kept.join(":");
    })
    .join("+");
}
