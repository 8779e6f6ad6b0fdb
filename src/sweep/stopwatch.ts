// Measures time, only for remaining times and estimates. No result depends on it, and nothing else here reads a clock.

/** Returns a function that gives the seconds of real time since this call. */
export function createStopwatch(): () => number {
  const start = process.uptime();
  return () => process.uptime() - start;
}

/** Seconds of processor time that all threads took since the process began. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** "40 s", "12 min", "3.5 h": rounded as an estimate should be. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Number((seconds / 3600).toPrecision(2))} h`;
  return `${Number((seconds / 86_400).toPrecision(2))} days`;
}
