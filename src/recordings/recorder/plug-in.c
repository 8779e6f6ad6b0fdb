// The half of `bplab record` that runs inside qemu-user (x86-64 programs): hands every branch that executes to the process that
// started it. record.ts is the other half; both describe the same bytes.
//
// A block of instructions says how it was left only when the next one starts: until then it is "the one before". What has not
// been sent lies in memory shared with the other side, so that nothing is lost when the program is killed.
//
// The plug-in interface has no header in Debian; what is used of it is declared here (version 1: qemu 6 to 8).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
typedef uint64_t Plugin;
typedef struct Translation Translation;
typedef struct Instruction Instruction;
extern void qemu_plugin_register_vcpu_tb_trans_cb(Plugin, void (*)(Plugin, Translation *));
extern void qemu_plugin_register_vcpu_tb_exec_cb(Translation *, void (*)(unsigned, void *), int, void *);
extern void qemu_plugin_register_vcpu_init_cb(Plugin, void (*)(Plugin, unsigned));
extern void qemu_plugin_register_vcpu_syscall_cb(Plugin, void (*)(Plugin, unsigned, int64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                                                                  uint64_t, uint64_t, uint64_t, uint64_t));
extern void qemu_plugin_register_atexit_cb(Plugin, void (*)(Plugin, void *), void *);
extern size_t qemu_plugin_tb_n_insns(const Translation *);
extern uint64_t qemu_plugin_tb_vaddr(const Translation *);
extern Instruction *qemu_plugin_tb_get_insn(const Translation *, size_t);
extern const void *qemu_plugin_insn_data(const Instruction *);
extern size_t qemu_plugin_insn_size(const Instruction *);
extern uint64_t qemu_plugin_insn_vaddr(const Instruction *);
extern void *qemu_plugin_insn_haddr(const Instruction *);
EXPORT int qemu_plugin_version = 1;

// Kinds of branches, in the order of src/branch.ts; NO_BRANCH: a block that was only cut.
enum { CONDITIONAL, JUMP, INDIRECT_JUMP, CALL, INDIRECT_CALL, RETURN, NO_BRANCH = 15 };
#define TAKEN 8

typedef struct {
  uint64_t start, last, behind, target; // first and last instruction, the address after it, where a direct branch goes
  uint32_t instructions;
  uint8_t kind, recorded; // whether its branch is to be recorded
} Block;

// Messages: head, then content.
enum { BRANCHES = 1, LONG_BRANCH, MAPPING };
typedef struct { uint32_t type, thread, number, bytes; } Head;

// Branches, two words each:
//   63        52 51    48 47                    0
//   gap, 11 to 0  T, kind  address
//   gap, 27 to 12          target
typedef struct { uint64_t address, target; } Packet;
#define PACKETS 4092
#define LONGEST_GAP ((1u << 28) - 1)
#define FITS(address) ((uint64_t)((int64_t)((address) << 16) >> 16) == (address))

// What a thread has not sent: 64 KiB each.
typedef struct {
  uint32_t number, count; // how many messages it has sent; branches that wait
  uint64_t gap;           // instructions after the last branch
  uint64_t finished;      // of the first thread's: whether the program came to its end
  uint64_t reserved[5];
  Packet packets[PACKETS];
} Waiting;
#define THREADS 256
static Waiting *waiting;
static Block *before[THREADS];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int channel = -1, filtering;
static volatile int over; // nobody listens any more
static volatile int64_t skipping;
static uint64_t base; // where guest address 0 lies

static int transfer(int sends, void *bytes, size_t length) {
  for (char *at = bytes; length > 0;) {
    ssize_t done = sends ? send(channel, at, length, MSG_NOSIGNAL) : recv(channel, at, length, 0);
    if (done > 0) at += done, length -= done;
    else if (done < 0 && errno == EAGAIN) poll(&(struct pollfd){channel, sends ? POLLOUT : POLLIN, 0}, 1, -1);
    else if (done == 0 || errno != EINTR) return over = 1, 0;
  }
  return 1;
}

// The lock is held.
static int message(uint32_t type, uint32_t thread, uint32_t number, void *content, uint32_t bytes) {
  Head head = {type, thread, number, bytes};
  return transfer(1, &head, sizeof head) && transfer(1, content, bytes);
}

// A forked process is not recorded: the channel ends with its parent, to whom the shared memory belongs.
static void forked(void) {
  over = 1;
  close(channel);
}

static void flush(unsigned thread) {
  Waiting *w = &waiting[thread];
  if (over) return;
  pthread_mutex_lock(&lock);
  // what could not be sent is found in the shared memory
  if (w->count == 0 || message(BRANCHES, thread, w->number, w->packets, w->count * sizeof(Packet))) {
    w->number++;
    w->count = 0;
  }
  pthread_mutex_unlock(&lock);
}

static void longBranch(unsigned thread, uint64_t address, uint64_t target, uint64_t kind, uint64_t gap) {
  uint64_t words[4] = {address, target, kind, gap};
  flush(thread);
  if (over) return;
  pthread_mutex_lock(&lock);
  message(LONG_BRANCH, thread, waiting[thread].number++, words, sizeof words);
  pthread_mutex_unlock(&lock);
}

// Instructions that ran, taken off those to skip; returns how many are left to count.
static uint64_t counted(uint64_t ran) {
  if (skipping <= 0) return ran;
  int64_t left = __atomic_fetch_sub(&skipping, ran, __ATOMIC_RELAXED);
  return left >= (int64_t)ran ? 0 : left > 0 ? ran - left : ran;
}

static uint64_t handlers[65]; // of signals

static int handles(uint64_t address) {
  for (int i = 1; i < 65; i++) if (handlers[i] == address) return 1;
  return 0;
}

static void executed(unsigned thread, void *now) {
  if (thread >= THREADS || over) return;
  Block *b = before[thread];
  const uint64_t at = ((Block *)now)->start;
  before[thread] = now;
  if (!b) return;
  Waiting *w = &waiting[thread];
  // the last instruction starts again: it reached into another page, or repeats
  if (at == b->last && !(b->kind != NO_BRANCH && b->target == at)) {
    w->gap += counted(b->instructions - 1);
    return;
  }
  const uint64_t ran = counted(b->instructions);
  w->gap += ran;
  if (!b->recorded || ran == 0) return;
  uint64_t target = b->target, kind = b->kind | TAKEN;
  // a signal may have come between
  if (b->kind == CONDITIONAL) {
    if (at != target) {
      if (at != b->behind) return;
      kind = CONDITIONAL;
    }
  } else if (b->kind == JUMP || b->kind == CALL) {
    if (at != target) return;
  } else {
    if (handles(at)) return;
    target = at;
  }
  const uint64_t gap = w->gap;
  w->gap = 0;
  if (gap > LONGEST_GAP || !FITS(b->last) || !FITS(target)) {
    longBranch(thread, b->last, target, kind, gap);
    return;
  }
  const uint64_t low = (1ull << 48) - 1;
  w->packets[w->count] = (Packet){(b->last & low) | kind << 48 | gap << 52, (target & low) | (gap >> 12) << 48};
  if (++w->count == PACKETS) flush(thread);
}

// What a block's last instruction is, from its bytes. One that reaches into the next page is cut there, and is none yet.
static int kindOf(const uint8_t *code, size_t size, uint64_t behind, uint64_t *target) {
  size_t at = 0;
  while (at < size && (memchr("\x66\x67\xf2\xf3\x2e\x3e\x26\x36\x64\x65", code[at], 10) || (code[at] & 0xf0) == 0x40)) at++;
  const size_t length = size - at;
  if (length == 0) return NO_BRANCH;
  const uint8_t *op = code + at;
  int32_t far = 0;
  if (length >= 5) memcpy(&far, op + length - 4, 4);
  const uint64_t near = behind + (length >= 2 ? (int8_t)op[1] : 0);
  if (length == 2 && ((op[0] & 0xf0) == 0x70 || (op[0] & 0xfc) == 0xe0)) return *target = near, CONDITIONAL;
  if (length == 6 && op[0] == 0x0f && (op[1] & 0xf0) == 0x80) return *target = behind + far, CONDITIONAL;
  if (length == 2 && op[0] == 0xeb) return *target = near, JUMP;
  if (length == 5 && op[0] == 0xe9) return *target = behind + far, JUMP;
  if (length == 5 && op[0] == 0xe8) return *target = behind + far, CALL;
  if ((length == 1 && (op[0] == 0xc3 || op[0] == 0xcb)) || (length == 3 && (op[0] == 0xc2 || op[0] == 0xca))) return RETURN;
  if (length >= 2 && op[0] == 0xff) {
    const int form = (op[1] >> 3) & 7;
    // how long it must be: memory operands come with up to a byte and four
    const int mode = op[1] >> 6, rm = op[1] & 7, sib = mode != 3 && rm == 4;
    if (sib && length < 3) return NO_BRANCH;
    const int wide = mode == 2 || (mode == 0 && (rm == 5 || (sib && (op[2] & 7) == 5)));
    if (length != (size_t)(2 + sib + (wide ? 4 : mode == 1 ? 1 : 0))) return NO_BRANCH;
    if (form == 2 || form == 3) return INDIRECT_CALL;
    if (form == 4 || form == 5) return INDIRECT_JUMP;
  }
  return NO_BRANCH;
}

// Stretches of code that the other side has been told of, and the parts that it wants.
typedef struct { uint64_t start, end, kinds; } Range; // kinds: a set, as the flags of src/branch.ts
static Range *known, *wanted;
static size_t knownCount, wantedCount;

static int within(const Range *ranges, size_t count, uint64_t address, uint64_t kinds) {
  for (size_t i = count; i-- > 0;)
    if (address - ranges[i].start < ranges[i].end - ranges[i].start && (ranges[i].kinds & kinds)) return 1;
  return 0;
}

static void append(Range **ranges, size_t *count, Range range) {
  Range *more = realloc(*ranges, (*count + 1) * sizeof range);
  if (more == NULL) abort();
  more[(*count)++] = range;
  *ranges = more;
}

// Says what is mapped at an address: start, end, offset in the file, path. The lock is held.
static void announce(uint64_t address) {
  FILE *maps = fopen("/proc/self/maps", "re");
  if (maps == NULL) return;
  char *line = NULL;
  size_t room = 0;
  Range found = {address & ~4095ull, (address & ~4095ull) + 4096, 1};
  struct { uint64_t start, end, offset; char path[4096]; } content = {found.start, found.end, 0, ""};
  while (getline(&line, &room, maps) > 0) {
    uint64_t start, end, offset;
    int path = 0;
    if (sscanf(line, "%lx-%lx %*s %lx %*s %*s %n", &start, &end, &offset, &path) < 3) continue;
    if (address + base < start || address + base >= end) continue;
    found = (Range){start - base, end - base, 1};
    content.start = found.start, content.end = found.end, content.offset = offset;
    line[strcspn(line, "\n")] = 0;
    if (path > 0 && line[path] == '/') strncpy(content.path, line + path, sizeof content.path - 1);
  }
  free(line);
  fclose(maps);
  append(&known, &knownCount, found);
  if (!message(MAPPING, 0, 0, &content, 24 + strlen(content.path)) || !filtering) return;
  uint64_t parts;
  if (!transfer(0, &parts, sizeof parts)) return;
  while (parts-- > 0) {
    Range part;
    if (!transfer(0, &part, sizeof part)) return;
    append(&wanted, &wantedCount, part);
  }
}

static void translated(Plugin id, Translation *code) {
  if (over) return;
  Block *b = calloc(1, sizeof *b);
  if (b == NULL) abort();
  Instruction *first = qemu_plugin_tb_get_insn(code, 0);
  b->start = qemu_plugin_tb_vaddr(code);
  b->instructions = qemu_plugin_tb_n_insns(code);
  Instruction *last = qemu_plugin_tb_get_insn(code, b->instructions - 1);
  const size_t size = qemu_plugin_insn_size(last);
  b->last = qemu_plugin_insn_vaddr(last);
  b->behind = b->last + size;
  b->kind = kindOf(qemu_plugin_insn_data(last), size, b->behind, &b->target);
  pthread_mutex_lock(&lock);
  if (qemu_plugin_insn_haddr(first) != NULL) base = (uint64_t)qemu_plugin_insn_haddr(first) - b->start;
  if (!within(known, knownCount, b->last, 1)) announce(b->last);
  b->recorded = b->kind != NO_BRANCH && (!filtering || within(wanted, wantedCount, b->last, 1u << b->kind));
  pthread_mutex_unlock(&lock);
  qemu_plugin_register_vcpu_tb_exec_cb(code, executed, 0, b);
}

// The last block of a thread: nothing starts behind it.
static void finish(unsigned thread) {
  if (thread >= THREADS || before[thread] == NULL || over) return;
  waiting[thread].gap += counted(before[thread]->instructions);
  before[thread] = NULL;
}

static void started(Plugin id, unsigned thread) { finish(thread); }

static void called(Plugin id, unsigned thread, int64_t call, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f,
                   uint64_t g, uint64_t h) {
  if (call == 13 && a < 65 && b != 0) { // rt_sigaction: its structure begins with the handler
    uint64_t handler = 0;
    struct iovec to = {&handler, sizeof handler}, from = {(void *)(b + base), sizeof handler};
    if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) == sizeof handler) handlers[a] = handler > 1 ? handler : 0;
  }
}

static void ended(Plugin id, void *unused) {
  if (over) return;
  for (unsigned thread = 0; thread < THREADS; thread++) finish(thread);
  waiting[0].finished = 1;
  over = 1;
}

EXPORT int qemu_plugin_install(Plugin id, const void *about, int count, char **arguments) {
  for (int i = 0; i < count; i++) {
    if (strncmp(arguments[i], "skip=", 5) == 0) skipping = strtoll(arguments[i] + 5, NULL, 10);
    if (strcmp(arguments[i], "filter=on") == 0) filtering = 1;
  }
  // out of the way of the program, which gets the numbers that it would have without us
  channel = fcntl(3, F_DUPFD_CLOEXEC, 1000);
  if (channel < 0) channel = fcntl(3, F_DUPFD_CLOEXEC, 200);
  waiting = mmap(NULL, THREADS * sizeof *waiting, PROT_READ | PROT_WRITE, MAP_SHARED, 4, 0);
  if (channel < 0 || waiting == MAP_FAILED) return 1;
  close(3);
  close(4);
  pthread_atfork(NULL, NULL, forked);
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_vcpu_init_cb(id, started);
  qemu_plugin_register_vcpu_syscall_cb(id, called);
  qemu_plugin_register_atexit_cb(id, ended, NULL);
  return 0;
}
