// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jamd: what is handed over, and how often that is announced.
import Dispatch
import Testing
import jamd

@Suite struct HandoverTests {
  @Test("what is given is announced once until it is taken, and taken in order")
  func announced() {
    let handover = Handover<Int>()
    #expect((0..<5).map { handover.give($0) } == [true, false, false, false, false])
    #expect(!handover.pass())
    #expect(handover.take() == [0, 1, 2, 3, 4] && handover.take().isEmpty)
    #expect(handover.give(5))
    #expect(handover.take() == [5])
  }

  @Test("while another thread takes, nothing is lost and the order stays")
  func threads() {
    let handover = Handover<Int>()
    let (queue, count) = (DispatchQueue(label: "taker"), 200_000)
    nonisolated(unsafe) var taken: [Int] = []
    nonisolated(unsafe) var announcements = 0
    func announce() {
      queue.async {
        announcements += 1
        taken += handover.take()
      }
    }
    for number in 0..<count where handover.give(number) { announce() }
    queue.sync {}
    while handover.pass() { announce() }
    queue.sync {}
    #expect(taken == Array(0..<count))
    #expect((1...count).contains(announcements))
  }
}
