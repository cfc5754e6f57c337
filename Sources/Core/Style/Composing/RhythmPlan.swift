// SPDX-License-Identifier: Apache-2.0
// Core/Style: the rhythm of a continuation.
import Glibc
import Music

/// When one hand plays. The rhythm of a whole answer is drawn before its pitches: so it ends where it should, and every
/// pitch is chosen knowing how many are left.
struct RhythmPlan {
  struct Onset {
    var position: Double
    /// Class of the distance from the onset before.
    var interOnset: UInt8
    /// To the next; 0 for the last.
    var nextInterOnset: UInt8
  }

  /// An answer has no more onsets than this in one hand.
  static let highestCount = 1024

  private(set) var onsets: [Onset]
  /// Onsets a beat to aim at, of this hand.
  private let density: Double?
  /// A bar, in beats.
  private let longest: Double
  /// Onsets too many before.
  private let former: Double

  /// From beat 0 to about the requested length; at least one onset.
  init(
    _ hand: Hand, _ predictor: inout Predictor, player: borrowing PlayerModel, using random: inout RandomSource
  ) {
    density = hand.density
    longest = (hand.request.timeSignature ?? .common).bar.count
    former = hand.request.surplus.isFinite ? hand.request.surplus : 0
    onsets = [Onset(position: 0, interOnset: hand.sequence.bytes.last?[.interOnset] ?? 0, nextInterOnset: 0)]
    // The highest hand has the last word.
    let lastOnset = hand.above.last?.onset.count ?? .infinity
    var events = hand.sequence.bytes
    while onsets.count < Self.highestCount {
      let last = onsets[onsets.count - 1]
      var event = EventBytes()
      event.set(interOnset: last.interOnset, hand.setting(at: last.position))
      events.append(event)
      let place = Predictor.Place(
        event: EventBytes(), index: events.count, events: events, former: -1, role: hand.role, position: last.position)
      predictor.predict([.interOnset], place, outcomes: RhythmClass.lengths.count, player: player) { $1 + 1 }
      let given = hand.nextGiven(after: last.position)
      let weights = RhythmClass.lengths.indices.map { outcome in
        let reached = given.map { last.position + RhythmClass.lengths[outcome] > $0 + 0.02 } ?? false
        return reached ? 0 : weight(outcome, room: hand.length - last.position)
      }
      let choice = Choice.drawn(
        predictor.probabilities, of: RhythmClass.lengths.count, temperature: hand.request.temperature, using: &random,
        weight: { weights[$0] })
      var position = last.position + RhythmClass.lengths[choice]
      // No class fits, or it leaves too little: the given note is next.
      if let given, position > given - 1 / 24.0 { position = given }
      guard position < hand.length - 0.02, position <= lastOnset + 0.02 else { break }
      let interOnset = RhythmClass.byte(of: position - last.position)
      onsets[onsets.count - 1].nextInterOnset = interOnset
      onsets.append(Onset(position: position, interOnset: interOnset, nextInterOnset: 0))
    }
  }

  /// Leans towards the requested density: lightly at first, for leaning harder made the answers less like their style
  /// (`jam report`), and the harder the more onsets there have been too many, or too few. So a style keeps its own figures
  /// and pays for them with longer notes. A long note does not end the answer while there is room for several as long as
  /// those before.
  private func weight(_ outcome: Int, room: Double) -> Double {
    let length = RhythmClass.lengths[outcome]
    if !isInTime(length) { return 0 }
    if length >= room - 0.02, room > 2 * meanInterOnset { return 0 }
    guard let density else { return 1 }
    // Nobody waits for longer than a bar, or than who is as sparse as asked for.
    if length > max(longest, 2 / density) { return 0 }
    let ratio = length * density
    let lean = ratio > 1 ? 1 / ratio : ratio.squareRoot().squareRoot()
    return lean * pow(ratio, surplus(density))
  }

  /// The exponent that makes up for onsets too many (above 0) or too few: two fifths for each, within bounds, so that no
  /// silence is followed by a rush; with wider bounds answers were less like their style (`jam report`).
  private func surplus(_ density: Double) -> Double {
    let expected = density * onsets[onsets.count - 1].position
    return min(1.4, max(-0.5, (former + Double(onsets.count - 1) - expected) / 2.5))
  }

  /// From a place within a triplet or an ornament no halves and whole beats: they would keep all that follows off the beat by
  /// a third of it or less, as no score does. The triplet goes on until it meets a whole thirty-second, anything else at
  /// once.
  private func isInTime(_ length: Double) -> Bool {
    let position = onsets[onsets.count - 1].position
    func isWhole(_ beats: Double, in parts: Double) -> Bool {
      (beats * parts - (beats * parts).rounded()).magnitude < 0.1
    }
    if isWhole(position, in: 8) || isWhole(position + length, in: 8) { return true }
    return isWhole(position, in: 12) && isWhole(position + length, in: 12) && !isWhole(length, in: 8)
  }

  private var meanInterOnset: Double {
    onsets.count > 1 ? max(0.25, onsets[onsets.count - 1].position / Double(onsets.count - 1)) : 1
  }
}
