// SPDX-License-Identifier: Apache-2.0
// Tests of ALSAInput: the sequencer of this machine, where it has one. Keyboards are played by the system tests.
import ALSAInput
import Glibc
import RealTime
import Testing

@MainActor
@Suite struct SequencerTests {
  /// Turns the loop until the sequencer was found or found missing.
  private func firstEvent(_ name: String) async throws -> (ALSAInput.Event?, ALSAInput) {
    let loop = try RealTimeLoop(drainsMainQueue: false)
    let events = Events()
    let input = ALSAInput(loop: loop, clientName: name) { events.all.append($0) }
    input.start()
    for _ in 0..<10_000 where events.all.isEmpty {
      loop.turn(milliseconds: 1)
      await Task.yield()
    }
    return (events.all.first, input)
  }

  @MainActor
  private final class Events {
    var all: [ALSAInput.Event] = []
  }

  @Test("the sequencer is opened, and left again", .enabled(if: access("/dev/snd/seq", F_OK) == 0, "no /dev/snd/seq"))
  func opening() async throws {
    let (event, input) = try await firstEvent("jamd test")
    #expect(event == .available)
    #expect(input.isAvailable)
    input.stop()
    #expect(!input.isAvailable && input.keyboards.isEmpty)
  }

  @Test("no sequencer: said, and nothing else happens", .enabled(if: access("/dev/snd/seq", F_OK) != 0, "there is one"))
  func missing() async throws {
    let (event, input) = try await firstEvent("jamd test")
    #expect(event == .unavailable(.missing))
    #expect(!input.isAvailable && input.keyboards.isEmpty && input.overruns == 0)
    input.stop()
  }
}
