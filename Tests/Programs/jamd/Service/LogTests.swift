// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jamd: log lines that nobody reads.
import Testing
import jamd

@Suite struct LogTests {
  @Test("lines beyond the most that may wait are dropped, and the next one that is admitted tells how many, once")
  func dropped() {
    let backlog = LogBacklog(most: 3)
    #expect((0..<5).map { _ in backlog.admit() } == [0, 0, 0, nil, nil])
    backlog.written()
    #expect(backlog.admit() == 2)
    #expect(backlog.admit() == nil)
    for _ in 0..<3 { backlog.written() }
    #expect((0..<3).map { _ in backlog.admit() } == [1, 0, 0])
  }
}
