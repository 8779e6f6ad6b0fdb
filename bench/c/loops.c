// The bare loops of bench/bare in C, over the same stream: loops NAME STREAM ROUNDS. The stream is four arrays of as many 32-bit
// numbers, one behind the other: addresses, targets, outcomes, sites. Prints the fastest round's seconds without and with
// counts for every site, and the mispredictions.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int32_t *pcs, *targets, *takens, *sites, *counts;
static size_t count;
static int64_t missed;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

// 65536 two-bit counters, 16 bits of history
static int8_t counters[65536];
static uint32_t history;

static inline int gshare(size_t i) {
  int taken = takens[i];
  int8_t *counter = &counters[((uint32_t)pcs[i] ^ history) & 0xffff];
  int miss = (*counter >> 1) != taken;
  if (taken) *counter += *counter < 3;
  else *counter -= *counter > 0;
  history = ((history << 1) | taken) & 0xffff;
  return miss;
}

// 512 sets of 4 ways, in LRU order
static int32_t tags[2048], lastTargets[2048];

static inline int btb(size_t i) {
  uint32_t pc = pcs[i];
  int32_t target = targets[i], tag = pc >> 9;
  size_t first = (pc & 511) << 2, way = first;
  while (way < first + 3 && tags[way] != tag) way++;
  int miss = tags[way] != tag || lastTargets[way] != target;
  for (; way > first; way--) {
    tags[way] = tags[way - 1];
    lastTargets[way] = lastTargets[way - 1];
  }
  tags[first] = tag;
  lastTargets[first] = target;
  return miss;
}

static void reset(void) {
  missed = 0;
  history = 0;
  memset(counters, 1, sizeof counters);
  memset(tags, 0, sizeof tags);
  memset(lastTargets, -1, sizeof lastTargets);
}

#define LOOP(name, step, statistics)                       \
  static void name(void) {                                 \
    for (size_t i = 0; i < count; i++) {                   \
      int miss = step(i);                                  \
      if (statistics) counts[2 * sites[i] + miss]++;       \
      missed += miss;                                      \
    }                                                      \
  }
LOOP(gsharePlain, gshare, 0)
LOOP(gshareStatistics, gshare, 1)
LOOP(btbPlain, btb, 0)
LOOP(btbStatistics, btb, 1)

static double fastest(void (*loop)(void), int rounds) {
  double best = 1e9;
  while (rounds-- > 0) {
    reset();
    double start = now();
    loop();
    double seconds = now() - start;
    if (seconds < best) best = seconds;
  }
  return best;
}

int main(int argc, char **argv) {
  FILE *file = argc == 4 ? fopen(argv[2], "rb") : NULL;
  if (file == NULL) return 2;
  fseek(file, 0, SEEK_END);
  count = ftell(file) / 16;
  rewind(file);
  int32_t *all = malloc(count * 16);
  if (all == NULL || fread(all, 16, count, file) != count) return 2;
  pcs = all, targets = all + count, takens = all + 2 * count, sites = all + 3 * count;
  int32_t most = 0;
  for (size_t i = 0; i < count; i++) most = sites[i] > most ? sites[i] : most;
  counts = calloc(2 * ((size_t)most + 1), sizeof *counts);
  int rounds = atoi(argv[3]), isBtb = strcmp(argv[1], "btb") == 0;
  double plain = fastest(isBtb ? btbPlain : gsharePlain, rounds);
  double statistics = fastest(isBtb ? btbStatistics : gshareStatistics, rounds);
  printf("%.6f %.6f %lld\n", plain, statistics, (long long)missed);
  return 0;
}
