// SPDX-License-Identifier: Apache-2.0
// CLibraries/CLinux: what Swift cannot import from Linux or from libdispatch as it stands.
//
// Declarations only: system headers included here with _GNU_SOURCE would clash with Swift's own view of them.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// An eventfd that is readable while the main queue has work. The first call takes the main queue over for good.
int clinux_main_queue_descriptor(void);

/// Runs what the main queue held at the time of the call. Main thread only.
void clinux_drain_main_queue(void);

/// CLOCK_MONOTONIC in nanoseconds. Real-time safe: the vDSO answers without a system call.
__attribute__((swift_attr("@_noLocks"), swift_attr("@_noAllocation")))
int64_t clinux_monotonic_nanoseconds(void);

int clinux_timer_descriptor(void);

/// Arms the timer for an absolute moment (at least 1 ns); 0 disarms it.
int clinux_timer_set(int descriptor, int64_t nanoseconds);

/// Blocks `signals` in the calling thread and gives a descriptor that is readable when one arrives; -1 and errno.
int clinux_signal_descriptor(const int *signals, int count);

/// The number of the next pending signal; 0 when there is none.
int clinux_signal_read(int descriptor);

/// SCHED_FIFO for the calling thread; the threads and processes it starts begin as SCHED_OTHER. 0 or an errno.
int clinux_become_fifo(int priority);

/// SCHED_OTHER for the calling thread. 0 or an errno.
int clinux_become_ordinary(void);

/// The scheduling policy of the calling thread without its flags, or -1.
int clinux_policy(void);

/// The kernel's number of the calling thread.
int clinux_thread(void);

/// A soft limit raised to its hard limit and read back; RLIM_INFINITY is UINT64_MAX.
uint64_t clinux_rtprio_limit(void);
uint64_t clinux_memlock_limit(void);

/// 0 or an errno.
int clinux_lock_memory(int current, int future);

/// What malloc has got from the kernel it keeps, so that it need not ask again (and fault again) later; no thread waits
/// for the heap of another.
void clinux_keep_heap(void);

/// The stack size of threads created without a size of their own, from now on. 0 or an errno.
int clinux_set_default_stack(size_t bytes);

/// Starts and ends `count` threads (at most 64) of the default stack size at once: the C library keeps their stacks for
/// later ones, whose start then maps and zeroes no memory.
void clinux_keep_stacks(int count);

/// Page faults of the calling thread since it began.
void clinux_page_faults(int64_t *minor, int64_t *major);
