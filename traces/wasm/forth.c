// forth: a small Forth that compiles programs to threaded code and interprets it.
#include "lab.h"

enum {
  EXIT, LITERAL, BRANCH, BRANCH_IF_ZERO, CALL, DUP, DROP, SWAP, OVER, ROT, PLUS, MINUS, TIMES, DIVIDE, MOD, AND, OR, XOR, LESS, EQUAL, ZERO_EQUAL,
  FETCH, STORE, C_FETCH, C_STORE, TO_R, R_FROM, R_FETCH, DOT, CR,
  SPECIAL,
  // special words that compile
  IF, ELSE, THEN, BEGIN, UNTIL, WHILE, REPEAT, SEMICOLON, RECURSE,
  // and those that define
  COLON, VARIABLE, ALLOT, CONSTANT,
};
static const char *const primitives[] = {
  "dup", "drop", "swap", "over", "rot", "+", "-", "*", "/", "mod", "and", "or", "xor", "<", "=", "0=",
  "@", "!", "c@", "c!", ">r", "r>", "r@", ".", "cr",
};
static const char *const special[] = {
  "if", "else", "then", "begin", "until", "while", "repeat", ";", "recurse", ":", "variable", "allot", "constant",
};

typedef struct { const char *name; u32 length; int kind, code; } Word;
static Word words[128];
static int word_count, here, cells[2048], free_byte;
static u8 bytes[65536];
static int stack[256], returns[256], depth;

/** Threaded code from an index on, until its exit. */
static void execute(int ip) {
  int *sp = stack + depth, *rp = returns;
  *rp++ = -1;
  while (ip >= 0) {
    switch (cells[ip++]) {
      case EXIT: ip = *--rp; break;
      case LITERAL: *sp++ = cells[ip++]; break;
      case BRANCH: ip = cells[ip]; break;
      case BRANCH_IF_ZERO: ip = *--sp ? ip + 1 : cells[ip]; break;
      case CALL: *rp++ = ip + 1; ip = cells[ip]; break;
      case DUP: *sp = sp[-1]; sp++; break;
      case DROP: sp--; break;
      case SWAP: { int a = sp[-1]; sp[-1] = sp[-2]; sp[-2] = a; break; }
      case OVER: *sp = sp[-2]; sp++; break;
      case ROT: { int a = sp[-3]; sp[-3] = sp[-2]; sp[-2] = sp[-1]; sp[-1] = a; break; }
      case PLUS: sp--; sp[-1] += *sp; break;
      case MINUS: sp--; sp[-1] -= *sp; break;
      case TIMES: sp--; sp[-1] *= *sp; break;
      case DIVIDE: sp--; sp[-1] /= *sp; break;
      case MOD: sp--; sp[-1] %= *sp; break;
      case AND: sp--; sp[-1] &= *sp; break;
      case OR: sp--; sp[-1] |= *sp; break;
      case XOR: sp--; sp[-1] ^= *sp; break;
      case LESS: sp--; sp[-1] = -(sp[-1] < *sp); break;
      case EQUAL: sp--; sp[-1] = -(sp[-1] == *sp); break;
      case ZERO_EQUAL: sp[-1] = -(sp[-1] == 0); break;
      case FETCH: sp[-1] = *(int *)(bytes + sp[-1]); break;
      case STORE: sp -= 2; *(int *)(bytes + sp[1]) = *sp; break;
      case C_FETCH: sp[-1] = bytes[sp[-1]]; break;
      case C_STORE: sp -= 2; bytes[sp[1]] = *sp; break;
      case TO_R: *rp++ = *--sp; break;
      case R_FROM: *sp++ = *--rp; break;
      case R_FETCH: *sp++ = rp[-1]; break;
      case DOT: print_number(*--sp); print_char(' '); break;
      case CR: print_char('\n'); break;
      default: __builtin_trap();
    }
  }
  depth = sp - stack;
}

static const char *source, *token;
static u32 token_length;
static int next_token(void) {
  while (*source && *source <= ' ') source++;
  for (token = source; *source > ' ';) source++;
  return (token_length = source - token) > 0;
}
static void compile(int cell) { cells[here++] = cell; }
static void add(const char *name, int kind, int code) {
  u32 length = 0;
  while (name[length] > ' ') length++;
  words[word_count++] = (Word){ name, length, kind, code };
}
static void define(int kind, int code) {
  if (!next_token()) __builtin_trap();
  add(token, kind, code);
}
static void do_special(int what) {
  int kept;
  switch (what) {
    case IF: compile(BRANCH_IF_ZERO); stack[depth++] = here; compile(0); break;
    case ELSE: compile(BRANCH); compile(0); cells[stack[depth - 1]] = here; stack[depth - 1] = here - 1; break;
    case THEN: cells[stack[--depth]] = here; break;
    case BEGIN: stack[depth++] = here; break;
    case UNTIL: compile(BRANCH_IF_ZERO); compile(stack[--depth]); break;
    case WHILE: compile(BRANCH_IF_ZERO); kept = stack[depth - 1]; stack[depth - 1] = here; stack[depth++] = kept; compile(0); break;
    case REPEAT: compile(BRANCH); compile(stack[--depth]); cells[stack[--depth]] = here; break;
    case SEMICOLON: compile(EXIT); break;
    case RECURSE: compile(CALL); compile(words[word_count - 1].code); break;
    case COLON: define(CALL, here); break;
    case VARIABLE: define(LITERAL, free_byte); free_byte += 4; break;
    case ALLOT: free_byte += stack[--depth]; break;
    case CONSTANT: define(LITERAL, stack[--depth]); break;
  }
}
/** The word that the token names, the newest one first. */
static const Word *find(void) {
  for (const Word *word = words + word_count - 1; word >= words; word--) {
    if (word->length != token_length) continue;
    u32 same = 0;
    while (same < token_length && word->name[same] == token[same]) same++;
    if (same == token_length) return word;
  }
  return 0;
}
static int number(void) {
  int n = 0;
  for (u32 i = 0; i < token_length; i++) {
    if (token[i] < '0' || token[i] > '9') __builtin_trap();
    n = n * 10 + token[i] - '0';
  }
  return n;
}
/** Each word is compiled; outside a definition it is compiled at the end, executed and forgotten. */
static void interpret(const char *text) {
  int compiling = 0;
  for (source = text; next_token();) {
    int at = here;
    const Word *word = find();
    if (word && word->kind == SPECIAL) {
      do_special(word->code);
      if (word->code == COLON || word->code == SEMICOLON) compiling = word->code == COLON;
      continue;
    }
    compile(word ? word->kind : LITERAL);
    if (!word || word->kind <= CALL) compile(word ? word->code : number());
    if (compiling) continue;
    compile(EXIT);
    here = at;
    execute(at);
  }
}

static const char program[] =
  ": fib dup 2 < if else dup 1 - recurse swap 2 - recurse + then ; "
  ": gcd begin dup while swap over mod repeat drop ; "
  "variable flags 8192 allot variable count "
  ": sieve 0 count ! 0 begin dup size < while 1 over flags + c! 1 + repeat drop "
  "  2 begin dup size < while dup flags + c@ if count @ 1 + count ! "
  "    dup dup + begin dup size < while 0 over flags + c! over + repeat drop then 1 + repeat drop count @ ; "
  ": collatz 0 swap begin dup 1 = 0= while dup 1 and if 3 * 1 + else 2 / then swap 1 + swap repeat drop ; "
  ": gcds 0 size begin dup while dup size gcd rot + swap 1 - repeat drop ; "
  "nth fib . cr sieve . cr gcds . cr nth collatz . cr ";

static void run(int full) {
  for (int i = DUP; i < SPECIAL; i++) add(primitives[i - DUP], i, 0);
  for (int i = IF; i <= CONSTANT; i++) add(special[i - IF], SPECIAL, i);
  interpret(full ? "2500 constant size 18 constant nth" : "20 constant size 5 constant nth");
  interpret(program);
  report("left on the stack", depth);
}
