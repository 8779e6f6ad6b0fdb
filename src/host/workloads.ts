// Two small Forth programs for measuring instructions per cycle with compiled interpreters: calls, and loops over memory. They
// execute 7 and 21 million virtual instructions, 4 and 17 ms: runs of 1.3 and 5 ms took 1.3 and 1.1 times the cycles a virtual
// instruction on a Zen 5: much of them was start-up.

export const WORKLOADS: Readonly<Record<string, string>> = {
  calls: `: fib ( n -- f ) dup 2 < if drop 1 else dup 1- recurse swap 2 - recurse + then ;
27 fib . cr
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
80 sieves sieve . cr
`,
};
