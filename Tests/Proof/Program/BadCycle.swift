// SPDX-License-Identifier: Apache-2.0
// Tests/Proof: the control. A cycle that does everything it must not, in ways that no optimiser may leave out.
import CJACK
import Glibc

private final class Counted {}

private nonisolated(unsafe) var memory: UnsafeMutableRawPointer?
private nonisolated(unsafe) var held: Counted?
private nonisolated(unsafe) var objects = [Counted(), Counted(), Counted()]
private nonisolated(unsafe) var text = ""
// Too long to stand in the string itself.
private nonisolated(unsafe) var texts = (1...3).map { String(repeating: "text \($0), ", count: 9) }
private nonisolated(unsafe) var lock = pthread_mutex_t()
private nonisolated(unsafe) var cycles = 0

@c func badCycle(_ count: UInt32, _ argument: UnsafeMutableRawPointer?) -> Int32 {
  memory = malloc(100)
  free(memory)
  pthread_mutex_lock(&lock)
  cycles += 1
  held = objects[cycles % objects.count]
  text = texts[cycles % texts.count]
  objects[cycles % objects.count] = Counted()
  pthread_mutex_unlock(&lock)
  usleep(1)
  return 0
}

/// Runs it as the callback of a client of `server` for a second; what went wrong, or nil.
func runBadCycles(server: String) -> String? {
  pthread_mutex_init(&lock, nil)
  var status = jack_status_t(0)
  var client: OpaquePointer?
  for _ in 0..<100 where client == nil {
    usleep(50_000)
    client = jamd_client_open("bad", server, &status)
  }
  guard let client else { return "no client" }
  jack_set_process_callback(client, badCycle, nil)
  jack_activate(client)
  sleep(1)
  jack_client_close(client)
  return cycles > 50 ? nil : "only \(cycles) cycles ran"
}
