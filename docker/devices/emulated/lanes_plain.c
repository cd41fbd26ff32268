#pragma GCC optimize("O3,no-math-errno,no-trapping-math")
#define SET lanes_plain
#include "lanes.inc"
