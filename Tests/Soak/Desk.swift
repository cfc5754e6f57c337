// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: clients of the control socket, each on a thread of its own.
import ControlProtocol
import Foundation
import Synchronization

/// One watches every event, one swaps styles every five seconds and asks for the status every second.
final class Desk: Sendable {
  private let socket: String
  private let isOver = Atomic<Bool>(false)
  private let seen = Atomic<Int>(0)
  private let swapped = Atomic<Int>(0)
  private let failed = Atomic<Int>(0)
  private let latest = Mutex<StatusSnapshot?>(nil)

  init(socket: String) { self.socket = socket }

  var events: Int { seen.load(ordering: .relaxed) }
  var swaps: Int { swapped.load(ordering: .relaxed) }
  /// Commands without a good answer, clients that were dropped.
  var failures: Int { failed.load(ordering: .relaxed) }
  var status: StatusSnapshot? { latest.withLock { $0 } }

  func start(styles: [String]) {
    Thread.detachNewThread { self.watch() }
    Thread.detachNewThread { self.swap(styles) }
  }

  func stop() { isOver.store(true, ordering: .relaxed) }

  private func watch() {
    do {
      var client = try ControlClient(paths: [socket])
      _ = try client.send(.watch)
      while !isOver.load(ordering: .relaxed) {
        if try client.nextEvent(within: .milliseconds(500)) != nil { seen.wrappingAdd(1, ordering: .relaxed) }
      }
    } catch { fail(error) }
  }

  private func swap(_ styles: [String]) {
    do {
      var client = try ControlClient(paths: [socket])
      var second = 0
      while !isOver.load(ordering: .relaxed) {
        if second % 5 == 0 {
          let reply = try client.send(.styleUse(name: styles[second / 5 % styles.count], now: second % 10 == 0))
          if case .failure(let failure) = reply { fail(failure) } else { swapped.wrappingAdd(1, ordering: .relaxed) }
        }
        if case .status(let snapshot) = try client.send(.status) { latest.withLock { $0 = snapshot } }
        second += 1
        sleep(1)
      }
    } catch { fail(error) }
  }

  private func fail(_ error: any Error) {
    guard !isOver.load(ordering: .relaxed) else { return }
    failed.wrappingAdd(1, ordering: .relaxed)
    say("control client: \(error)")
  }

  /// One command by a client of its own.
  static func send(_ command: ControlCommand, to socket: String) -> Reply? {
    guard var client = try? ControlClient(paths: [socket]) else { return nil }
    return try? client.send(command)
  }
}
