// SPDX-License-Identifier: Apache-2.0
// Core/Responding: turning a phrase into another one.
import Music

/// What can be done with a phrase. The first three are Haile's stochastic ones (Weinberg and Driscoll, "Toward robotic
/// musicianship", Computer Music Journal 30(4), 2006), the others counterpoint's.
public enum Transformation: Hashable, Sendable, CaseIterable {
  /// Some notes are struck twice in the time of one.
  case divide
  /// Some onsets are left out and the note before lasts through: its length is multiplied.
  case multiply
  /// Some onsets off the beat are left out.
  case skip
  case transpose, invert, retrograde
  /// The first half in twice the time.
  case augment
  case ornament

  /// O(n log n). Never empty for notes.
  public func applied(to phrase: Chords, key: Key?, using random: inout RandomSource) -> Chords {
    var result = phrase
    switch self {
    case .divide: result.chords = phrase.chords.flatMap { $0.divided(random.uniform() < 0.4) }
    case .multiply: result.chords = Self.thinned(phrase.chords, lengthens: true, using: &random)
    case .skip: result.chords = Self.thinned(phrase.chords, lengthens: false, using: &random)
    case .transpose:
      let steps = [-4, -3, -2, 2, 3, 4][Int(random.uniform() * 6)]
      result.chords = phrase.chords.map { $0.mapped { Scale(key).moved($0, by: steps) } }
    case .invert: result.chords = Self.inverted(phrase.chords, Scale(key))
    case .retrograde: result.chords = Self.reversed(phrase)
    case .augment: result = Self.augmented(phrase)
    case .ornament: result.chords = phrase.chords.flatMap { $0.ornamented(Scale(key), random.uniform()) }
    }
    return result
  }

  /// An onset on the beat stays, so that the feel does.
  private static func thinned(
    _ chords: [Chords.Chord], lengthens: Bool, using random: inout RandomSource
  ) -> [Chords.Chord] {
    chords.reduce(into: []) { kept, chord in
      let isOnBeat = (chord.onset - chord.onset.rounded()).magnitude < 0.1
      let goes = random.uniform() < (isOnBeat ? 0 : 0.5)
      guard goes, let last = kept.last else { return kept.append(chord) }
      if lengthens { kept[kept.count - 1].duration = chord.onset + chord.duration - last.onset }
    }
  }

  /// Around the middle of the phrase, so that it stays in its register.
  private static func inverted(_ chords: [Chords.Chord], _ scale: Scale) -> [Chords.Chord] {
    let degrees = chords.flatMap(\.notes).map { scale.degree(of: $0.pitch) }
    guard let lowest = degrees.min(), let highest = degrees.max() else { return chords }
    return chords.map { chord in
      chord.mapped { pitch in scale.moved(pitch, by: lowest + highest - 2 * scale.degree(of: pitch)) }
    }
  }

  private static func reversed(_ phrase: Chords) -> [Chords.Chord] {
    phrase.chords.reversed().map { chord in
      var chord = chord
      chord.onset = max(0, phrase.length - chord.onset - chord.interval)
      return chord
    }
  }

  private static func augmented(_ phrase: Chords) -> Chords {
    let half = phrase.chords.prefix((phrase.chords.count + 1) / 2)
    let chords = half.map { chord in
      var chord = chord
      (chord.onset, chord.duration, chord.interval) = (chord.onset * 2, chord.duration * 2, chord.interval * 2)
      return chord
    }
    return Chords(chords: chords, length: chords.map { $0.onset + $0.interval }.max() ?? phrase.length)
  }
}

extension Chords.Chord {
  /// Twice in the time of one, where that is an eighth at least.
  fileprivate func divided(_ isWanted: Bool) -> [Self] {
    guard isWanted, interval >= 0.49 else { return [self] }
    var (first, second) = (self, self)
    first.interval = interval / 2
    second.interval = interval / 2
    second.onset += interval / 2
    first.duration = min(duration, interval / 2)
    second.duration = min(duration, interval / 2)
    return [first, second]
  }

  /// With a note of the scale before it (a grace note), after it (a passing one), or as it is.
  fileprivate func ornamented(_ scale: Scale, _ chance: Double) -> [Self] {
    guard chance < 0.4, interval >= 0.49, let top = notes.max(by: { $0.pitch < $1.pitch }) else { return [self] }
    var (main, extra) = (self, self)
    extra.notes = [top]
    extra = extra.mapped { scale.moved($0, by: chance < 0.2 ? 1 : -1) }
    let share = interval / 4
    extra.duration = share
    extra.interval = share
    main.interval = interval - share
    if chance < 0.2 {
      main.onset += share
      main.duration = max(share, duration - share)
      return [extra, main]
    }
    main.duration = min(duration, interval - share)
    extra.onset += interval - share
    return [main, extra]
  }
}
