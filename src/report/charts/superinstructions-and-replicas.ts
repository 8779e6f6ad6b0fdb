// The surface of Ertl and Gregg (Optimizing Indirect Branch Prediction Accuracy in Virtual Machine Interpreters, PLDI 2003):
// static superinstructions on one axis, replicas on the other. Techniques with one kind are at its edges, and direct threading, which
// has neither, in the corner.

import { groupBy } from "../../results/group-by.ts";
import { averaged, runOf } from "../drawing/averages.ts";
import { defineChart } from "../drawing/chart.ts";
import { type Datum, dispatches, distinct, RATE, rateOf, titled, without } from "../drawing/drawing.ts";
import { matrixSpec } from "../drawing/matrix.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

const COUNTS = ["superinstructions", "replicas"];

/** Cells of the first predictor and the first family of techniques that have a surface. */
function surface(records: readonly ResultRecord[]): { readonly values: readonly Datum[]; readonly said: string } {
  const known = dispatches(records);
  const both = known.filter((record) => COUNTS.every((name) => numberIn(record, `technique:${name}`) !== undefined));
  for (const predictor of distinct(both, "predictor")) {
    for (const family of new Set(both.map((record) => without(textIn(record, "technique"), COUNTS)))) {
      const parameters = family.slice(family.indexOf(":") + 1 || family.length);
      const within = (record: ResultRecord): boolean => {
        const name = without(textIn(record, "technique"), COUNTS);
        if (name === family) return true;
        // a technique with one kind belongs to a surface without further parameters
        return parameters === "" && ["static-superinstructions", "static-replication", "direct-threading"].includes(name);
      };
      const used = known.filter((record) => record.predictor === predictor && within(record));
      const points = used.map((record) => ({
        ...runOf(record),
        own: without(textIn(record, "technique"), COUNTS) === family,
        superinstructions: numberIn(record, "technique:superinstructions") ?? 0,
        replicas: numberIn(record, "technique:replicas") ?? 0,
        rate: rateOf(record) ?? 0,
      }));
      // several techniques meet at the edges: a cell belongs to the family itself, or to one of them
      const once = [
        ...groupBy(points, ({ program, seed, superinstructions, replicas }) =>
          JSON.stringify([program, seed, superinstructions, replicas]),
        ).values(),
      ].map((cell) => cell.find(({ own }) => own) ?? cell[0]);
      const { points: values, said } = averaged(
        once.map(({ own: _, ...point }) => point),
        COUNTS,
        ["rate"],
      );
      if (COUNTS.every((name) => new Set(values.map((point) => point[name])).size > 1) && values.length > 3)
        return { values, said: `${family}, ${predictor}; ${said}` };
    }
  }
  return { values: [], said: "" };
}

const ascending = (values: readonly Datum[], field: string): number[] =>
  [...new Set(values.map((point) => Number(point[field])))].sort((a, b) => a - b);

export default defineChart({
  title: "Static superinstructions and replicas",
  description: "Each cell is an interpreter with so many superinstructions and so many replicas; the darker, the more it mispredicts.",
  needs: "a technique with several numbers of both superinstructions and replicas (static-both:superinstructions=…:replicas=…)",
  of: "rows",
  place: 60,
  special: true,
  fits: (records) => surface(records).values.length > 0,
  spec(records) {
    const { values, said } = surface(records);
    return matrixSpec({
      title: titled("Static superinstructions and replicas", said),
      values,
      x: { field: "superinstructions", title: "superinstructions", sort: ascending(values, "superinstructions") },
      y: { field: "replicas", title: "replicas", sort: ascending(values, "replicas").reverse() },
      measure: { field: "rate", title: RATE, format: ".1f" },
    });
  },
});
