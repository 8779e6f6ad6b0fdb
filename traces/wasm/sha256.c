// sha256: hashes messages by SHA-256 and finds one whose hash begins with zero bits.
#include "lab.h"

static const u32 K[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
  0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
  0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
  0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
  0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
  0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static u32 state[8];
static u8 block[64];
static u32 in_block;
static u64 total_bytes;

static u32 rotate(u32 x, int n) { return x >> n | x << (32 - n); }

static void compress(void) {
  u32 w[64], v[8];
  for (int i = 0; i < 16; i++) w[i] = block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    u32 s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
    u32 s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  for (int i = 0; i < 8; i++) v[i] = state[i];
  for (int i = 0; i < 64; i++) {
    u32 e = v[4], a = v[0];
    u32 t1 = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + K[i] + w[i];
    u32 t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
    for (int j = 7; j > 0; j--) v[j] = v[j - 1];
    v[4] += t1;
    v[0] = t1 + t2;
  }
  for (int i = 0; i < 8; i++) state[i] += v[i];
}

static void start(void) {
  static const u32 first[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
  for (int i = 0; i < 8; i++) state[i] = first[i];
  in_block = 0;
  total_bytes = 0;
}
static void add_byte(u8 byte) {
  block[in_block++] = byte;
  total_bytes++;
  if (in_block == 64) {
    compress();
    in_block = 0;
  }
}
static void finish(void) {
  u64 bits = total_bytes * 8;
  add_byte(0x80);
  while (in_block != 56) add_byte(0);
  for (int shift = 56; shift >= 0; shift -= 8) add_byte(bits >> shift);
}

static void print_hash(const char *what) {
  print(what);
  print_char(' ');
  for (int i = 0; i < 8; i++) print_hex(state[i]);
  print_char('\n');
}
static void hash_text(const char *text) {
  start();
  for (const char *c = text; *c; c++) add_byte(*c);
  finish();
}

static void run(int full) {
  hash_text("abc");
  print_hash("abc");
  start();
  for (int i = full ? 50000 : 500; i > 0; i--) add_byte('a');
  finish();
  print_hash(full ? "50000 times a" : "500 times a");
  u32 zeros = full ? 10 : 4, nonce = 0;
  do {
    start();
    for (int i = 0; i < 4; i++) add_byte(++nonce >> 8 * i);
    nonce -= 3;
    finish();
  } while (state[0] >> (32 - zeros));
  report("nonce", nonce);
  print_hash("its hash");
}
