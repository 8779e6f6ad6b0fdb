// compress: packs text by matches in a window and adaptive arithmetic coding of bits, unpacks it and compares.
#include "lab.h"

#define MOST 65536
static u8 text[MOST], packed[MOST + 1024], unpacked[MOST];

// Bits are coded by how likely a 0 is, in 4096ths, which each context learns; encoding and decoding learn the same.
typedef unsigned short Likely;
static Likely is_match, literals[32][256], lengths[256], distances[8][256];

static u64 low;
static u32 range, code, pending, packed_length, read_at;
static u8 held;

static void shift_low(void) {
  if ((u32)low < 0xff000000u || low >> 32) {
    u8 carry = low >> 32;
    for (; pending > 0; pending--) {
      packed[packed_length++] = held + carry;
      held = 255;
    }
    held = low >> 24;
  }
  pending++;
  low = (u32)low << 8;
}
static void learn(Likely *likely, int bit) { *likely += bit ? -(*likely >> 5) : (4096 - *likely) >> 5; }

static int encoding;
/** Codes a bit, or finds out which one was coded. */
static int code_bit(Likely *likely, int bit) {
  u32 zero = (range >> 12) * *likely;
  if (!encoding) bit = code >= zero;
  learn(likely, bit);
  if (bit) {
    low += zero;
    code -= zero;
    range -= zero;
  } else range = zero;
  while (range < 1u << 24) {
    range <<= 8;
    if (encoding) shift_low();
    else code = code << 8 | packed[read_at++];
  }
  return bit;
}
/** Codes a byte, its highest bit first, each in the context of those before it. */
static u8 code_byte(Likely contexts[256], u8 byte) {
  u32 node = 1;
  for (int i = 7; i >= 0; i--) node = node << 1 | code_bit(&contexts[node], byte >> i & 1);
  return node;
}

static void start(int encode) {
  encoding = encode;
  low = 0;
  range = 0xffffffffu;
  pending = 1;
  held = 0;
  read_at = code = 0;
  is_match = 2048;
  for (int i = 0; i < 256; i++) {
    lengths[i] = 2048;
    for (int j = 0; j < 32; j++) literals[j][i] = 2048;
    for (int j = 0; j < 8; j++) distances[j][i] = 2048;
  }
  if (encode) packed_length = 0;
  else for (int i = 0; i < 5; i++) code = code << 8 | packed[read_at++];
}

// Where the same three bytes were before, and before that.
static int heads[4096], before[MOST];
static u32 hash_at(int at) { return ((u32)text[at] << 16 | text[at + 1] << 8 | text[at + 2]) * 2654435761u >> 20; }

/** The longest match of what comes next, among the last eight with its hash. */
static int longest(int at, int length, int *from) {
  int best = 0;
  if (at + 3 > length) return 0;
  for (int other = heads[hash_at(at)], tries = 8; other >= 0 && tries > 0; other = before[other], tries--) {
    int n = 0;
    while (n < 255 && at + n < length && text[other + n] == text[at + n]) n++;
    if (n > best) {
      best = n;
      *from = other;
    }
  }
  return best >= 4 ? best : 0;
}

static void compress(int length) {
  for (int i = 0; i < 4096; i++) heads[i] = -1;
  start(1);
  for (int at = 0; at < length;) {
    int from = 0, n = longest(at, length, &from);
    code_bit(&is_match, n > 0);
    if (n > 0) {
      code_byte(lengths, n);
      code_byte(distances[0], (at - from) >> 8);
      code_byte(distances[1 + (n > 6 ? 6 : n)], at - from);
    } else {
      code_byte(literals[at > 0 ? text[at - 1] & 31 : 0], text[at]);
      n = 1;
    }
    for (; n > 0; n--, at++) {
      if (at + 3 > length) continue;
      before[at] = heads[hash_at(at)];
      heads[hash_at(at)] = at;
    }
  }
  for (int i = 0; i < 5; i++) shift_low();
}
static void decompress(int length) {
  start(0);
  for (int at = 0; at < length;) {
    if (code_bit(&is_match, 0)) {
      int n = code_byte(lengths, 0);
      int distance = code_byte(distances[0], 0) << 8;
      distance |= code_byte(distances[1 + (n > 6 ? 6 : n)], 0);
      for (; n > 0; n--, at++) unpacked[at] = unpacked[at - distance];
    } else {
      unpacked[at] = code_byte(literals[at > 0 ? unpacked[at - 1] & 31 : 0], 0);
      at++;
    }
  }
}

/** Sentences of words, of which some are frequent and some are numbers. */
static void generate(int length) {
  static const char *const words[] = { "the ", "interpreter ", "branch ", "of ", "a ", "predicts ", "target ", "every ", "and ", "dispatch.\n" };
  for (int at = 0; at < length;) {
    u32 n = random_number() % 14;
    if (n > 10) text[at++] = "0123456789abcdef"[random_number() & 15];
    else for (const char *c = words[n % 10 * (n + 1) % 10]; *c && at < length; c++) text[at++] = *c;
  }
}

static void run(int full) {
  for (int round = 0; round < (full ? 2 : 1); round++) {
    int length = full ? 20000 : 250, different = 0;
    generate(length);
    compress(length);
    decompress(length);
    for (int i = 0; i < length; i++) different += text[i] != unpacked[i];
    report("bytes", length);
    report("packed", packed_length);
    report("checksum", checksum(packed, packed_length));
    report("differences", different);
  }
}
