// SPDX-License-Identifier: Apache-2.0
// CLibraries/CFluidSynth: keeps OpenMP off the real-time thread.
#include "CFluidSynth.h"

static unsigned long regions;

/// libgomp's entry to a parallel region, here in its place: FluidSynth 2.3 enters one in every block it renders, with one
/// thread wanted, and libgomp allocates there. A team of one is the caller itself, so the region runs inline.
/// The signature is libgomp's (GCC, libgomp/parallel.c).
__attribute__((visibility("default"))) void GOMP_parallel(
    void (*function)(void *), void *data, unsigned threads, unsigned flags) {
  (void)threads;
  (void)flags;
  regions++;
  function(data);
}

unsigned long jamd_fluid_inline_regions(void) { return regions; }
