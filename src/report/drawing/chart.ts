// The contract of charts: a Vega-Lite specification made from records. A file of charts/ exports one, and its name is the chart's id.
import type { TopLevelSpec } from "vega-lite";
import type { Parameters, Values } from "../../parameters.ts";
import type { ResultKind } from "../../results/columns.ts";
import type { ResultRecord } from "../result-records.ts";

export interface Chart<P extends Parameters = Parameters> {
  readonly title: string;
  /** What it shows and how to read it, in a sentence or two. */
  readonly description: string;
  /** Its requirements, for the message if they are not met: "a front end with at least two sizes (…)". */
  readonly needs: string;
  /** Which kind of results it is made from. */
  readonly of: ResultKind;
  /** Its position among the charts of a page: the lowest first. */
  readonly place: number;
  /** Set if results that fit it were probably made for it, as a sweep's are: then it is shown with a claim instead of the main chart. */
  readonly special?: true;
  /** Drawn only if it is named. */
  readonly onDemand?: true;
  /** Set if it shows estimates of cycles: then runs with different costs are different runs. */
  readonly costs?: true;
  /** Parameters after its id (`heat-map:x=sets:y=ways`); default: none. */
  readonly parameters?: P;
  /** Whether there is something to draw. @throws UsageError for invalid values of parameters */
  readonly fits: (records: readonly ResultRecord[], values: Values<P>) => boolean;
  /**
   * Data are at the top as `data.values`. Colours of text and background come from the theme. A `description` in the specification
   * replaces the chart's for a special form.
   */
  readonly spec: (records: readonly ResultRecord[], values: Values<P>) => TopLevelSpec;
}

/** Gives a chart its type; returns it unchanged. */
export function defineChart<const P extends Parameters>(chart: Chart<P>): Chart<P> {
  return chart;
}
