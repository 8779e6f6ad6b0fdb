// The clock of a program, the same in every run. It advances with every reading, so that programs that wait for it do not wait for
// ever, and by the time that they sleep.

/** Advance per reading. */
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
