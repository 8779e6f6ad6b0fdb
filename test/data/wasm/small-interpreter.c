// A small interpreter of WebAssembly for tests: own code, but laid out as WAMR's classic interpreter documents its own. One function
// with a table of 256 bodies by byte, an opcode for calls from C (0xcf), other bytes where operands are 64 bits wide, where locals are
// far away in the frame and where blocks have a type, and a switch after the prefix 0xfc. Values carry their width while the program
// runs, so that nothing here is derived as the guest derives it. It executes one function without parameters that is exported, of
// modules that keep to the instructions below, with no more than one local declaration and one memory.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct { uint64_t bits; int wide; } value;
typedef struct { const uint8_t *at; value *base; int loop, arity; } label;
typedef struct { const uint8_t *code; int parameters, results; } function;

static uint8_t file[1 << 16], memory[1 << 16];
static struct { int parameters, results; } types[16];
static function functions[16];
static value globals[16], stack[4096];
static label labels[1024];
static int start;

static uint64_t number(const uint8_t **at, int is_signed) {
  uint64_t result = 0;
  int shift = 0;
  uint8_t byte;
  do {
    byte = *(*at)++;
    result |= (uint64_t)(byte & 0x7f) << shift;
    shift += 7;
  } while (byte & 0x80);
  if (is_signed && (byte & 0x40) && shift < 64) result |= ~0ull << shift;
  return result;
}

static void skip(uint8_t opcode, const uint8_t **at) {
  switch (opcode) {
  case 0x0e:
    for (uint64_t left = number(at, 0) + 1; left > 0; left--) number(at, 0);
    break;
  case 0x44: *at += 8; break;
  case 0xfc:
    opcode = number(at, 0);
    if (opcode == 10) *at += 2;
    if (opcode == 11) *at += 1;
    break;
  case 0x02: case 0x03: case 0x04: case 0x0c: case 0x0d: case 0x10: case 0x20: case 0x21: case 0x22: case 0x23: case 0x24: case 0x41: case 0x42:
    number(at, 1);
  }
}

// Where the block ends that an instruction is in: at its end, or at its else.
static const uint8_t *block_end(const uint8_t *at, int stop_at_else) {
  for (int depth = 0;;) {
    uint8_t opcode = *at++;
    if (opcode == 0x0b && depth-- == 0) return at - 1;
    if (opcode == 0x05 && depth == 0 && stop_at_else) return at;
    if (opcode >= 0x02 && opcode <= 0x04) depth++;
    skip(opcode, &at);
  }
}

static int block_results(const uint8_t *at, int *parameters) {
  int64_t type = (int64_t)number(&at, 1);
  *parameters = type >= 0 ? types[type].parameters : 0;
  return type >= 0 ? types[type].results : type == -64 ? 0 : 1;
}

// Bodies by width, by distance and by block type.
static unsigned body_of(unsigned opcode, const uint8_t *at, const value *top, const value *locals) {
  if (opcode == 0x1a) return top[-1].wide ? 0xc5 : opcode;
  if (opcode == 0x1b) return top[-2].wide ? 0xc6 : opcode;
  if (opcode >= 0x02 && opcode <= 0x04) return *at & 0x40 ? opcode : opcode + 0xd5;
  if (opcode == 0x23) return globals[*at].wide ? 0x1d : opcode;
  if (opcode == 0x24) return globals[*at].wide ? 0x1e : opcode;
  if (opcode < 0x20 || opcode > 0x22) return opcode;
  int words = 0;
  for (uint64_t i = 0, local = number(&at, 0); i < local; i++) words += locals[i].wide ? 2 : 1;
  return words >= 128 ? opcode : opcode == 0x20 ? 0xc7 : opcode + 0xa8;
}

typedef struct { const uint8_t *at; value *locals; int labels, results; } frame;
static frame frames[256];

__attribute__((noinline)) static void wasm_interp_call_func_bytecode(void) {
#define B(name) &&body_##name
  static const void *const handle_table[256] = {
    [0 ... 255] = B(wrong), [0x01] = B(nop), [0x02] = B(block), [0x03] = B(loop), [0x04] = B(if), [0x05] = B(else), [0x0b] = B(end),
    [0x0c] = B(br), [0x0d] = B(br_if), [0x0e] = B(br_table), [0x0f] = B(return), [0x10] = B(call), [0x1a] = B(drop), [0x1b] = B(select),
    [0x1d] = B(global_get_64), [0x1e] = B(global_set_64), [0x20] = B(get_far), [0x21] = B(set_far), [0x22] = B(tee_far),
    [0x23] = B(global_get), [0x24] = B(global_set), [0x41] = B(i32_const), [0x42] = B(i64_const), [0x44] = B(f64_const),
    [0x45] = B(i32_eqz), [0x49] = B(i32_lt_u), [0x6a] = B(i32_add), [0x71] = B(i32_and), [0x7c] = B(i64_add), [0x85] = B(i64_xor),
    [0xa0] = B(f64_add), [0xa7] = B(wrap), [0xad] = B(extend), [0xc5] = B(drop_64), [0xc6] = B(select_64), [0xc7] = B(get), [0xc9] = B(set),
    [0xca] = B(tee), [0xcf] = B(entry), [0xd7] = B(block_typed), [0xd8] = B(loop_typed), [0xd9] = B(if_typed), [0xfc] = B(prefix),
  };
  const uint8_t *at = 0;
  value *top = stack, *locals = stack;
  int label_count = 0, frame_count = 0, called = 0, results = 0, parameters = 0, taken = 0;
  double number_of_top;
#define NEXT do { unsigned opcode = *at++; goto *handle_table[body_of(opcode, at, top, locals)]; } while (0)
#define PUSH(b, w) do { top->bits = (b); top->wide = (w); top++; } while (0)
#define OPEN(l, a, n, p) do { labels[label_count++] = (label){(l), top - (p), (a), (n)}; } while (0)
#define BINARY(expression, w) do { uint64_t b = (--top)->bits, a = (--top)->bits; PUSH((expression), w); NEXT; } while (0)
  goto *handle_table[0xcf];
body_wrong: fprintf(stderr, "no such opcode: %02x\n", at[-1]); return;
body_entry: called = start; goto enter;
body_call: called = number(&at, 0);
enter:
  frames[frame_count++] = (frame){at, locals, label_count, results};
  locals = top - functions[called].parameters;
  at = functions[called].code;
  results = functions[called].results;
  for (uint64_t groups = number(&at, 0); groups > 0; groups--) {
    uint64_t count = number(&at, 0);
    uint8_t type = *at++;
    while (count-- > 0) PUSH(0, type == 0x7e || type == 0x7c);
  }
  OPEN(block_end(at, 0), 0, results, 0);
  NEXT;
body_nop: NEXT;
body_block: body_block_typed: {
  int arity = block_results(at, &parameters);
  number(&at, 1);
  OPEN(block_end(at, 0), 0, arity, parameters);
  NEXT;
}
body_loop: body_loop_typed: {
  block_results(at, &parameters);
  number(&at, 1);
  OPEN(at, 1, parameters, parameters);
  NEXT;
}
body_if: body_if_typed: {
  int arity = block_results(at, &parameters);
  number(&at, 1);
  taken = (--top)->bits != 0;
  const uint8_t *end = block_end(at, 0), *other = block_end(at, 1);
  if (taken || other != end) OPEN(end, 0, arity, parameters);
  if (!taken) at = other == end ? end + 1 : other;
  NEXT;
}
body_else: at = labels[label_count - 1].at; NEXT;
body_end:
  label_count--;
  if (label_count > frames[frame_count - 1].labels) NEXT;
finish: {
  value *from = top - results;
  memmove(locals, from, results * sizeof(value));
  top = locals + results;
  frame_count--;
  at = frames[frame_count].at;
  locals = frames[frame_count].locals;
  label_count = frames[frame_count].labels;
  results = frames[frame_count].results;
  if (frame_count == 0) return;
  NEXT;
}
body_return: goto finish;
body_br: {
  taken = number(&at, 0);
branch:;
  label *to = &labels[label_count - 1 - taken];
  memmove(to->base, top - to->arity, to->arity * sizeof(value));
  top = to->base + to->arity;
  label_count -= taken;
  at = to->at;
  NEXT;
}
body_br_if:
  taken = number(&at, 0);
  if ((--top)->bits != 0) goto branch;
  NEXT;
body_br_table: {
  uint64_t count = number(&at, 0), index = (--top)->bits;
  for (uint64_t left = index < count ? index : count; left > 0; left--) number(&at, 0);
  taken = number(&at, 0);
  goto branch;
}
body_drop: body_drop_64: top--; NEXT;
body_select: top -= 2; if (top[1].bits == 0) top[-1].bits = top[0].bits; NEXT;
body_select_64: top -= 2; if (top[1].bits == 0) top[-1] = top[0]; NEXT;
body_get: PUSH(locals[*at].bits, locals[*at].wide); at++; NEXT;
body_set: locals[*at++] = *--top; NEXT;
body_tee: locals[*at++] = top[-1]; NEXT;
body_get_far: { uint64_t local = number(&at, 0); *top++ = locals[local]; NEXT; }
body_set_far: { uint64_t local = number(&at, 0); locals[local] = *--top; NEXT; }
body_tee_far: { uint64_t local = number(&at, 0); locals[local] = top[-1]; NEXT; }
body_global_get: PUSH(globals[*at++].bits, 0); NEXT;
body_global_get_64: PUSH(globals[*at++].bits, 1); NEXT;
body_global_set: globals[*at++].bits = (uint32_t)(--top)->bits; NEXT;
body_global_set_64: globals[*at++] = *--top; NEXT;
body_i32_const: { uint32_t constant = number(&at, 1); PUSH(constant, 0); NEXT; }
body_i64_const: { uint64_t constant = number(&at, 1); PUSH(constant, 1); NEXT; }
body_f64_const: memcpy(&top->bits, at, 8); top++->wide = 1; at += 8; NEXT;
body_i32_eqz: top[-1].bits = top[-1].bits == 0; NEXT;
body_i32_lt_u: BINARY((uint32_t)a < (uint32_t)b, 0);
body_i32_add: BINARY((uint32_t)(a + b), 0);
body_i32_and: BINARY(a & b, 0);
body_i64_add: BINARY(a + b, 1);
body_i64_xor: BINARY(a ^ b, 1);
body_f64_add: {
  double b;
  memcpy(&b, &(--top)->bits, 8);
  memcpy(&number_of_top, &top[-1].bits, 8);
  number_of_top += b;
  memcpy(&top[-1].bits, &number_of_top, 8);
  NEXT;
}
body_wrap: top[-1] = (value){(uint32_t)top[-1].bits, 0}; NEXT;
body_extend: top[-1].wide = 1; NEXT;
body_prefix:
  switch (number(&at, 0)) {
  case 0: case 1: case 4: case 5: return;
  case 2: memcpy(&number_of_top, &top[-1].bits, 8); top[-1] = (value){(uint32_t)(int32_t)number_of_top, 0}; NEXT;
  case 3: memcpy(&number_of_top, &top[-1].bits, 8); top[-1] = (value){(uint32_t)number_of_top, 0}; NEXT;
  case 6: memcpy(&number_of_top, &top[-1].bits, 8); top[-1] = (value){(uint64_t)(int64_t)number_of_top, 1}; NEXT;
  case 7: memcpy(&number_of_top, &top[-1].bits, 8); top[-1] = (value){(uint64_t)number_of_top, 1}; NEXT;
  case 10: top -= 3; memmove(memory + top[0].bits, memory + top[1].bits, top[2].bits); at += 2; NEXT;
  case 11: top -= 3; memset(memory + top[0].bits, (int)top[1].bits, top[2].bits); at += 1; NEXT;
  default: return;
  }
}

static void read_module(const uint8_t *at, const uint8_t *end) {
  int declared[16], function_count = 0, global_count = 0, type_count = 0;
  for (at += 8; at < end;) {
    uint8_t section = *at++;
    uint64_t size = number(&at, 0);
    const uint8_t *next = at + size;
    uint64_t count = section == 0 ? 0 : number(&at, 0);
    for (uint64_t i = 0; i < count; i++) {
      if (section == 1) {
        at++;
        at += types[type_count].parameters = number(&at, 0);
        at += types[type_count++].results = number(&at, 0);
      } else if (section == 3) declared[function_count++] = number(&at, 0);
      else if (section == 6) {
        int wide = *at == 0x7e || *at == 0x7c;
        at += 2;
        uint8_t opcode = *at++;
        if (opcode == 0x44) memcpy(&globals[global_count].bits, at, 8), at += 8;
        else globals[global_count].bits = number(&at, 1);
        if (!wide) globals[global_count].bits = (uint32_t)globals[global_count].bits;
        globals[global_count++].wide = wide;
        at++;
      } else if (section == 7) {
        uint64_t length = number(&at, 0);
        int is_start = length == 6 && memcmp(at, "_start", 6) == 0;
        at += length + 1;
        int index = number(&at, 0);
        if (is_start) start = index;
      } else if (section == 10) {
        uint64_t length = number(&at, 0);
        functions[i] = (function){at, types[declared[i]].parameters, types[declared[i]].results};
        at += length;
      }
    }
    at = next;
  }
}

int main(int count, char **words) {
  const char *name = words[count - 1];
  if (strcmp(name, "--version") == 0) {
    puts("small interpreter 0.0.1");
    return 0;
  }
  FILE *in = fopen(name, "rb");
  if (in == NULL) return 1;
  size_t length = fread(file, 1, sizeof file, in);
  read_module(file, file + length);
  wasm_interp_call_func_bytecode();
  return 0;
}
