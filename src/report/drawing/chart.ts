// What a chart is: a Vega-Lite specification made from records. A file of charts/ exports one, and its name is the chart's id.
import type { TopLevelSpec } from "vega-lite";
import type { Parameters, Values } from "../../parameters.ts";
import type { ResultKind } from "../../results/columns.ts";
import type { ResultRecord } from "../result-records.ts";

export interface Chart<P extends Parameters = Parameters> {
  readonly title: string;
  /** What it shows and how to read it, in a sentence or two. */
  readonly description: string;
  /** What must be there to draw it, for the message when it is not: "a front end with at least two sizes (…)". */
  readonly needs: string;
  /** Which kind of results it is made from. */
  readonly of: ResultKind;
  /** Where it stands among others on a page: the lowest first. */
  readonly place: number;
  /** Results that it fits were most likely made for it, as a sweep is: then it, and not the headline, stands beside a claim. */
  readonly special?: true;
  /** Drawn only where it is asked for by name. */
  readonly onDemand?: true;
  /** Whether it shows estimates of cycles: then what they assume tells runs apart. */
  readonly costs?: true;
  /** What may be said after its id (`heat-map:x=sets:y=ways`); default: nothing. */
  readonly parameters?: P;
  /** Whether there is something to draw. @throws UsageError for values of parameters that make no sense */
  readonly fits: (records: readonly ResultRecord[], values: Values<P>) => boolean;
  /** What to know of some of its marks, a sentence each, below the chart on pages. */
  readonly notes?: (records: readonly ResultRecord[]) => readonly string[];
  /**
   * Data stand at the top as `data.values`. Colours of text and paper are left to the theme. A `description` of its own says how to
   * read a form that the chart takes for some results.
   */
  readonly spec: (records: readonly ResultRecord[], values: Values<P>) => TopLevelSpec;
}

/** Gives a chart its type; returns it unchanged. */
export function defineChart<const P extends Parameters>(chart: Chart<P>): Chart<P> {
  return chart;
}
