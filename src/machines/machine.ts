// A real processor's front end as data: what is published of each of its parts, how sure that is, and which models stand
// for it here.

/** How a figure came to us: read in its primary source, in a secondary one, or remembered; or nothing is published. */
export type Confidence = "primary" | "secondary" | "memory" | "unpublished";

/** One part of a front end. */
export interface Part {
  /** What is published of it, in a few words, with units. */
  readonly published: string;
  readonly confidence: Confidence;
  /** How the model that stands for it differs from that; undefined where it does what is published. */
  readonly approximation?: string;
}

export interface Machine {
  /** What users type: "haswell". */
  readonly id: string;
  /** "Intel Haswell". */
  readonly title: string;
  /** First sold; undefined for simulators and tools. */
  readonly year: number | undefined;
  /** The list of predictors that stands for it, complete: "ittage+tage+btb:holds=taken+return-stack". */
  readonly frontEnd: string;
  /** Cycles lost by one misprediction; undefined where nothing is known, which leaves it to the user. */
  readonly penaltyCycles: number | undefined;
  /** Cycles that every indirect jump and call stalls for, on a machine that predicts none. */
  readonly indirectStallCycles?: number;
  readonly parts: {
    /** Branch target buffer: where taken branches go. */
    readonly buffer: Part;
    /** Indirect jumps and calls. */
    readonly indirect: Part;
    readonly returns: Part;
    /** Directions of conditionals. */
    readonly direction: Part;
    readonly penalty: Part;
  };
  /** Where the figures stand. */
  readonly source: string;
}
