// sort-hash: sorts records by three algorithms and keeps them in hash tables with open addressing.
#include "lab.h"

#define MOST 4000
typedef struct { u32 key, value; } Record;

static Record records[MOST], sorted[MOST], scratch[MOST];

static int before(const Record *a, const Record *b) { return a->key < b->key || (a->key == b->key && a->value < b->value); }
static void swap(Record *a, Record *b) {
  Record kept = *a;
  *a = *b;
  *b = kept;
}

/** Median of three, short pieces by insertion. */
static void quicksort(Record *a, int n) {
  while (n > 12) {
    if (before(&a[n - 1], &a[0])) swap(&a[0], &a[n - 1]);
    if (before(&a[n / 2], &a[0])) swap(&a[0], &a[n / 2]);
    if (before(&a[n - 1], &a[n / 2])) swap(&a[n / 2], &a[n - 1]);
    Record pivot = a[n / 2];
    int i = -1, j = n;
    for (;;) {
      do i++; while (before(&a[i], &pivot));
      do j--; while (before(&pivot, &a[j]));
      if (i >= j) break;
      swap(&a[i], &a[j]);
    }
    quicksort(a + j + 1, n - j - 1);
    n = j + 1;
  }
  for (int i = 1; i < n; i++)
    for (int j = i; j > 0 && before(&a[j], &a[j - 1]); j--) swap(&a[j], &a[j - 1]);
}

static void sift(Record *a, int from, int n) {
  for (int child; (child = 2 * from + 1) < n; from = child) {
    if (child + 1 < n && before(&a[child], &a[child + 1])) child++;
    if (!before(&a[from], &a[child])) return;
    swap(&a[from], &a[child]);
  }
}
static void heapsort(Record *a, int n) {
  for (int i = n / 2 - 1; i >= 0; i--) sift(a, i, n);
  for (int i = n - 1; i > 0; i--) {
    swap(&a[0], &a[i]);
    sift(a, 0, i);
  }
}

static void mergesort(Record *a, int n) {
  if (n < 2) return;
  int half = n / 2;
  mergesort(a, half);
  mergesort(a + half, n - half);
  for (int i = 0; i < half; i++) scratch[i] = a[i];
  for (int i = 0, j = half, k = 0; i < half; k++) a[k] = j < n && before(&a[j], &scratch[i]) ? a[j++] : scratch[i++];
}

static u32 fnv(u32 key) {
  u32 hash = checksum(&key, 4);
  return hash ^ hash >> 15;
}
static u32 multiplied(u32 key) { return key * 2654435769u >> 7; }
static u32 low_bits(u32 key) { return key; }

typedef u32 Hash(u32);
static Hash *const hashes[] = { fnv, multiplied, low_bits };
static const char *const hash_names[] = { "probes, fnv", "probes, multiplied", "probes, low bits" };

#define SLOTS 8192
static u32 keys[SLOTS], counts[SLOTS], probes;

static void count(u32 key, Hash *hash, u32 mask) {
  u32 slot = hash(key) & mask;
  for (probes++; counts[slot] && keys[slot] != key; probes++) slot = (slot + 1) & mask;
  keys[slot] = key;
  counts[slot]++;
}

static void fill(int n, int kind) {
  for (int i = 0; i < n; i++) {
    u32 number = random_number();
    records[i].key = kind == 0 ? number >> 8 : kind == 1 ? number % 50 * 64 : (u32)i / 4 * 3 + number % 16;
    records[i].value = i;
  }
}

typedef void Sort(Record *, int);
static Sort *const sorts[] = { quicksort, heapsort, mergesort };

static void run(int full) {
  int n = full ? 3600 : 50;
  u32 mask = full ? 8191 : 127;
  for (int kind = 0; kind < 3; kind++) {
    fill(n, kind);
    for (int s = 0; s < 3; s++) {
      for (int i = 0; i < n; i++) sorted[i] = records[i];
      sorts[s](sorted, n);
      for (int i = 1; i < n; i++)
        if (!before(&sorted[i - 1], &sorted[i])) print("not sorted\n");
      report("sorted", checksum(sorted, n * sizeof *sorted));
    }
    for (int h = 0; h < 3; h++) {
      for (u32 i = 0; i <= mask; i++) counts[i] = 0;
      probes = 0;
      for (int i = 0; i < n; i++) count(records[i].key, hashes[h], mask);
      u32 different = 0;
      for (u32 i = 0; i <= mask; i++) different += counts[i] > 0;
      report("keys", different);
      report(hash_names[h], probes);
    }
  }
}
