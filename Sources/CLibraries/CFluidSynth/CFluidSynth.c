// SPDX-License-Identifier: Apache-2.0
// CLibraries/CFluidSynth: keeps OpenMP off the real-time thread.
#include "CFluidSynth.h"
#include <stdatomic.h>

static atomic_ulong regions;

/// libgomp's entry to a parallel region, here in its place: FluidSynth 2.3 enters one in every block it renders, with one
/// thread wanted, and libgomp allocates there. A team of one is the caller itself, so the region runs inline.
/// The signature is libgomp's (GCC, libgomp/parallel.c).
__attribute__((visibility("default"))) void GOMP_parallel(
    void (*function)(void *), void *data, unsigned threads, unsigned flags) {
  (void)threads;
  (void)flags;
  atomic_fetch_add_explicit(&regions, 1, memory_order_relaxed);
  function(data);
}

unsigned long jamd_fluid_inline_regions(void) { return atomic_load(&regions); }
