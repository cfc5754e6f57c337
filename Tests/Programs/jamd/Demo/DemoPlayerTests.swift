// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jamd: the demo call.
import Music
import Testing
import jamd

@Suite struct DemoPlayerTests {
  static let piece = Piece(
    parts: [
      Part(notes: [
        Note(pitch: Pitch(clamping: 60), onset: .zero, duration: Beats(1)),
        Note(pitch: Pitch(clamping: 60), onset: Beats(1), duration: Beats(1)),
      ])
    ], tempoMap: TempoMap(constant: .standard))

  static func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

  /// Everything that is played when asked every 10 ms, and when.
  static func play(_ player: inout DemoPlayer, isReady: (Int64) -> Bool, hasKeyboard: (Int64) -> Bool)
    -> [(MIDIMessage, Instant)]
  {
    stride(from: Int64(0), to: 10_000, by: 10).flatMap { now in
      player.due(at: at(now), isReady: isReady(now), hasKeyboard: hasKeyboard(now))
    }
  }

  @Test("it plays its piece once, in time, releases before what is struck again")
  func plays() {
    var player = DemoPlayer(Self.piece)
    let played = Self.play(&player, isReady: { $0 >= 500 }, hasKeyboard: { _ in false })
    let (c4, start) = (Pitch(clamping: 60), Self.at(500) + DemoPlayer.patience)
    #expect(played.map(\.0) == [.noteOn(c4, .standard), .noteOff(c4), .noteOn(c4, .standard), .noteOff(c4)])
    #expect(played.map { $0.1 - start } == [.zero, .milliseconds(500), .milliseconds(500), .seconds(1)])
    #expect(player.state == .played)
  }

  @Test("a keyboard that comes before it has begun keeps it silent for good")
  func keyboard() {
    var player = DemoPlayer(Self.piece)
    #expect(Self.play(&player, isReady: { _ in true }, hasKeyboard: { (1000..<1100).contains($0) }).isEmpty)
  }
}
