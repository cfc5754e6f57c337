// SPDX-License-Identifier: Apache-2.0
// Core/Responding: how a player divides the beat.
import Music

/// Straight or swung: where the second half of a beat begins.
///
/// The swing ratio is that of the long to the short of two eighths, 1 for straight ones and 2 for triplets (Friberg and
/// Sundstrom, "Swing ratios and ensemble timing in jazz performance", Music Perception 19(3), 2002).
public struct Feel: Hashable, Sendable {
  /// 1...3.5.
  public let swingRatio: Double

  public static let straight = Feel(swingRatio: 1)

  public init(swingRatio: Double) { self.swingRatio = swingRatio.isFinite ? min(3.5, max(1, swingRatio)) : 1 }

  public var isSwung: Bool { swingRatio > 1.2 }

  /// The place of the off-beat eighth in its beat, 0.5...0.78.
  public var offBeat: Double { swingRatio / (1 + swingRatio) }

  /// Heard from onsets at `positions` in beats: the mean place of those between the middle and the last quarter of a beat,
  /// where no other divisions contradict. Straight unless at least `fewest` onsets stand there. O(onsets).
  public static func heard(at positions: [Beats], fewest: Int = 3) -> Feel {
    let places = positions.map { $0.count - $0.count.rounded(.down) }
    let offBeats = places.filter { (0.45...0.76).contains($0) }
    // Sixteenths divide the first half too: then three quarters of a beat is no swing.
    let divided = places.count { (0.18...0.32).contains($0) }
    guard offBeats.count >= fewest, divided * 3 < offBeats.count else { return .straight }
    let mean = offBeats.reduce(0, +) / Double(offBeats.count)
    let spread = (offBeats.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(offBeats.count)).squareRoot()
    guard mean > 0.54, mean < 0.74, spread < 0.07 else { return .straight }
    return Feel(swingRatio: mean / (1 - mean))
  }

  /// From straight to this feel: each half of a beat is stretched or pressed. Monotonic; beats stay where they are.
  public func swung(_ position: Beats) -> Beats { bent(position, from: 0.5, to: offBeat) }

  /// The other way round.
  public func straightened(_ position: Beats) -> Beats { bent(position, from: offBeat, to: 0.5) }

  private func bent(_ position: Beats, from: Double, to: Double) -> Beats {
    guard isSwung, position.count.isFinite else { return position }
    let beat = position.count.rounded(.down)
    let place = position.count - beat
    return Beats(beat + (place < from ? place / from * to : 1 - (1 - place) / (1 - from) * (1 - to)))
  }

  /// `notes` bent by `bend`, where beat 0 of theirs is at `origin`.
  private func bent(_ notes: [Note], at origin: Beats, _ bend: (Beats) -> Beats) -> [Note] {
    guard isSwung else { return notes }
    return notes.map { note in
      var note = note
      let (onset, end) = (bend(origin + note.onset), bend(origin + note.end))
      note.onset = onset - bend(origin)
      note.duration = end - onset
      return note
    }
  }

  /// Straight notes as this feel plays them, beat 0 at `origin` in the bar.
  public func swung(_ notes: [Note], at origin: Beats) -> [Note] { bent(notes, at: origin, swung) }

  /// Notes of this feel made straight, as scores write them.
  public func straightened(_ notes: [Note], at origin: Beats) -> [Note] { bent(notes, at: origin, straightened) }
}
