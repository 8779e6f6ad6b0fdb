// Measures how the processor predicts branches, by the clock alone: no root, no counters. Written for `bplab calibrate`, which
// compiles it, reads what it prints, and makes figures of it.
//
// A point is a piece of code that is run in many short windows (tens of microseconds). Beside each stands a chain of dependent
// additions, one core cycle each, so that ticks of the clock become cycles whatever the frequency is. Lines of output:
//   fact <name> <value>
//   point <round> <curve> <x> <branches or pairs in a window> <additions in a chain> <ticks of window:ticks of chain>…
#if defined __linux__
#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>
#endif
#include <time.h>
#include "emit.h"

enum { SHORTEST_WINDOW_NS = 25000, WARM_WINDOWS = 8, WINDOWS = 60, BLOCKS = 48, FRESH = 2048, FEWEST_TICKS = 2000 };

static int current_round;
static double ticks_per_ns;
static uint64_t longEnough; // ticks of a window at least

static uint64_t seed = 88172645463325252u;
static uint32_t below(uint32_t n) {
  seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
  return (uint32_t)((seed >> 16) % n);
}

static uint64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#define ADD8 ADD ADD ADD ADD ADD ADD ADD ADD
/** Additions in a chain: 64 times this. */
static int links = 256;
/** Ticks of a chain of dependent additions. */
static __attribute__((noinline)) uint64_t chain(void) {
  uint64_t sum = 0, one = 1, start = ticks();
  for (int i = 0; i < links; i++) __asm__ volatile(ADD8 ADD8 ADD8 ADD8 ADD8 ADD8 ADD8 ADD8 : "+r"(sum) : "r"(one));
  return ticks() - start;
}

static inline uint64_t timed(kernel *run, uint64_t iterations, const void *data) {
  uint64_t start = ticks();
  run(iterations, data, data);
  return ticks() - start;
}

/**
 * Measures one point.
 * @param iterations of the code in a window; 0: as many as make it long enough
 * @param units      branches, or whatever is counted, in one iteration
 * @param refresh    writes new data before each window; NULL where they stay
 */
static void point(const char *curve, long x, kernel *run, uint64_t iterations, double units, const void *data, void (*refresh)(void)) {
  uint64_t windows[WINDOWS], chains[WINDOWS];
  if (iterations == 0)
    for (iterations = 1; timed(run, iterations, data) < longEnough && iterations < 1u << 20;) iterations *= 2;
  for (int i = -WARM_WINDOWS; i < WINDOWS; i++) {
    if (refresh) refresh();
    uint64_t window = timed(run, iterations, data);
    if (i >= 0) windows[i] = window, chains[i] = chain();
  }
  printf("point %d %s %ld %.0f %d", current_round, curve, x, units * (double)iterations, 64 * links);
  for (int i = 0; i < WINDOWS; i++) printf(" %llu:%llu", (unsigned long long)windows[i], (unsigned long long)chains[i]);
  printf("\n");
  fflush(stdout);
}

/** Targets in the order in which threaded code goes to them. */
static const void *sequence[1 << 16] __attribute__((aligned(4096)));
static uint8_t outcomes[1 << 14] __attribute__((aligned(4096)));
static const uint8_t *block[4096];
static uint32_t blockCount;

/** Blocks as bodies of interpreters stand: 12 to 60 bytes apart, and in no regular way. */
static uint32_t spread(uint32_t offset) { return offset + 24 + STEP * below(36 / STEP); }

/** Emits blocks that end with a dispatch each, and one, the last of `block`, that begins the sequence again. */
static kernel *threaded(uint32_t count, int early) {
  begin_code();
  kernel *run = (kernel *)(void *)at;
  if (early) read_early(), dispatch_early();
  else dispatch();
  uint32_t offset = 64;
  for (uint32_t i = 0; i < count; i++, offset = spread(offset)) {
    place(offset);
    block[i] = at;
    if (early) dispatch_early();
    else dispatch();
  }
  place(offset);
  block[count] = at;
  restart_data();
  count_down(code);
  leave();
  end_code();
  blockCount = count;
  return run;
}

/** Each goes to another target than the last time and any history tells nothing. */
static void fresh_targets(void) {
  uint32_t last[BLOCKS], from = 0;
  memset(last, 0xff, sizeof last);
  for (int i = 0; i < FRESH; i++) {
    uint32_t to = below(blockCount);
    if (to == last[from]) to = (to + 1) % blockCount;
    last[from] = to;
    sequence[i] = block[to];
    from = to;
  }
  sequence[FRESH] = sequence[FRESH + 1] = block[blockCount];
}
static void one_target(void) {
  for (int i = 0; i < FRESH; i++) sequence[i] = block[0];
  sequence[FRESH] = sequence[FRESH + 1] = block[blockCount];
}

/** Comes to each block once, over and over: every jump goes where it went last time. */
static void each_once(void) {
  for (uint32_t i = 0; i < FRESH; i++) sequence[i] = block[(i * 31 + 7) % BLOCKS];
  sequence[FRESH] = sequence[FRESH + 1] = block[blockCount];
}

static void indirect_penalty(void) {
  kernel *run = threaded(BLOCKS, 0);
  point("one-target", 1, run, 1, FRESH, sequence, one_target);
  point("each-once", BLOCKS, run, 1, FRESH, sequence, each_once);
  point("fresh-targets", BLOCKS, run, 1, FRESH, sequence, fresh_targets);
  run = threaded(BLOCKS, 1);
  point("one-target-early", 1, run, 1, FRESH, sequence, one_target);
  point("fresh-targets-early", BLOCKS, run, 1, FRESH, sequence, fresh_targets);
}

/** A loop of virtual instructions of some length: an order of blocks that comes again and again. */
static void loops_of_code(void) {
  static const long lengths[] = {48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288};
  kernel *run = threaded(BLOCKS, 0);
  for (size_t n = 0; n < sizeof lengths / sizeof *lengths; n++) {
    long length = lengths[n];
    uint32_t at_block = 0, last[BLOCKS + 1];
    long others = 0;
    for (long i = 0; i < length; i++) {
      // the shortest comes to each block once: every jump goes where it went last time
      uint32_t to = n == 0 ? (uint32_t)((i * 31 + 7) % BLOCKS) : below(BLOCKS);
      sequence[i] = block[to];
    }
    sequence[length] = block[BLOCKS];
    // where each jump went last time, in the steady state: the second time round
    memset(last, 0xff, sizeof last);
    for (int pass = 0; pass < 2; pass++) {
      others = 0;
      for (long i = 0; i < length; i++) {
        uint32_t to = 0;
        while (block[to] != sequence[i]) to++;
        others += last[at_block] != to;
        last[at_block] = to, at_block = to;
      }
      at_block = BLOCKS;
    }
    printf("fact loop-%ld-elsewhere %.6f\n", length, (double)others / (double)length);
    point("loop", length, run, 0, (double)length, sequence, NULL);
  }
}

/** One jump that goes to its targets in turn; each goes back. */
static void targets_of_one(void) {
  static const long counts[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048};
  for (size_t n = 0; n < sizeof counts / sizeof *counts; n++) {
    uint32_t targets = (uint32_t)counts[n];
    kernel *run = threaded(targets + 1, 0);
    for (uint32_t i = 0; i < targets; i++) sequence[2 * i] = block[0], sequence[2 * i + 1] = block[i + 1];
    sequence[2 * targets] = block[blockCount];
    point("targets", counts[n], run, 0, targets, sequence, NULL);
  }
}

static void fresh_outcomes(void) {
  for (int i = 0; i < FRESH; i++) outcomes[i] = (uint8_t)below(2);
}
static void all_taken(void) { memset(outcomes, 0, sizeof outcomes); }
static void none_taken(void) { memset(outcomes, 1, sizeof outcomes); }

static void conditional_penalty(void) {
  enum { UNROLLED = 16 };
  begin_code();
  kernel *run = (kernel *)(void *)at;
  for (uint32_t i = 0; i < UNROLLED; i++) {
    place(16 * i);
    branch_if_zero(code + 16 * (i + 1));
  }
  place(16 * UNROLLED);
  count_down(code);
  leave();
  end_code();
  point("outcomes-fresh", 1, run, FRESH / UNROLLED, UNROLLED, outcomes, fresh_outcomes);
  point("outcomes-taken", 1, run, FRESH / UNROLLED, UNROLLED, outcomes, all_taken);
  point("outcomes-not-taken", 1, run, FRESH / UNROLLED, UNROLLED, outcomes, none_taken);
}

/** How far back the predictor sees: a random jump, `distance` taken branches that are always the same, and a jump that depends on it. */
enum { CHOICES = 128 };
static const uint8_t *near[2], *far[2], *finish;
static int second; // what the second jump does: 0 always the same, 1 as the first, 2 at random
static void choices(void) {
  for (int i = 0; i < CHOICES; i++) {
    uint32_t choice = below(2), other = below(2);
    sequence[2 * i] = near[choice];
    sequence[2 * i + 1] = far[second == 0 ? 0 : second == 1 ? choice : other];
  }
  sequence[2 * CHOICES] = finish;
}

static void history_reach(void) {
  static const long distances[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128, 192};
  static const char *const names[2][3] = {{"reach-jumps-same", "reach-jumps-follows", "reach-jumps-fresh"},
                                          {"reach-conditionals-same", "reach-conditionals-follows", "reach-conditionals-fresh"}};
  for (int filler = 0; filler < 2; filler++)
    for (size_t n = 0; n < sizeof distances / sizeof *distances; n++) {
      begin_code();
      kernel *run = (kernel *)(void *)at;
      dispatch();
      const uint8_t *fillers = code + 2048;
      place(64), near[0] = at, jump(fillers);
      // the two targets differ in many bits of their addresses
      place(64 + 852), near[1] = at, jump(fillers);
      uint32_t offset = 2048;
      for (long i = 0; i < distances[n]; i++) {
        uint32_t to = spread(offset);
        place(offset);
        if (filler == 0) jump_known(code + to);
        else jump_taken(code + to);
        offset = to;
      }
      place(offset);
      dispatch();
      place(offset + 64), far[0] = at, jump(code);
      place(offset + 64 + 852), far[1] = at, jump(code);
      place(offset + 1024), finish = at;
      leave();
      end_code();
      for (second = 0; second < 3; second++) point(names[filler][second], distances[n], run, 1, CHOICES, sequence, choices);
    }
}

static const long branchCounts[] = {16, 32, 64, 128, 256, 384, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 5120, 6144, 7168,
                                    8192, 10240, 12288, 16384, 20480, 24576, 28672, 32768, 40960, 49152};

/** Many branches, one after the other, each `bytes` after the one before. */
static void buffer(const char *curve, uint32_t bytes, void (*emit)(const uint8_t *)) {
  for (size_t n = 0; n < sizeof branchCounts / sizeof *branchCounts; n++) {
    uint32_t count = (uint32_t)branchCounts[n];
    if ((count + 1) * bytes > CODE_BYTES / 4) break;
    begin_code();
    kernel *run = (kernel *)(void *)at;
    for (uint32_t i = 0; i < count; i++) {
      place(i * bytes);
      emit(code + (i + 1) * bytes);
    }
    place(count * bytes);
    count_down(code);
    leave();
    end_code();
    point(curve, count, run, 0, count, NULL, NULL);
  }
}

/** Functions that call each other, to some depth; each has its own place of return. */
static void return_stack(void) {
  for (long depth = 2; depth <= 80; depth += depth < 8 ? 2 : 1) {
    begin_code();
    kernel *run = (kernel *)(void *)at;
    uint32_t offset = 64;
    enter_caller();
    uint8_t *top = at;
    call(code + 64 + 48 * (uint32_t)(depth - 1));
    count_down(top);
    leave_caller();
    for (long i = 0; i < depth; i++, offset += 48) {
      place(offset);
      if (i > 0) {
        enter_caller();
        call(code + offset - 48);
        leave_caller();
      } else
        leave();
    }
    end_code();
    point("depth", depth, run, 0, 1, NULL, NULL);
  }
}

/** Bodies that are called, and the same in a row. */
static void calls(void) {
  enum { CALLED = 32 };
  for (int called = 0; called < 2; called++) {
    begin_code();
    kernel *run = (kernel *)(void *)at;
    enter_caller();
    uint8_t *top = at;
    for (uint32_t i = 0; i < CALLED; i++) {
      if (called) call(code + 1024 + 48 * i);
      else body();
    }
    count_down(top);
    leave_caller();
    for (uint32_t i = 0; i < CALLED; i++) {
      place(1024 + 48 * i);
      body();
      leave();
    }
    end_code();
    point(called ? "bodies-called" : "bodies-inline", 1, run, 0, CALLED, NULL, NULL);
  }
}

#if defined __linux__
static cpu_set_t allowed; // processors that this program may run on
static void run_on(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) {
    fprintf(stderr, "cannot run on processor %d\n", cpu);
    exit(2);
  }
  printf("fact cpu %d\n", cpu);
}
#endif

/** Binds a round to a processor. @param cpu its number; "all": the allowed processors in turn; NULL: the one that it starts on */
static void bind_round(const char *cpu) {
#if defined __linux__
  int all = cpu && strcmp(cpu, "all") == 0;
  if (current_round == 0) {
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) CPU_ZERO(&allowed);
#if defined _SC_LEVEL1_ICACHE_SIZE
    printf("fact l1-instruction-cache-bytes %ld\n", sysconf(_SC_LEVEL1_ICACHE_SIZE));
#endif
    int on = cpu && !all ? atoi(cpu) : sched_getcpu();
    if (on >= 0) run_on(on);
    printf("fact processors-in-turn %d\n", all && CPU_COUNT(&allowed) > 1 ? CPU_COUNT(&allowed) : 1);
  } else if (all && CPU_COUNT(&allowed) > 1) {
    int on = sched_getcpu();
    do on = (on + 1) % CPU_SETSIZE;
    while (!CPU_ISSET(on, &allowed));
    run_on(on);
  }
#else
  (void)cpu;
#endif
}

/** Ticks a nanosecond, over 20 ms. */
static double clock_rate(void) {
  uint64_t start = nanoseconds(), from = ticks();
  while (nanoseconds() - start < 20000000u) {}
  uint64_t to = ticks();
  return (double)(to - from) / (double)(nanoseconds() - start);
}

/** @param argv rounds, seconds after which no other round begins, and the processor to run on (bind_round) */
int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 1;
  uint64_t limit = nanoseconds() + (argc > 2 ? strtoull(argv[2], NULL, 10) : 60) * 1000000000u;
  bind_round(argc > 3 ? argv[3] : NULL);
  open_code();
  ticks_per_ns = clock_rate();
  longEnough = (uint64_t)(SHORTEST_WINDOW_NS * ticks_per_ns);
  // a slow clock (24 MHz in Apple's processors) needs longer windows; under 0.2 ms at that rate
  if (longEnough < FEWEST_TICKS) longEnough = FEWEST_TICKS;
  while (chain() < FEWEST_TICKS && links < 1 << 14) links *= 2;
  for (current_round = 0; current_round < rounds && (current_round == 0 || nanoseconds() < limit); current_round++) {
    if (current_round > 0) bind_round(argc > 3 ? argv[3] : NULL);
    printf("fact ticks-per-ns %.9f\n", clock_rate());
    indirect_penalty();
    conditional_penalty();
    loops_of_code();
    targets_of_one();
    history_reach();
    buffer("jumps-16", 16, jump);
    buffer("jumps-32", 32, jump);
    buffer("jumps-64", 64, jump);
    buffer("indirect-16", 16, jump_known);
    buffer("indirect-32", 32, jump_known);
    return_stack();
    calls();
  }
  printf("end\n");
  return 0;
}
