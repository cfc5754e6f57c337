// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Server: the course of a connection, without one.
import ControlProtocol
import ControlServer
import Foundation
import Testing

@Suite struct ConversationTests {
  private func line(_ id: Int, _ command: ControlCommand = .status) -> [UInt8] {
    Request(id: id, command: command).encoded()
  }

  @Test("requests are handled one at a time, in their order")
  func order() {
    var conversation = Conversation(longestLine: 100)
    #expect(conversation.next() == .read)
    conversation.received(line(1) + line(2, .panic))
    #expect(conversation.next() == .handle(Request(id: 1, command: .status)))
    #expect(conversation.next() == .wait)
    conversation.answered()
    #expect(conversation.next() == .handle(Request(id: 2, command: .panic)))
    conversation.answered()
    #expect(conversation.next() == .read)
  }

  @Test("who closes his side still gets his reply; then the connection is closed, unless he watches")
  func halfClosed() {
    for isWatching in [false, true] {
      var conversation = Conversation(longestLine: 100)
      conversation.received(line(1, isWatching ? .watch : .status))
      conversation.inputClosed()
      #expect(conversation.next() == .handle(Request(id: 1, command: isWatching ? .watch : .status)))
      #expect(conversation.next() == .wait)
      conversation.answered(isWatching: isWatching)
      #expect(conversation.next() == (isWatching ? .wait : .close))
    }
  }

  @Test("what is refused needs no answer; after a line that is too long everything is over")
  func refusals() {
    var conversation = Conversation(longestLine: 60)
    conversation.received(Array("{}\n \n\n".utf8))
    guard case .refuse(let refused) = conversation.next() else {
      Issue.record("not refused")
      return
    }
    #expect(refused.failure.code == .badRequest && conversation.next() == .read)
    conversation.received([UInt8](repeating: 65, count: 61))
    guard case .refuseAndClose = conversation.next() else {
      Issue.record("not refused")
      return
    }
    conversation.received(line(1))
    #expect(conversation.next() == .close)
  }

  @Test("whatever comes in, a conversation comes to rest and keeps no more than a line and what came last")
  func fuzz() {
    let rounds = ProcessInfo.processInfo.environment["JAMD_FUZZ"].flatMap(Int.init) ?? 5000
    var random = Noise(seed: 5)
    for _ in 0..<rounds {
      var conversation = Conversation(longestLine: 64)
      for _ in 0..<random.below(6) {
        var bytes =
          random.below(3) == 0 ? line(random.below(9), .styleUse(name: "a", now: true)) : line(random.below(9))
        for _ in 0..<random.below(3) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
        conversation.received(bytes.prefix(random.below(80)))
        if random.below(4) == 0 { conversation.answered() }
        if random.below(9) == 0 { conversation.inputClosed() }
        let steps = (0..<200).lazy.map { _ in conversation.next() }
        #expect(steps.contains { $0 == .read || $0 == .wait || $0 == .close })
      }
    }
  }
}

/// SplitMix64: the same seed, the same noise.
struct Noise {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}
