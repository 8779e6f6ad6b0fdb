// What the lab's programs for WebAssembly have of the world: the size that they are asked for, and an output. They are linked
// without a library; of WASI preview 1 they import args_sizes_get, args_get and fd_write.
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))
WASI(args_sizes_get) int args_sizes_get(u32 *count, u32 *bytes);
WASI(args_get) int args_get(u8 **words, u8 *bytes);
WASI(fd_write) int fd_write(int fd, const void *pieces, int count, u32 *written);

static u8 output[1 << 14];
static u32 output_length;

static void print_char(u8 c) {
  if (output_length < sizeof output) output[output_length++] = c;
}
static void print(const char *text) {
  while (*text) print_char(*text++);
}
static void print_number(u32 n) {
  if (n > 9) print_number(n / 10);
  print_char('0' + n % 10);
}
static void print_hex(u32 n) {
  for (int shift = 28; shift >= 0; shift -= 4) print_char("0123456789abcdef"[n >> shift & 15]);
}
/** A line: what it is, and its number. */
static void report(const char *what, u32 n) {
  print(what);
  print_char(' ');
  print_number(n);
  print_char('\n');
}

/** Pseudo-random numbers, 32 bits (xorshift). */
static u32 random_state = 2463534242u;
static u32 random_number(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  return random_state ^= random_state << 5;
}
/** FNV-1a over bytes. */
static u32 checksum(const void *bytes, u32 length) {
  u32 hash = 2166136261u;
  for (u32 i = 0; i < length; i++) hash = (hash ^ ((const u8 *)bytes)[i]) * 16777619u;
  return hash;
}

static void run(int full);

/** The first word says the size, "test" or "full". */
void _start(void) {
  static u8 bytes[1024], *words[16];
  u32 count = 0, length = 0;
  args_sizes_get(&count, &length);
  if (count > 16 || length > sizeof bytes) __builtin_trap();
  args_get(words, bytes);
  run(count > 1 && words[1][0] == 'f');
  struct { u8 *bytes; u32 length; } piece = { output, output_length };
  u32 written;
  fd_write(1, &piece, 1, &written);
}
