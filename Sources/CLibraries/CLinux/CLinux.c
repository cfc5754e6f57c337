// SPDX-License-Identifier: Apache-2.0
// CLibraries/CLinux: what the header declares.
#define _GNU_SOURCE 1
#include "CLinux.h"
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

// The two functions by which a foreign event loop owns the main queue; exported by libdispatch, declared in none of its
// public headers. The handle is an eventfd here.
extern int _dispatch_get_main_queue_handle_4CF(void);
extern void _dispatch_main_queue_callback_4CF(void *);

int clinux_main_queue_descriptor(void) { return _dispatch_get_main_queue_handle_4CF(); }

void clinux_drain_main_queue(void) { _dispatch_main_queue_callback_4CF(NULL); }

int64_t clinux_monotonic_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int clinux_timer_descriptor(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC); }

int clinux_timer_set(int descriptor, int64_t nanoseconds) {
  struct itimerspec at = {{0, 0}, {nanoseconds / 1000000000, nanoseconds % 1000000000}};
  return timerfd_settime(descriptor, TFD_TIMER_ABSTIME, &at, NULL);
}

int clinux_signal_descriptor(const int *signals, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
  int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (error) {
    errno = error;
    return -1;
  }
  return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int clinux_signal_read(int descriptor) {
  struct signalfd_siginfo info;
  return read(descriptor, &info, sizeof info) == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

int clinux_become_fifo(int priority) {
  struct sched_param parameter = {.sched_priority = priority};
  return sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameter) ? errno : 0;
}

int clinux_become_ordinary(void) {
  struct sched_param parameter = {.sched_priority = 0};
  return sched_setscheduler(0, SCHED_OTHER, &parameter) ? errno : 0;
}

int clinux_policy(void) {
  int policy = sched_getscheduler(0);
  return policy < 0 ? -1 : policy & ~SCHED_RESET_ON_FORK;
}

int clinux_thread(void) { return gettid(); }

static uint64_t clinux_raise_limit(int resource) {
  struct rlimit limit;
  if (getrlimit((__rlimit_resource_t)resource, &limit)) return 0;
  if (limit.rlim_cur != limit.rlim_max) {
    struct rlimit raised = {limit.rlim_max, limit.rlim_max};
    if (setrlimit((__rlimit_resource_t)resource, &raised) == 0) limit = raised;
  }
  return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : (uint64_t)limit.rlim_cur;
}
uint64_t clinux_rtprio_limit(void) { return clinux_raise_limit(RLIMIT_RTPRIO); }
uint64_t clinux_memlock_limit(void) { return clinux_raise_limit(RLIMIT_MEMLOCK); }

int clinux_lock_memory(int current, int future) {
  return mlockall((current ? MCL_CURRENT : 0) | (future ? MCL_FUTURE : 0)) ? errno : 0;
}

void clinux_keep_heap(void) {
  mallopt(M_TRIM_THRESHOLD, -1);
  // The most it takes. Else a block of megabytes would be mapped anew, and be zeroed page by page while it is.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  // An arena for each thread: with the standard limit of eight a core the loop would come to share its own with threads
  // that are starved while they hold its lock.
  mallopt(M_ARENA_MAX, 64);
}

int clinux_set_default_stack(size_t bytes) {
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (error) return error;
  error = pthread_attr_setstacksize(&attributes, bytes);
  if (!error) error = pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
  return error;
}

static void *clinux_wait(void *descriptor) {
  char byte;
  (void)!read((int)(intptr_t)descriptor, &byte, 1);
  return NULL;
}

void clinux_keep_stacks(int count) {
  pthread_t threads[64];
  int pair[2], started = 0;
  if (pipe(pair)) return;
  while (started < count && started < 64 &&
         pthread_create(&threads[started], NULL, clinux_wait, (void *)(intptr_t)pair[0]) == 0)
    started++;
  // They all exist; the closed pipe lets them go.
  close(pair[1]);
  for (int i = 0; i < started; i++) pthread_join(threads[i], NULL);
  close(pair[0]);
}

void clinux_page_faults(int64_t *minor, int64_t *major) {
  struct rusage usage = {0};
  getrusage(RUSAGE_THREAD, &usage);
  *minor = usage.ru_minflt;
  *major = usage.ru_majflt;
}
