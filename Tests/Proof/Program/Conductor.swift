// SPDX-License-Identifier: Apache-2.0
// Tests/Proof: what is asked of the clock that is sent and of JACK's transport.
import JACKOutput
import Music
import RealTime

/// Goes by the audio that has been played, so that every performance is asked for the same: tempo and metre change, the
/// music stops and goes on, nobody gives the beat for a while, the clock is cut off and the lead given away.
struct Conductor {
  private static let tempos = [152.0, 240, 96, 288, 180]
  private static let metres = [TimeSignature(beats: 2, unit: 4), TimeSignature(beats: 3, unit: 4), .common]

  private var turn: UInt64?
  private var tempo = Tempo.standard
  private var metre = TimeSignature.common
  /// A beat and the frame it is on: the beat runs by the audio, however fast that goes.
  private var beat = Beats.zero
  private var frame = Frames(0)

  /// `played` is how many frames of audio there were.
  mutating func conduct(_ output: JACKOutput, played: UInt64) {
    let now = Instant.now()
    guard let here = output.frames(at: now) else { return }
    let second = played / 48000
    if turn != second / 2 { change(to: second / 2, at: here) }
    output.sendsClock = second % 10 < 9
    output.transportUse = second % 13 < 11 ? .lead : .off
    guard let anchor = output.instant(of: frame) else { return }
    let grid = BeatGrid(tempo: tempo, anchor: anchor, origin: beat, metre: metre)
    output.updateClock(beat: second % 16 == 15 ? nil : grid, isPlaying: second % 4 < 3, at: now)
  }

  private mutating func change(to turn: UInt64, at here: Frames) {
    let passed = Double(Int64(bitPattern: here.count &- frame.count)) / 48000
    beat = self.turn == nil ? .zero : beat + tempo.beats(in: .seconds(passed))
    (frame, self.turn) = (here, turn)
    tempo = Tempo(beatsPerMinute: Self.tempos[Int(turn) % Self.tempos.count]) ?? .standard
    metre = Self.metres[Int(turn) % Self.metres.count]
  }
}
