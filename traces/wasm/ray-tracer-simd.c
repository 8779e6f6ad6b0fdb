// ray-tracer-simd: the same pictures as ray-tracer's, each vector in one register of 128 bits.
// flags: -msimd128
#include "ray-tracer.c"
