/* The row's template, put into the programs at build time. */
#ifndef BENCH_EMBEDDED_H
#define BENCH_EMBEDDED_H

extern const char embedded_row[];

#endif
