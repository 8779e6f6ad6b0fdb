// The context problem (Zaleski): the entropy of a dispatch's target without context, given the branch, and given the virtual address.
// A last-target predictor has the second; the third is what a perfect context would give.
import { type Averages, averaged, runOf } from "../drawing/averages.ts";
import { defineChart } from "../drawing/chart.ts";
import { colourOf, type Datum, dispatches, lowestFirst, SCHEMA, titled } from "../drawing/drawing.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

const TITLE = "How uncertain a dispatch's target is";
const KNOWN = [
  ["target_entropy_bits", "nothing"],
  ["target_entropy_given_site_bits", "the branch's address"],
  ["target_entropy_given_virtual_address_bits", "the virtual address"],
] as const;

/** One point per technique and context; the same under every front end. */
function averagesOf(records: readonly ResultRecord[]): Averages {
  const once = [
    ...new Map(
      dispatches(records)
        .toReversed()
        .map((record) => [JSON.stringify([record.technique, ...Object.values(runOf(record))]), record]),
    ).values(),
  ].reverse();
  const points = once.flatMap((record) =>
    KNOWN.flatMap(([column, known]): Datum[] => {
      const bits = numberIn(record, column);
      return bits === undefined ? [] : [{ ...runOf(record), technique: textIn(record, "technique"), known, bits }];
    }),
  );
  return averaged(points, ["technique", "known"], ["bits"]);
}

export default defineChart({
  title: TITLE,
  description:
    "Shannon entropy of the target in bits, by what is known: with a shared branch its address says nothing, with one in every body " +
    "it says which instruction dispatches, with one for every instance almost all. The call of a body and the return " +
    "from it (subroutine and context threading) have one virtual address, which alone leaves up to one bit.",
  needs: "results with contexts (simulate --contexts, as a library, or --report)",
  of: "rows",
  place: 75,
  fits: (records) => averagesOf(records).points.length > 0,
  spec(records) {
    const { points, said } = averagesOf(records);
    const values = points.map(({ least: _, most: __, ...point }) => point);
    const given = values.filter(({ known }) => known === KNOWN[1][1]);
    const known = KNOWN.map(([, name]) => name);
    return {
      $schema: SCHEMA,
      title: titled(TITLE, said),
      width: 420,
      height: { step: new Set(values.map(({ technique }) => technique)).size > 12 ? 10 : 14 },
      data: { values },
      mark: { type: "bar", tooltip: true },
      encoding: {
        y: { field: "technique", type: "nominal", title: "technique", sort: lowestFirst(given, "technique", "bits") },
        yOffset: { field: "known", sort: known },
        x: { field: "bits", type: "quantitative", title: "entropy of the target (bits)" },
        color: colourOf("known", "what is known", known),
      },
    };
  },
});
