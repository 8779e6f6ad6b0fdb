// Any measure by technique and front end, for claims and for users who name it.

import { ROW_KINDS } from "../../replay/statistics.ts";
import { MEASURES, type MeasureId } from "../../results/measures.ts";
import { defineChart } from "../drawing/chart.ts";
import { measureAverages, measureSpec } from "../drawing/measure-bars.ts";

export default defineChart({
  title: "By technique and front end",
  description: "A bar is the mean over programs, the best on top; what is published is drawn under the bars as a band or a dashed line.",
  needs: "the columns of a measure that is named: measure:of=cycles",
  of: "rows",
  place: 99,
  costs: true,
  onDemand: true,
  parameters: {
    of: {
      type: "choice",
      choices: Object.keys(MEASURES),
      default: "rate",
      description: "the measure",
    },
    kind: { type: "choice", choices: ROW_KINDS, default: "dispatch", description: "the class of branches that is counted" },
  },
  fits: (records, { of, kind }) => measureAverages(records, { measure: of as MeasureId, kind }).points.length > 0,
  spec: (records, { of, kind }) => measureSpec(records, { measure: of as MeasureId, kind }),
});
