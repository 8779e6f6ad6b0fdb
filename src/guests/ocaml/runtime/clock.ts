// The clock of a program: the same in every run. It moves when it is looked at, so that programs that wait for it do not wait
// for ever, and by as much as they sleep.

/** What a look at the clock takes. */
const TICK_MICROSECONDS = 1;
const MICROSECONDS = 1e6;

/** When every run begins, in seconds since 1970: 2000-01-01 00:00:00 UTC. */
export const START_SECONDS = 946_684_800;

export interface Clock {
  /** Seconds since the run began, this look included. */
  look(): number;
  sleep(seconds: number): void;
}

export function createClock(): Clock {
  let microseconds = 0;
  return {
    look() {
      microseconds += TICK_MICROSECONDS;
      return microseconds / MICROSECONDS;
    },
    sleep(seconds) {
      microseconds += Math.round(Math.max(0, seconds) * MICROSECONDS);
    },
  };
}
