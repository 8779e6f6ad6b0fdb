// json: writes JSON documents, parses them into trees, adds up what is in them and writes them again.
#include "lab.h"

enum { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
typedef struct Value {
  int kind;
  int number;
  const u8 *text; // of a string; of an object's member: its name
  u32 length;
  struct Value *first, *next, *value;
} Value;

static u8 document[1 << 18], copy[1 << 18];
static u8 *out;
static Value values[1 << 15];
static u32 used;
static const u8 *in;

static void write(const char *text) {
  while (*text) *out++ = *text++;
}
static void write_number(int n) {
  if (n < 0) {
    *out++ = '-';
    n = -n;
  }
  if (n > 9) write_number(n / 10);
  *out++ = '0' + n % 10;
}

/** A document of random shape, at most so deep. */
static void generate(int depth) {
  static const char *const words[] = { "\"name\"", "\"a \\\"quoted\\\" word\"", "\"\\u00e9t\\u00e9\"", "\"x\"", "\"line\\nbreak\"", "\"\"" };
  u32 kind = random_number() % (depth > 0 ? 9 : 5);
  if (kind == 0) write("null");
  else if (kind == 1) write(random_number() & 64 ? "true" : "false");
  else if (kind < 4) write_number((int)random_number() >> (8 + random_number() % 20));
  else if (kind == 4) write(words[random_number() % 6]);
  else {
    int object = kind > 6;
    write(object ? "{ " : "[");
    for (u32 n = random_number() % 6, i = 0; i <= n; i++) {
      if (i > 0) write(", ");
      if (object) {
        write("\"key");
        write_number(i);
        write("\": ");
      }
      generate(depth - 1);
    }
    write(object ? " }" : "]");
  }
}

static void fail(void) { __builtin_trap(); }
static void skip(void) {
  while (*in == ' ' || *in == '\n' || *in == '\t') in++;
}
static int take(u8 c) {
  skip();
  if (*in != c) return 0;
  in++;
  return 1;
}
static void expect(const char *text) {
  for (; *text; text++) if (*in++ != (u8)*text) fail();
}
static Value *create(int kind) {
  Value *value = &values[used++];
  value->kind = kind;
  value->first = value->next = value->value = 0;
  return value;
}
/** The text between quotes, escapes and all. */
static void parse_string(Value *value) {
  if (!take('"')) fail();
  value->text = in;
  for (; *in != '"'; in++) {
    if (*in < ' ') fail();
    if (*in != '\\') continue;
    in++;
    if (*in == 'u') in += 4;
  }
  value->length = in++ - value->text;
}
static Value *parse(void) {
  skip();
  switch (*in) {
    case 'n': return expect("null"), create(JSON_NULL);
    case 't': return expect("true"), create(JSON_TRUE);
    case 'f': return expect("false"), create(JSON_FALSE);
    case '"': {
      Value *string = create(JSON_STRING);
      parse_string(string);
      return string;
    }
    case '[':
    case '{': {
      int object = *in++ == '{';
      Value *list = create(object ? JSON_OBJECT : JSON_ARRAY), **last = &list->first;
      if (take(object ? '}' : ']')) return list;
      do {
        Value *member = create(JSON_NULL);
        if (object) {
          parse_string(member);
          if (!take(':')) fail();
        }
        member->value = parse();
        *last = member;
        last = &member->next;
      } while (take(','));
      if (!take(object ? '}' : ']')) fail();
      return list;
    }
    default: {
      Value *number = create(JSON_NUMBER);
      int negative = take('-'), n = 0;
      if (*in < '0' || *in > '9') fail();
      while (*in >= '0' && *in <= '9') n = n * 10 + *in++ - '0';
      number->number = negative ? -n : n;
      return number;
    }
  }
}

static u32 seen[7];
static int sum;
static void visit(const Value *value, int depth) {
  seen[value->kind]++;
  if (value->kind == JSON_NUMBER) sum += value->number * depth;
  for (const Value *member = value->first; member; member = member->next) visit(member->value, depth + 1);
}
static void write_text(const Value *value) {
  *out++ = '"';
  for (u32 i = 0; i < value->length; i++) *out++ = value->text[i];
  *out++ = '"';
}
static void serialise(const Value *value) {
  static const char *const words[] = { "null", "false", "true" };
  if (value->kind <= JSON_TRUE) return write(words[value->kind]);
  if (value->kind == JSON_NUMBER) return write_number(value->number);
  if (value->kind == JSON_STRING) return write_text(value);
  int object = value->kind == JSON_OBJECT;
  write(object ? "{ " : "[");
  for (const Value *member = value->first; member; member = member->next) {
    if (object) {
      write_text(member);
      write(": ");
    }
    serialise(member->value);
    if (member->next) write(", ");
  }
  write(object ? " }" : "]");
}

static void run(int full) {
  u32 bytes = 0, different = 0;
  for (u32 least = full ? 250000 : 2000; bytes < least;) {
    out = document;
    generate(full ? 6 : 4);
    *out = 0;
    u32 length = out - document;
    bytes += length;
    in = document;
    used = 0;
    Value *tree = parse();
    if (in != document + length) fail();
    visit(tree, 1);
    out = copy;
    serialise(tree);
    for (u32 i = 0; i < length; i++) different += document[i] != copy[i];
  }
  static const char *const names[] = { "null", "false", "true", "numbers", "strings", "arrays", "objects" };
  for (int i = 0; i < 7; i++) report(names[i], seen[i]);
  report("sum", sum);
  report("bytes", bytes);
  report("differences", different);
}
