// Which native branches mispredict: one bar a branch, named by its address and the opcode whose code it belongs to.
import { defineChart } from "../drawing/chart.ts";
import { missed, siteBars } from "../drawing/site-bars.ts";
import { textIn } from "../records.ts";

export default defineChart({
  title: "Mispredictions by branch site",
  description: "One bar a native branch: its address in the modelled code, and whose code that is.",
  needs: "sites that were mispredicted",
  of: "sites",
  place: 90,
  fits: (records) => missed(records).length > 0,
  spec: (records) =>
    siteBars(records, "Mispredictions by branch site", "branch site", (record) => `${textIn(record, "owner")} ${textIn(record, "site")}`),
});
