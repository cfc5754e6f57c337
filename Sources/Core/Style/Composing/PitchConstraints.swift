// SPDX-License-Identifier: Apache-2.0
// Core/Style: which pitches a request leaves at each onset.
import Music

/// The pitches that one hand may strike at each onset of its rhythm. Wishes are applied from the most important to the
/// least; one that would leave no pitch is dropped for that onset and counted.
struct PitchConstraints {
  /// Notes this near a beat, in beats, are on it.
  private static let tolerance = 0.05

  private let request: ContinuationRequest
  private let isHighest: Bool
  private let everything: PitchSet
  private let ending: PitchSet?
  /// What the rest of the request leaves at each onset, for the notes under the highest.
  private(set) var lower: [PitchSet] = []
  /// The same for the highest note.
  private(set) var highest: [PitchSet] = []
  private(set) var dropped: [Continuation.Wish: Int] = [:]

  /// `ceilings` has what sounds in the hand above at each onset. O(onsets).
  init(_ request: ContinuationRequest, isHighest: Bool, positions: [Double], ceilings: [Int?]) {
    self.request = request
    self.isHighest = isHighest
    everything = PitchSet(request.range)
    ending = isHighest && !request.endings.isEmpty ? PitchSet(request.endings) : nil
    let harmonies = Timeline(request.harmony)
    let rules = Timeline(request.allowed)
    for (index, position) in positions.enumerated() {
      let chord = isOnBeat(position) ? harmonies.value(at: position).map { PitchSet($0.pitchClasses) } : nil
      let allowed = rules.value(at: position)
      lower.append(
        [allowed, chord].reduce(everything) { set, rule in rule.map { set.intersection($0) } ?? set })
      let given = isHighest ? Self.note(in: request.given, at: position).map { PitchSet($0...$0) } : nil
      let under = ceilings[index].map { ceiling in PitchSet { Int($0.number) < ceiling } }
      let above = request.fewestVoices > 1 ? Self.room(above: lower[index], voices: request.fewestVoices) : nil
      apply([
        (.given, given), (.ending, index == positions.count - 1 ? ending : nil), (.allowed, allowed), (.harmony, chord),
        (.voices, under), (.voices, above),
      ])
    }
    let missed = isHighest ? request.given.count { note in !positions.contains { Self.isSame($0, note.position) } } : 0
    if missed > 0 { dropped[.given, default: 0] += missed }
  }

  /// Whether any onset is constrained beyond the range.
  var isEmpty: Bool { highest.allSatisfy { $0 == everything } }

  /// For each onset a weight for each pitch of the range, as a `PitchChain` wants them; nil where all are allowed.
  var potentials: [[Double]?] {
    let pitches = Int(request.range.lowerBound.number)...Int(request.range.upperBound.number)
    return highest.enumerated().map { index, set in
      let isEnding = index == highest.count - 1 && ending != nil
      if set == everything, !isEnding { return nil }
      return pitches.map { number in
        guard set.contains(Pitch(clamping: number)) else { return 0 }
        guard isEnding else { return 1 }
        // Where the ending had to be dropped all are alike.
        let rank = request.endings.firstIndex(of: PitchClass(number)) ?? request.endings.count
        return 1 / Double(rank + 1)
      }
    }
  }

  /// The pitches below which `set` has notes for all the other voices.
  private static func room(above set: PitchSet, voices: Int) -> PitchSet {
    let lowest = (0...127).filter { set.contains(Pitch(clamping: $0)) }.dropFirst(voices - 1).first ?? 0
    return PitchSet { Int($0.number) >= lowest }
  }

  static func note(in given: [Positioned<Pitch>], at position: Double) -> Pitch? {
    given.first { isSame(position, $0.position) }?.value
  }

  static func isSame(_ position: Double, _ other: Beats) -> Bool { abs(position - other.count) < 0.02 }

  private func isOnBeat(_ position: Double) -> Bool {
    let beat = request.startPosition.count + position
    return abs(beat - beat.rounded()) < Self.tolerance
  }

  private mutating func apply(_ wishes: [(Continuation.Wish, PitchSet?)]) {
    var left = everything
    for (wish, set) in wishes {
      guard let set else { continue }
      let next = left.intersection(set)
      if next.isEmpty { dropped[wish, default: 0] += 1 } else { left = next }
    }
    highest.append(left)
  }
}

/// Values that hold from their position until the next.
struct Timeline<Value: Hashable & Sendable> {
  private let values: [Positioned<Value>]

  init(_ values: [Positioned<Value>]) { self.values = values.sorted { $0.position < $1.position } }

  /// O(values).
  func value(at position: Double) -> Value? { values.last { $0.position.count <= position + 0.02 }?.value }
}
