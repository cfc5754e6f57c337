// SPDX-License-Identifier: Apache-2.0
// Tests/Interposer: counts what a JACK process callback must not do. Loaded with LD_PRELOAD; writes what it counted to
// the file that JAMD_INTERPOSER_REPORT names when the process ends.
//
// It takes jack_set_process_callback's place, so that it knows when a thread is inside a callback, and that of the
// functions it counts. System calls are counted by the kernel's syscall user dispatch (prctl(2), Linux 5.11, x86-64),
// which sees those of every library, inlined ones too; the first of each callback counts.
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

static atomic_ulong callbacks, allocations, frees, locks, references, bridges, objects, system_calls;
static atomic_int dispatches_calls = -1;
static __thread int inside __attribute__((tls_model("initial-exec")));
static __thread int dispatching __attribute__((tls_model("initial-exec")));
static __thread char selector __attribute__((tls_model("initial-exec")));

#define COUNT(counter) \
  do { if (inside) atomic_fetch_add(&counter, 1); } while (0)

// What follows is looked up before the first callback: dlsym may allocate.
#define REAL(name) real_##name
#define LOOK_UP(name) real_##name = dlsym(RTLD_NEXT, #name)

static int (*REAL(jack_set_process_callback))(void *, process_callback, void *);
static int (*REAL(pthread_mutex_lock))(pthread_mutex_t *);
static int (*REAL(pthread_mutex_trylock))(pthread_mutex_t *);
static int (*REAL(pthread_cond_signal))(pthread_cond_t *);
static int (*REAL(sem_wait))(sem_t *);
static int (*REAL(sem_post))(sem_t *);

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

int pthread_mutex_lock(pthread_mutex_t *mutex) {
  COUNT(locks);
  if (!real_pthread_mutex_lock) LOOK_UP(pthread_mutex_lock);
  return real_pthread_mutex_lock(mutex);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex) {
  COUNT(locks);
  if (!real_pthread_mutex_trylock) LOOK_UP(pthread_mutex_trylock);
  return real_pthread_mutex_trylock(mutex);
}

int pthread_cond_signal(pthread_cond_t *condition) {
  COUNT(locks);
  if (!real_pthread_cond_signal) LOOK_UP(pthread_cond_signal);
  return real_pthread_cond_signal(condition);
}

int sem_wait(sem_t *semaphore) {
  COUNT(locks);
  if (!real_sem_wait) LOOK_UP(sem_wait);
  return real_sem_wait(semaphore);
}

int sem_post(sem_t *semaphore) {
  COUNT(locks);
  if (!real_sem_post) LOOK_UP(sem_post);
  return real_sem_post(semaphore);
}

// Swift's runtime (stdlib/public/SwiftShims/HeapObject.h, docs/Runtime.md of the Swift repository): all that counts a
// reference and all that makes or ends an object. InterposerTests holds what stage-proof imports against this list.
// Callers may count on more registers than C keeps: these keep them all.
#if __has_attribute(preserve_most)
#define KEEPS_REGISTERS __attribute__((preserve_most))
#else
#define KEEPS_REGISTERS
#endif

#define FORWARD(name, counter, result, returns, parameters, arguments) \
  static result (*REAL(name)) parameters; \
  KEEPS_REGISTERS result name parameters { \
    COUNT(counter); \
    if (!REAL(name)) LOOK_UP(name); \
    returns REAL(name) arguments; \
  }

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
  atomic_store(&dispatches_calls, failed ? 0 : 1);
}
#else
static void start_dispatch(void) {
  dispatching = -1;
  atomic_store(&dispatches_calls, 0);
}
#endif

struct wrapped {
  process_callback callback;
  void *argument;
};

static int run(uint32_t frames, void *pointer) {
  struct wrapped *wrapped = pointer;
  if (!dispatching) start_dispatch();
  atomic_fetch_add(&callbacks, 1);
  inside = 1;
  selector = dispatching > 0;
  int result = wrapped->callback(frames, wrapped->argument);
  selector = 0;
  inside = 0;
  return result;
}

int jack_set_process_callback(void *client, process_callback callback, void *argument) {
  struct wrapped *wrapped = malloc(sizeof *wrapped);
  *wrapped = (struct wrapped){callback, argument};
  LOOK_UP(jack_set_process_callback);
  return real_jack_set_process_callback(client, run, wrapped);
}

__attribute__((constructor)) static void look_up(void) {
  LOOK_UP(pthread_mutex_lock);
  LOOK_UP(pthread_mutex_trylock);
  LOOK_UP(pthread_cond_signal);
  LOOK_UP(sem_wait);
  LOOK_UP(sem_post);
  LOOK_UP(swift_retain);
  LOOK_UP(swift_retain_n);
  LOOK_UP(swift_release);
  LOOK_UP(swift_release_n);
  LOOK_UP(swift_bridgeObjectRetain);
  LOOK_UP(swift_bridgeObjectRetain_n);
  LOOK_UP(swift_bridgeObjectRelease);
  LOOK_UP(swift_bridgeObjectRelease_n);
  LOOK_UP(swift_allocObject);
  LOOK_UP(swift_deallocClassInstance);
  unsetenv("LD_PRELOAD");
}

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("JAMD_INTERPOSER_REPORT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(
      file, "callbacks %lu\nallocations %lu\nfrees %lu\nlocks %lu\nreferences %lu\nbridges %lu\nobjects %lu\n",
      callbacks, allocations, frees, locks, references, bridges, objects);
  if (dispatches_calls > 0) fprintf(file, "syscalls %lu\n", system_calls);
  fclose(file);
}
