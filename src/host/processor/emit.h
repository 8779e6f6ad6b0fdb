// Branches as machine code, written at run time into memory that can be executed: x86-64, and aarch64 under Linux and macOS.
//
// Code that is emitted is called as kernel(iterations, data, again). `data` is where the next jump target or outcome is read
// (x86-64: rsi, aarch64: x1), `again` where the data begin (rdx, x2), `iterations` counts down (rdi, x0).
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#if defined __APPLE__
#include <libkern/OSCacheControl.h>
#include <pthread.h>
#endif

#if !defined __x86_64__ && !defined __aarch64__
#error "bplab calibrate knows x86-64 and aarch64"
#endif

typedef void kernel(uint64_t iterations, const void *data, const void *again);

#define CODE_BYTES (8u << 20)
static uint8_t *code;
static uint8_t *at;

static void refuse_code(void) {
  fprintf(stderr, "this system does not let a program execute what it wrote (mmap, mprotect)\n");
  exit(4);
}

static void open_code(void) {
#if defined __APPLE__ && defined __aarch64__
  code = mmap(NULL, CODE_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANON | MAP_JIT, -1, 0);
  if (code == MAP_FAILED) refuse_code();
#else
  // twice as much, so that it can begin at a huge page: with small pages large code would measure the TLB
  uint8_t *memory = mmap(NULL, 2 * CODE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (memory == MAP_FAILED) refuse_code();
  code = (uint8_t *)(((uintptr_t)memory + CODE_BYTES - 1) & ~(uintptr_t)(CODE_BYTES - 1));
#if defined MADV_HUGEPAGE
  madvise(code, CODE_BYTES, MADV_HUGEPAGE);
#endif
#endif
}

/** Begins code anew. */
static void begin_code(void) {
#if defined __APPLE__ && defined __aarch64__
  pthread_jit_write_protect_np(0);
#else
  if (mprotect(code, CODE_BYTES, PROT_READ | PROT_WRITE) != 0) refuse_code();
#endif
  at = code;
}

/** Lets what was written be executed. */
static void end_code(void) {
#if defined __APPLE__ && defined __aarch64__
  pthread_jit_write_protect_np(1);
  sys_icache_invalidate(code, (size_t)(at - code));
#else
  if (mprotect(code, CODE_BYTES, PROT_READ | PROT_EXEC) != 0) refuse_code();
  __builtin___clear_cache((char *)code, (char *)at);
#endif
}

#if defined __x86_64__
/** Addresses at which code may begin. */
#define STEP 1
static void bytes(const char *text, int count) {
  memcpy(at, text, (size_t)count);
  at += count;
}
static void relative(const uint8_t *target) {
  int32_t distance = (int32_t)(target - (at + 4));
  memcpy(at, &distance, 4);
  at += 4;
}
static void pad(int count) { memset(at, 0x90, (size_t)count), at += count; }
static void jump(const uint8_t *target) { bytes("\xe9", 1), relative(target); }
/** An indirect jump whose target its own code says. */
static void jump_known(const uint8_t *target) {
  bytes("\x48\x8d\x05", 3), relative(target); // lea target(%rip), %rax
  bytes("\xff\xe0", 2);                       // jmp *%rax
}
/** A conditional branch that is always taken. */
static void jump_taken(const uint8_t *target) {
  bytes("\x39\xc0", 2);                       // cmp %eax, %eax
  bytes("\x0f\x84", 2), relative(target);     // je target
}
/** What direct threading ends a body with. */
static void dispatch(void) { bytes("\x48\x8b\x06\x48\x83\xc6\x08\xff\xe0", 9); } // mov (%rsi), %rax; add $8, %rsi; jmp *%rax
/** The same with a target that was read one dispatch earlier. */
static void dispatch_early(void) { bytes("\x48\x89\xc8\x48\x8b\x0e\x48\x83\xc6\x08\xff\xe0", 12); } // mov %rcx, %rax; mov (%rsi), %rcx; …
static void read_early(void) { bytes("\x48\x8b\x0e\x48\x83\xc6\x08", 7); }
/** Goes to a target where the next byte of data is 0. At most 16 bytes. */
static void branch_if_zero(const uint8_t *target) {
  bytes("\x0f\xb6\x06\x48\xff\xc6\x85\xc0", 8); // movzbl (%rsi), %eax; inc %rsi; test %eax, %eax
  bytes("\x0f\x84", 2), relative(target);
}
static void restart_data(void) { bytes("\x48\x89\xd6", 3); } // mov %rdx, %rsi
/** Goes to a target while iterations are left. */
static void count_down(const uint8_t *target) { bytes("\x48\x83\xef\x01\x0f\x85", 6), relative(target); } // sub $1, %rdi; jne
static void leave(void) { bytes("\xc3", 1); }
static void enter_caller(void) {}
static void leave_caller(void) { leave(); }
static void call(const uint8_t *target) { bytes("\xe8", 1), relative(target); }
/** Six instructions that do not wait for each other. */
static void body(void) { bytes("\x48\x01\xf0\x48\x01\xf1\x49\x01\xf0\x49\x01\xf1\x49\x01\xf2\x49\x01\xf3", 18); } // add %rsi to six registers

static inline uint64_t ticks(void) {
  uint32_t low, high;
  __asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high)::"memory");
  return (uint64_t)high << 32 | low;
}
#define ADD "add %1, %0\n\t"
#else
#define STEP 4
static void word(uint32_t instruction) { memcpy(at, &instruction, 4), at += 4; }
static uint32_t words_to(const uint8_t *target) { return (uint32_t)((target - at) >> 2); }
static void pad(int count) { for (; count >= 4; count -= 4) word(0xd503201f); }
static void jump(const uint8_t *target) { word(0x14000000 | (words_to(target) & 0x3ffffff)); }
static void jump_known(const uint8_t *target) {
  int32_t distance = (int32_t)(target - at);
  word(0x10000009 | ((uint32_t)distance & 3) << 29 | (((uint32_t)distance >> 2) & 0x7ffff) << 5); // adr x9, target
  word(0xd61f0120);                                                                               // br x9
}
static void jump_taken(const uint8_t *target) {
  word(0xeb00001f);                                        // cmp x0, x0
  word(0x54000000 | (words_to(target) & 0x7ffff) << 5);    // b.eq target
}
static void dispatch(void) { word(0xf8408429), word(0xd61f0120); }                          // ldr x9, [x1], #8; br x9
static void dispatch_early(void) { word(0xaa0a03e9), word(0xf840842a), word(0xd61f0120); }  // mov x9, x10; ldr x10, [x1], #8; br x9
static void read_early(void) { word(0xf840842a); }
static void branch_if_zero(const uint8_t *target) {
  word(0x38401429);                                        // ldrb w9, [x1], #1
  word(0x34000009 | (words_to(target) & 0x7ffff) << 5);    // cbz w9, target
}
static void restart_data(void) { word(0xaa0203e1); }                                        // mov x1, x2
static void count_down(const uint8_t *target) { word(0xf1000400), word(0x54000040), jump(target); } // subs x0, x0, #1; b.eq past the jump
static void leave(void) { word(0xd65f03c0); }
static void enter_caller(void) { word(0xa9bf7bfd); }                                        // stp x29, x30, [sp, #-16]!
static void leave_caller(void) { word(0xa8c17bfd), leave(); }                               // ldp x29, x30, [sp], #16
static void call(const uint8_t *target) { word(0x94000000 | (words_to(target) & 0x3ffffff)); }
static void body(void) { for (uint32_t i = 9; i < 15; i++) word(0x8b010000 | i << 5 | i); } // add x9, x9, x1 …

static inline uint64_t ticks(void) {
  uint64_t now;
  __asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(now)::"memory");
  return now;
}
#define ADD "add %0, %0, %1\n\t"
#endif

/** Moves to a place of a block, counted from the start of the code. */
static void place(uint32_t offset) {
  uint8_t *to = code + offset;
  if (to < at || to > code + CODE_BYTES - 256) {
    fprintf(stderr, "code does not fit: a block at %u\n", offset);
    exit(70);
  }
  pad((int)(to - at));
}
