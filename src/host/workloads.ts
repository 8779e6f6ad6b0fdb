// Two small Forth programs for measuring instructions per cycle with compiled interpreters: calls, and loops over memory. Each
// executes a few million virtual instructions, so that calibrating takes seconds.

export const WORKLOADS: Readonly<Record<string, string>> = {
  calls: `: fib ( n -- f ) dup 2 < if drop 1 else dup 1- recurse swap 2 - recurse + then ;
24 fib . cr
`,
  memory: `8192 constant size
create flags size allot
: sieve ( -- primes )
  flags size 1 fill 0
  size 0 do
    flags i + c@ if
      i 2* 3 + dup i + begin dup size < while 0 over flags + c! over + repeat 2drop 1+
    then
  loop ;
: sieves ( n -- ) 0 do sieve drop loop ;
20 sieves sieve . cr
`,
};
