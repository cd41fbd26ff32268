#pragma GCC optimize("O3,no-math-errno,no-trapping-math")
#pragma GCC target("avx2,fma,f16c,bmi,bmi2,lzcnt")
#define HAS_F16C 1
#define SET lanes_avx2
#include "lanes.inc"
