// C that times a compiled interpreter: the thread's processor time, and the core cycles per nanosecond before and after, measured by
// chains of dependent additions, one cycle each, the quickest of several.

/** Argument that makes an interpreter time itself. */
export const TIMED = "time";

/** Before \`main\`. Defines \`timed\`, which runs \`interpret\` and prints one line to standard error. */
export const timingText = `
#include <time.h>
static uint64_t nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
#if defined __x86_64__
#define ADD4 "add %1, %0\\n\\tadd %1, %0\\n\\tadd %1, %0\\n\\tadd %1, %0\\n\\t"
#else
#define ADD4 "add %0, %0, %1\\n\\tadd %0, %0, %1\\n\\tadd %0, %0, %1\\n\\tadd %0, %0, %1\\n\\t"
#endif
static double cycles_per_nanosecond(void) {
  enum { ADDITIONS = 1 << 16, TRIES = 40 };
  uint64_t quickest = UINT64_MAX;
  for (int i = 0; i < TRIES; i++) {
    uint64_t sum = 0, one = 1, start = nanoseconds(CLOCK_MONOTONIC);
    for (int n = 0; n < ADDITIONS / 16; n++) __asm__ volatile(ADD4 ADD4 ADD4 ADD4 : "+r"(sum) : "r"(one));
    uint64_t took = nanoseconds(CLOCK_MONOTONIC) - start;
    if (took < quickest) quickest = took;
  }
  return (double)ADDITIONS / (double)quickest;
}
static void interpret(void);
static void timed(void) {
  double before = cycles_per_nanosecond();
  uint64_t start = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
  interpret();
  uint64_t end = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
  fprintf(stderr, "${TIMED} %llu %.6f %.6f\\n", (unsigned long long)(end - start), before, cycles_per_nanosecond());
}
`;
