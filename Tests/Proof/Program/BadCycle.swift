// SPDX-License-Identifier: Apache-2.0
// Tests/Proof: the controls. Callbacks that do everything they must not, in ways that no optimiser may leave out.
import CJACK
import Glibc

/// Which callback of JACK's misbehaves; the other is clean.
enum BadCallback: String {
  case process = "bad"
  case timebase = "bad-timebase"
}

private final class Counted {}

private nonisolated(unsafe) var memory: UnsafeMutableRawPointer?
private nonisolated(unsafe) var held: Counted?
private nonisolated(unsafe) var objects = [Counted(), Counted(), Counted()]
private nonisolated(unsafe) var text = ""
// Too long to stand in the string itself.
private nonisolated(unsafe) var texts = (1...3).map { String(repeating: "text \($0), ", count: 9) }
private nonisolated(unsafe) var lock = pthread_mutex_t()
private nonisolated(unsafe) var condition = pthread_cond_t()
private nonisolated(unsafe) var readLock = pthread_rwlock_t()
private nonisolated(unsafe) var spinLock = pthread_spinlock_t()
private nonisolated(unsafe) var semaphore = sem_t()
private nonisolated(unsafe) var cycles = 0

private func misbehave() {
  memory = malloc(100)
  free(memory)
  pthread_mutex_lock(&lock)
  cycles += 1
  held = objects[cycles % objects.count]
  text = texts[cycles % texts.count]
  objects[cycles % objects.count] = Counted()
  waitForAll()
  pthread_mutex_unlock(&lock)
  usleep(1)
}

/// Once with everything that can be waited for; none of it keeps anybody waiting.
private func waitForAll() {
  var past = timespec()
  pthread_cond_signal(&condition)
  pthread_cond_broadcast(&condition)
  pthread_cond_timedwait(&condition, &lock, &past)
  pthread_rwlock_rdlock(&readLock)
  pthread_rwlock_unlock(&readLock)
  pthread_rwlock_wrlock(&readLock)
  pthread_rwlock_unlock(&readLock)
  pthread_spin_lock(&spinLock)
  pthread_spin_unlock(&spinLock)
  sem_post(&semaphore)
  sem_wait(&semaphore)
}

@c func badCycle(_ count: UInt32, _ argument: UnsafeMutableRawPointer?) -> Int32 {
  misbehave()
  return 0
}

@c func idleCycle(_ count: UInt32, _ argument: UnsafeMutableRawPointer?) -> Int32 { 0 }

@c func badTimebase(
  _ state: jack_transport_state_t, _ count: UInt32, _ position: UnsafeMutablePointer<jack_position_t>?, _ isNew: Int32,
  _ argument: UnsafeMutableRawPointer?
) {
  misbehave()
}

/// Runs `callback` in a client of `server` for a second; what went wrong, or nil.
func run(_ callback: BadCallback, server: String) -> String? {
  pthread_mutex_init(&lock, nil)
  pthread_cond_init(&condition, nil)
  pthread_rwlock_init(&readLock, nil)
  pthread_spin_init(&spinLock, 0)
  sem_init(&semaphore, 0, 0)
  var status = jack_status_t(0)
  var client: OpaquePointer?
  for _ in 0..<100 where client == nil {
    usleep(50_000)
    client = jamd_client_open("bad", server, &status)
  }
  guard let client else { return "no client" }
  switch callback {
  case .process:
    jack_set_process_callback(client, badCycle, nil)
    jack_activate(client)
  case .timebase:
    jack_set_process_callback(client, idleCycle, nil)
    jack_activate(client)
    jack_set_timebase_callback(client, 0, badTimebase, nil)
    jack_transport_start(client)
  }
  sleep(1)
  jack_client_close(client)
  return cycles > 50 ? nil : "only \(cycles) bad callbacks ran"
}
