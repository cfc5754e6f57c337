// SPDX-License-Identifier: Apache-2.0
// Tests/Proof: RealtimeSanitizer around every JACK process callback of this program, where it is built with it.
#define _GNU_SOURCE
#include "CProof.h"
#include <stdatomic.h>

static atomic_ulong cycles;

unsigned long cproof_sanitized_cycles(void) { return atomic_load(&cycles); }

#if __has_feature(realtime_sanitizer)
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

typedef int (*process_callback)(uint32_t, void *);

struct wrapped {
  process_callback callback;
  void *argument;
};

// compiler-rt's own interface (sanitizer/rtsan_interface.h).
void __rtsan_realtime_enter(void);
void __rtsan_realtime_exit(void);

int cproof_is_sanitized(void) { return 1; }

static int run(uint32_t frames, void *pointer) {
  struct wrapped *wrapped = pointer;
  atomic_fetch_add(&cycles, 1);
  __rtsan_realtime_enter();
  int result = wrapped->callback(frames, wrapped->argument);
  __rtsan_realtime_exit();
  return result;
}

/// Stands before libjack's own, which it calls: so the code that is tested needs to know nothing of the sanitizer.
int jack_set_process_callback(void *client, process_callback callback, void *argument) {
  int (*real)(void *, process_callback, void *) = dlsym(RTLD_NEXT, "jack_set_process_callback");
  struct wrapped *wrapped = malloc(sizeof *wrapped);
  *wrapped = (struct wrapped){callback, argument};
  return real(client, run, wrapped);
}
#else
int cproof_is_sanitized(void) { return 0; }
#endif
