#pragma GCC optimize("O3,no-math-errno,no-trapping-math")
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c,bmi,bmi2,lzcnt")
#define HAS_F16C 1
#define SET lanes_avx512
#include "lanes.inc"
