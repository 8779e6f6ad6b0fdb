// Which native branches mispredict: one bar a branch, named by its address and the opcode whose code it belongs to.
import { defineChart } from "../chart.ts";
import { textIn } from "../records.ts";
import { missed, siteBars } from "../sites.ts";

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
