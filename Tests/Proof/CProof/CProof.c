// SPDX-License-Identifier: Apache-2.0
// Tests/Proof: RealtimeSanitizer around every JACK process and timebase callback of this program, where it is built with it.
#define _GNU_SOURCE
#include "CProof.h"
#include <stdatomic.h>

static atomic_ulong cycles, positions;

unsigned long cproof_sanitized_cycles(void) { return atomic_load(&cycles); }
unsigned long cproof_sanitized_positions(void) { return atomic_load(&positions); }

#if __has_feature(realtime_sanitizer)
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

typedef int (*process_callback)(uint32_t, void *);
typedef void (*timebase_callback)(int, uint32_t, void *, int, void *);

struct wrapped_process {
  process_callback callback;
  void *argument;
};

struct wrapped_timebase {
  timebase_callback callback;
  void *argument;
};

// compiler-rt's own interface (sanitizer/rtsan_interface.h).
void __rtsan_realtime_enter(void);
void __rtsan_realtime_exit(void);

int cproof_is_sanitized(void) { return 1; }

static int run(uint32_t frames, void *pointer) {
  struct wrapped_process *wrapped = pointer;
  atomic_fetch_add(&cycles, 1);
  __rtsan_realtime_enter();
  int result = wrapped->callback(frames, wrapped->argument);
  __rtsan_realtime_exit();
  return result;
}

static void place(int state, uint32_t frames, void *position, int is_new, void *pointer) {
  struct wrapped_timebase *wrapped = pointer;
  atomic_fetch_add(&positions, 1);
  __rtsan_realtime_enter();
  wrapped->callback(state, frames, position, is_new, wrapped->argument);
  __rtsan_realtime_exit();
}

// These stand before libjack's own, which they call: so the code that is tested needs to know nothing of the sanitizer.

int jack_set_process_callback(void *client, process_callback callback, void *argument) {
  int (*real)(void *, process_callback, void *) = dlsym(RTLD_NEXT, "jack_set_process_callback");
  struct wrapped_process *wrapped = malloc(sizeof *wrapped);
  *wrapped = (struct wrapped_process){callback, argument};
  return real(client, run, wrapped);
}

int jack_set_timebase_callback(void *client, int is_conditional, timebase_callback callback, void *argument) {
  int (*real)(void *, int, timebase_callback, void *) = dlsym(RTLD_NEXT, "jack_set_timebase_callback");
  struct wrapped_timebase *wrapped = malloc(sizeof *wrapped);
  *wrapped = (struct wrapped_timebase){callback, argument};
  return real(client, is_conditional, place, wrapped);
}
#else
int cproof_is_sanitized(void) { return 0; }
#endif
