// SPDX-License-Identifier: Apache-2.0
// Tests of Devices/JACKOutput: a server that stands still.
import JACKOutput
import Music
import Testing

@Suite struct CycleWatchTests {
  private var watch = CycleWatch()
  private var now = Instant.zero

  /// Looks every 10 milliseconds.
  private mutating func look(for length: Duration, cycles: (Int) -> UInt64?) -> [CycleWatch.Finding] {
    (0..<Int(length.nanoseconds / 10_000_000)).compactMap { step in
      now = now + .milliseconds(10)
      return watch.look(cycles: cycles(step), at: now)
    }
  }

  @Test("while cycles come, the slowest too, and while there is no connection, nothing is found")
  mutating func running() {
    #expect(look(for: .seconds(20)) { UInt64($0 / 100) } == [])
    #expect(look(for: .seconds(20)) { _ in nil } == [])
  }

  @Test("a server that stands still is told of once after two seconds, once after five, and once when it goes on")
  mutating func still() {
    #expect(look(for: .milliseconds(1900)) { _ in 7 } == [])
    #expect(look(for: .milliseconds(200)) { _ in 7 } == [.stopped])
    #expect(look(for: .seconds(2)) { _ in 7 } == [])
    #expect(look(for: .seconds(20)) { _ in 7 } == [.hopeless])
    #expect(look(for: .seconds(1)) { 8 + UInt64($0) } == [.goesOn])
  }

  @Test("who was stopped himself does not blame the server")
  mutating func ownStop() {
    #expect(look(for: .seconds(1)) { _ in 7 } == [])
    now = now + .seconds(60)
    #expect(look(for: .milliseconds(500)) { _ in 7 } == [])
  }

  @Test("a lost connection begins anew: neither what was before it counts, nor is it going on")
  mutating func lost() {
    #expect(look(for: .seconds(3)) { _ in 7 } == [.stopped])
    #expect(look(for: .seconds(1)) { _ in nil } == [])
    #expect(look(for: .milliseconds(1900)) { _ in 7 } == [])
    #expect(look(for: .milliseconds(200)) { _ in 7 } == [.stopped])
  }
}
