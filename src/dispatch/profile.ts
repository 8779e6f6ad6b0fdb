// A profile of executed programs, by which techniques choose superinstructions and replicas. Opcodes are identified by name,
// because a profile of one program is used for another.

/** A straight run of instructions within one static basic block, and how often it executed. */
export interface ProfiledRun {
  readonly opcodes: readonly string[];
  readonly count: number;
}

export interface Profile {
  /** The programs that trained it, for outputs. */
  readonly programs: readonly string[];
  readonly runs: readonly ProfiledRun[];
}

export const NO_PROFILE: Profile = { programs: [], runs: [] };
