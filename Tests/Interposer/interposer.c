// SPDX-License-Identifier: Apache-2.0
// Tests/Interposer: counts what a JACK process or timebase callback must not do. Loaded with LD_PRELOAD; writes what it
// counted to the file that JAMD_INTERPOSER_REPORT names when the process ends.
//
// It takes the place of jack_set_process_callback and jack_set_timebase_callback, so that it knows when a thread is inside
// a callback, and that of the functions it counts. System calls are counted by the kernel's syscall user dispatch (prctl(2),
// Linux 5.11, x86-64), which sees those of every library, inlined ones too; the first of each callback counts.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif

typedef int (*process_callback)(uint32_t, void *);
typedef void (*timebase_callback)(int, uint32_t, void *, int, void *);

static atomic_ulong callbacks, positions, allocations, frees, references, bridges, objects, system_calls;
static atomic_ulong mutexes, conditions, rwlocks, spinlocks, semaphores;
/// Threads whose system calls are counted, and threads whose are not.
static atomic_ulong dispatched, undispatched;
static __thread int inside __attribute__((tls_model("initial-exec")));
static __thread int dispatching __attribute__((tls_model("initial-exec")));
static __thread char selector __attribute__((tls_model("initial-exec")));

#define COUNT(counter) \
  do { if (inside) atomic_fetch_add(&counter, 1); } while (0)

// What stands behind is looked up before the first callback: dlsym may allocate.
#define REAL(name) real_##name
#define KEEPS_REGISTERS

#define FORWARD(name, counter, result, returns, parameters, arguments) \
  static result (*REAL(name)) parameters; \
  __attribute__((constructor)) static void look_up_##name(void) { REAL(name) = dlsym(RTLD_NEXT, #name); } \
  KEEPS_REGISTERS result name parameters { \
    COUNT(counter); \
    if (!REAL(name)) look_up_##name(); \
    returns REAL(name) arguments; \
  }

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

void *malloc(size_t size) {
  COUNT(allocations);
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  COUNT(allocations);
  return __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size) {
  COUNT(allocations);
  return __libc_realloc(pointer, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  COUNT(allocations);
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **pointer, size_t alignment, size_t size) {
  COUNT(allocations);
  *pointer = __libc_memalign(alignment, size);
  return *pointer ? 0 : 12;
}

void free(void *pointer) {
  if (pointer) COUNT(frees);
  __libc_free(pointer);
}

#define WAITS(name, counter, parameters, arguments) FORWARD(name, counter, int, return, parameters, arguments)

// All that waits, may wait or wakes (pthread.h, semaphore.h). What lets go again is not counted twice.
WAITS(pthread_mutex_lock, mutexes, (pthread_mutex_t *mutex), (mutex))
WAITS(pthread_mutex_trylock, mutexes, (pthread_mutex_t *mutex), (mutex))
WAITS(pthread_mutex_timedlock, mutexes, (pthread_mutex_t *mutex, const struct timespec *until), (mutex, until))
WAITS(pthread_cond_wait, conditions, (pthread_cond_t *condition, pthread_mutex_t *mutex), (condition, mutex))
WAITS(
    pthread_cond_timedwait, conditions,
    (pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until), (condition, mutex, until))
WAITS(
    pthread_cond_clockwait, conditions,
    (pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until),
    (condition, mutex, clock, until))
WAITS(pthread_cond_signal, conditions, (pthread_cond_t *condition), (condition))
WAITS(pthread_cond_broadcast, conditions, (pthread_cond_t *condition), (condition))
WAITS(pthread_rwlock_rdlock, rwlocks, (pthread_rwlock_t *lock), (lock))
WAITS(pthread_rwlock_wrlock, rwlocks, (pthread_rwlock_t *lock), (lock))
WAITS(pthread_rwlock_tryrdlock, rwlocks, (pthread_rwlock_t *lock), (lock))
WAITS(pthread_rwlock_trywrlock, rwlocks, (pthread_rwlock_t *lock), (lock))
WAITS(pthread_rwlock_timedrdlock, rwlocks, (pthread_rwlock_t *lock, const struct timespec *until), (lock, until))
WAITS(pthread_rwlock_timedwrlock, rwlocks, (pthread_rwlock_t *lock, const struct timespec *until), (lock, until))
WAITS(pthread_spin_lock, spinlocks, (pthread_spinlock_t *lock), (lock))
WAITS(pthread_spin_trylock, spinlocks, (pthread_spinlock_t *lock), (lock))
WAITS(sem_wait, semaphores, (sem_t *semaphore), (semaphore))
WAITS(sem_trywait, semaphores, (sem_t *semaphore), (semaphore))
WAITS(sem_timedwait, semaphores, (sem_t *semaphore, const struct timespec *until), (semaphore, until))
WAITS(sem_post, semaphores, (sem_t *semaphore), (semaphore))

// Swift's runtime (stdlib/public/SwiftShims/HeapObject.h, docs/Runtime.md of the Swift repository): all that counts a
// reference and all that makes or ends an object. InterposerTests holds what stage-proof imports against this list.
// Callers may count on more registers than C keeps: these keep them all.
#if __has_attribute(preserve_most)
#undef KEEPS_REGISTERS
#define KEEPS_REGISTERS __attribute__((preserve_most))
#endif

#define RETAINS(name, counter) \
  FORWARD(name, counter, void *, return, (void *object), (object)) \
  FORWARD(name##_n, counter, void *, return, (void *object, uint32_t count), (object, count))
#define RELEASES(name, counter) \
  FORWARD(name, counter, void, , (void *object), (object)) \
  FORWARD(name##_n, counter, void, , (void *object, uint32_t count), (object, count))

RETAINS(swift_retain, references)
RELEASES(swift_release, references)
RETAINS(swift_bridgeObjectRetain, bridges)
RELEASES(swift_bridgeObjectRelease, bridges)
RETAINS(swift_unownedRetain, references)
RELEASES(swift_unownedRelease, references)
FORWARD(swift_tryRetain, references, void *, return, (void *object), (object))
FORWARD(swift_unownedRetainStrong, references, void *, return, (void *object), (object))
FORWARD(swift_weakInit, references, void *, return, (void *weak, void *object), (weak, object))
FORWARD(swift_weakAssign, references, void *, return, (void *weak, void *object), (weak, object))
FORWARD(swift_weakLoadStrong, references, void *, return, (void *weak), (weak))
FORWARD(swift_weakDestroy, references, void, , (void *weak), (weak))

#undef KEEPS_REGISTERS
#define KEEPS_REGISTERS
FORWARD(swift_allocObject, objects, void *, return, (void *type, size_t size, size_t mask), (type, size, mask))
FORWARD(swift_deallocObject, objects, void, , (void *object, size_t size, size_t mask), (object, size, mask))
FORWARD(swift_deallocClassInstance, objects, void, , (void *object, size_t size, size_t mask), (object, size, mask))
FORWARD(
    swift_deallocPartialClassInstance, objects, void, , (void *object, void *type, size_t size, size_t mask),
    (object, type, size, mask))
FORWARD(swift_slowAlloc, objects, void *, return, (size_t size, size_t mask), (size, mask))
FORWARD(swift_slowDealloc, objects, void, , (void *memory, size_t size, size_t mask), (memory, size, mask))

#if defined(__x86_64__)
/// Counts, lets this thread call the kernel until the callback ends, and has the instruction executed again.
static void saw_system_call(int signal, siginfo_t *info, void *context) {
  (void)signal;
  (void)info;
  atomic_fetch_add(&system_calls, 1);
  selector = 0;
  ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] -= 2;
}

static void start_dispatch(void) {
  struct sigaction action = {.sa_sigaction = saw_system_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
  sigaction(SIGSYS, &action, NULL);
  // The return from the signal handler is a system call too; libc's restorer must stay allowed, so the handler has
  // opened the selector before it returns.
  int failed = prctl(PR_SET_SYSCALL_USER_DISPATCH, 1, 0, 0, &selector);
  dispatching = failed ? -1 : 1;
  atomic_fetch_add(failed ? &undispatched : &dispatched, 1);
}
#else
static void start_dispatch(void) {
  dispatching = -1;
  atomic_fetch_add(&undispatched, 1);
}
#endif

static void enter(void) {
  if (!dispatching) start_dispatch();
  inside = 1;
  selector = dispatching > 0;
}

static void leave(void) {
  selector = 0;
  inside = 0;
}

struct wrapped_process {
  process_callback callback;
  void *argument;
};

struct wrapped_timebase {
  timebase_callback callback;
  void *argument;
};

static int run(uint32_t frames, void *pointer) {
  struct wrapped_process *wrapped = pointer;
  atomic_fetch_add(&callbacks, 1);
  enter();
  int result = wrapped->callback(frames, wrapped->argument);
  leave();
  return result;
}

static void place(int state, uint32_t frames, void *position, int is_new, void *pointer) {
  struct wrapped_timebase *wrapped = pointer;
  atomic_fetch_add(&positions, 1);
  enter();
  wrapped->callback(state, frames, position, is_new, wrapped->argument);
  leave();
}

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

/// What this process starts is watched by nobody.
__attribute__((constructor)) static void stay_alone(void) { unsetenv("LD_PRELOAD"); }

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("JAMD_INTERPOSER_REPORT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(
      file, "callbacks %lu\npositions %lu\nallocations %lu\nfrees %lu\nreferences %lu\nbridges %lu\nobjects %lu\n",
      callbacks, positions, allocations, frees, references, bridges, objects);
  fprintf(
      file, "mutexes %lu\nconditions %lu\nrwlocks %lu\nspinlocks %lu\nsemaphores %lu\n", mutexes, conditions,
      rwlocks, spinlocks, semaphores);
  if (dispatched > 0 && undispatched == 0) fprintf(file, "syscalls %lu\n", system_calls);
  fclose(file);
}
