// A plug-in for qemu's user-mode emulator (7.x): writes the branches of a native x86-64 program, one thread, as SBBT.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef struct TB TB; typedef struct INSN INSN;
#define API __attribute__((visibility("default")))
API int qemu_plugin_version = 1;
extern void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t, void (*)(uint64_t, TB *));
extern void qemu_plugin_register_vcpu_tb_exec_cb(TB *, void (*)(unsigned, void *), int, void *);
extern void qemu_plugin_register_atexit_cb(uint64_t, void (*)(uint64_t, void *), void *);
extern size_t qemu_plugin_tb_n_insns(const TB *); extern uint64_t qemu_plugin_tb_vaddr(const TB *);
extern INSN *qemu_plugin_tb_get_insn(const TB *, size_t); extern const void *qemu_plugin_insn_data(const INSN *);
extern size_t qemu_plugin_insn_size(const INSN *); extern uint64_t qemu_plugin_insn_vaddr(const INSN *);
typedef struct { uint64_t start, last, fall, target; uint32_t n; int kind; } B;
static FILE *out; static uint64_t gap, total, count, max; static B *prev;
static int kindof(const uint8_t *d, size_t n, uint64_t fall, uint64_t *t) {
  size_t i = 0; while (i < n && (d[i]==0x66||d[i]==0x67||d[i]==0xf2||d[i]==0xf3||d[i]==0x2e||d[i]==0x3e||d[i]==0x26||d[i]==0x36||d[i]==0x64||d[i]==0x65||(d[i]>=0x40&&d[i]<=0x4f))) i++;
  size_t l = n - i; if (!l) return -1; uint8_t o = d[i];
  if (((o>=0x70&&o<=0x7f)||(o>=0xe0&&o<=0xe3)) && l==2) { *t = fall + (int8_t)d[i+1]; return 1; }
  if (o==0x0f && l==6 && d[i+1]>=0x80 && d[i+1]<=0x8f) { int32_t r; memcpy(&r,d+i+2,4); *t = fall + r; return 1; }
  if (o==0xeb && l==2) { *t = fall + (int8_t)d[i+1]; return 0; }
  if ((o==0xe9||o==0xe8) && l==5) { int32_t r; memcpy(&r,d+i+1,4); *t = fall + r; return o==0xe9?0:8; }
  if (o==0xff && l>=2) { int r=(d[i+1]>>3)&7; if (r==2||r==3) return 10; if (r==4||r==5) return 2; }
  if (((o==0xc3||o==0xcb)&&l==1)||((o==0xc2||o==0xca)&&l==3)) return 6;
  return -1; }
static void ex(unsigned v, void *u) { B *b = u, *p = prev; prev = b; if (!p) return;
  if (b->start == p->last && !(p->kind>=0 && p->target==p->last)) { gap += p->n - 1; return; }
  gap += p->n; total += p->n; if (p->kind < 0) return;
  int taken = 1; uint64_t t = p->target; if (p->kind==1) taken = b->start == t; else if (p->kind==2||p->kind==10||p->kind==6) t = b->start;
  if (count < max) { uint64_t w[2] = { p->last<<12 | (uint64_t)taken<<11 | p->kind, t<<12 | (gap>4095?4095:gap) }; fwrite(w,16,1,out); count++; }
  gap = 0; }
static void tr(uint64_t id, TB *tb) { B *b = calloc(1,sizeof *b); b->start = qemu_plugin_tb_vaddr(tb); b->n = qemu_plugin_tb_n_insns(tb);
  INSN *i = qemu_plugin_tb_get_insn(tb, b->n-1); b->last = qemu_plugin_insn_vaddr(i); size_t s = qemu_plugin_insn_size(i); b->fall = b->last + s;
  b->kind = kindof(qemu_plugin_insn_data(i), s, b->fall, &b->target);
  qemu_plugin_register_vcpu_tb_exec_cb(tb, ex, 0, b); }
static void fin(uint64_t id, void *u) { fseek(out, 8, SEEK_SET); fwrite(&total,8,1,out); fwrite(&count,8,1,out); fclose(out); }
API int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv) { max = 1e18; for (int i=0;i<argc;i++) { if (!strncmp(argv[i],"out=",4)) out = fopen(argv[i]+4,"w"); if (!strncmp(argv[i],"n=",2)) max = atof(argv[i]+2); }
  setvbuf(out,0,_IOFBF,1<<20); uint64_t h[2]={0,0}; fwrite("SBBT\n\1\0\0",8,1,out); fwrite(h,16,1,out);
  qemu_plugin_register_vcpu_tb_trans_cb(id,tr); qemu_plugin_register_atexit_cb(id,fin,0); return 0; }
