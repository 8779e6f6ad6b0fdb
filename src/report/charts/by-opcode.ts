// Which virtual instructions mispredict: sites added up by the opcode whose code they belong to.
import { defineChart } from "../drawing/chart.ts";
import { missed, siteBars } from "../drawing/site-bars.ts";
import { textIn } from "../records.ts";

export default defineChart({
  title: "Mispredictions by opcode",
  description:
    "One bar an opcode, with the branches of its code and of the dispatch behind it; shared dispatch has a bar of its own. It adds up the sites that the results hold (--per-site=N).",
  needs: "sites that were mispredicted",
  of: "sites",
  place: 80,
  fits: (records) => missed(records).length > 0,
  spec: (records) => siteBars(records, "Mispredictions by opcode", "opcode", (record) => textIn(record, "owner")),
});
