// regex: compiles regular expressions and matches texts in two ways, by backtracking and by sets of states.
#include "lab.h"

enum { CHAR, ANY, CLASS, NOT_CLASS, SPLIT, JUMP, MATCH };
typedef struct { int kind, x, y; } Instruction;

static Instruction program[256];
static int length;
static const char *in;

static int add(int kind, int x, int y) {
  program[length] = (Instruction){ kind, x, y };
  return length++;
}
/** Makes room for an instruction in front of those from `at` on, which may name each other. */
static void insert(int at, int kind, int x, int y) {
  for (int i = length++; i > at; i--) {
    program[i] = program[i - 1];
    if (program[i].kind != SPLIT && program[i].kind != JUMP) continue;
    program[i].x += program[i].x >= at;
    program[i].y += program[i].y >= at;
  }
  program[at] = (Instruction){ kind, x, y };
}

static void parse_choice(void);
static char in_classes[256];
static int classes_length;

static void parse_atom(void) {
  char c = *in++;
  if (c == '(') {
    parse_choice();
    in++;
  } else if (c == '.') add(ANY, 0, 0);
  else if (c == '[') {
    int not = *in == '^', from = classes_length;
    for (in += not; *in != ']'; in++) {
      in_classes[classes_length++] = *in;
      in_classes[classes_length++] = in[1] == '-' ? *(in += 2) : *in;
    }
    in++;
    add(not ? NOT_CLASS : CLASS, from, classes_length);
  } else add(CHAR, c == '\\' ? *in++ : c, 0);
}
static void parse_sequence(void) {
  while (*in && *in != '|' && *in != ')') {
    int start = length;
    parse_atom();
    for (; *in == '*' || *in == '+' || *in == '?'; in++) {
      if (*in == '+') add(SPLIT, start, length + 1);
      else {
        insert(start, SPLIT, start + 1, length + 1 + (*in == '*'));
        if (*in == '*') add(JUMP, start, 0);
      }
    }
  }
}
static void parse_choice(void) {
  int start = length;
  parse_sequence();
  if (*in != '|') return;
  in++;
  insert(start, SPLIT, start + 1, length + 2);
  int jump = add(JUMP, 0, 0);
  parse_choice();
  program[jump].x = length;
}

static int accepts(const Instruction *at, char c) {
  if (at->kind == CHAR) return c == at->x;
  if (at->kind == ANY) return 1;
  int found = 0;
  for (int i = at->x; i < at->y && !found; i += 2) found = c >= in_classes[i] && c <= in_classes[i + 1];
  return at->kind == (found ? CLASS : NOT_CLASS);
}

static u32 steps;
/** Whether what starts here matches, to the end of the text; gives up when there was too much to try. */
static int backtrack(int pc, const char *text) {
  for (;; pc++, text++) {
    while (program[pc].kind == SPLIT || program[pc].kind == JUMP) {
      if (++steps > 3000) return 0;
      if (program[pc].kind == SPLIT && backtrack(program[pc].x, text)) return 1;
      pc = program[pc].kind == SPLIT ? program[pc].y : program[pc].x;
    }
    if (program[pc].kind == MATCH) return *text == 0;
    if (*text == 0 || !accepts(&program[pc], *text)) return 0;
  }
}

static int states[2][256], counts[2];
static u32 marks[256], mark;
static void reach(int set, int pc) {
  if (marks[pc] == mark) return;
  marks[pc] = mark;
  if (program[pc].kind == SPLIT) reach(set, program[pc].y);
  if (program[pc].kind == SPLIT || program[pc].kind == JUMP) reach(set, program[pc].x);
  else states[set][counts[set]++] = pc;
}
/** All states at once, character by character. */
static int simulate(const char *text) {
  int set = 0;
  mark++;
  counts[0] = 0;
  reach(0, 0);
  for (; *text; text++, set = !set) {
    mark++;
    counts[!set] = 0;
    for (int i = 0; i < counts[set]; i++)
      if (accepts(&program[states[set][i]], *text)) reach(!set, states[set][i] + 1);
  }
  for (int i = 0; i < counts[set]; i++)
    if (program[states[set][i]].kind == MATCH) return 1;
  return 0;
}

static const char *const expressions[] = {
  "(a|b)*abb", "[a-c]+[0-9]*", "(ab?c?)+d?", "[^d0]*(0|1)[^d]*", "((a|b)(c|d))+", ".*a..", "(a*b)+|c*d*", "(a|aa)+b", "a?b?c?d?0?1?", "(.*)(.*)c",
};

static void run(int full) {
  char text[32];
  u32 texts = full ? 300 : 5;
  for (int e = 0; e < 10; e++) {
    length = classes_length = 0;
    in = expressions[e];
    parse_choice();
    add(MATCH, 0, 0);
    u32 matched = 0, gave_up = 0, different = 0;
    for (u32 i = 0; i < texts; i++) {
      u32 n = 1 + random_number() % (full ? 24 : 12), letters = 2 + random_number() % 5;
      for (u32 j = 0; j < n; j++) text[j] = "abcd01"[random_number() % letters];
      text[n] = 0;
      steps = 0;
      int one = backtrack(0, text), other = simulate(text);
      matched += other;
      if (steps > 3000) gave_up++;
      else different += one != other;
    }
    print(expressions[e]);
    report(": matched", matched);
    if (gave_up) report("gave up", gave_up);
    if (different) report("differences", different);
  }
}
