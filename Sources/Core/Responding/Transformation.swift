// SPDX-License-Identifier: Apache-2.0
// Core/Responding: turning a phrase into another one.
import Music

/// What can be done with a phrase. The first three are Haile's stochastic ones (Weinberg and Driscoll, "Toward robotic
/// musicianship", Computer Music Journal 30(4), 2006), the others counterpoint's.
public enum Transformation: Hashable, Sendable, CaseIterable {
  /// Some notes are struck twice in the time of one.
  case divide
  /// Some weak onsets are left out and the note before lasts through: its length is multiplied.
  case multiply
  /// Some weak onsets are left out.
  case skip
  case transpose, invert, retrograde
  /// In twice the time: a short phrase as a whole, of a long one either half.
  case augment
  case ornament

  /// Beats up to which a phrase is augmented as a whole.
  private static let shortest = 8.0
  /// Beats that a note needs to be two.
  fileprivate static let divisible = 0.49
  /// Of what can be changed, the share that is.
  private static let share = (divided: 0.4, thinned: 0.5, ornamented: 0.4)

  /// Whether it makes another phrase of this one. O(n log n).
  public func changes(_ phrase: Chords, key: Key?) -> Bool {
    switch self {
    case .divide, .ornament: phrase.chords.contains { $0.interval >= Self.divisible }
    case .multiply, .skip: !phrase.weak.isEmpty
    case .transpose, .augment: !phrase.chords.isEmpty
    case .invert: Self.inverted(phrase.chords, Scale(key)) != phrase.chords
    case .retrograde: Chords(chords: Self.reversed(phrase), length: phrase.length).notes != phrase.notes
    }
  }

  /// O(n log n). Never empty for notes.
  public func applied(to phrase: Chords, key: Key?, using random: inout RandomSource) -> Chords {
    var result = phrase
    switch self {
    case .divide: result.chords = Self.divided(phrase.chords, using: &random)
    case .multiply: result.chords = Self.thinned(phrase, lengthens: true, using: &random)
    case .skip: result.chords = Self.thinned(phrase, lengthens: false, using: &random)
    case .transpose:
      let steps = [-4, -3, -2, 2, 3, 4][Int(random.uniform() * 6)]
      result.chords = phrase.chords.map { $0.mapped { Scale(key).moved($0, by: steps) } }
    case .invert: result.chords = Self.inverted(phrase.chords, Scale(key))
    case .retrograde: result.chords = Self.reversed(phrase)
    case .augment: result = Self.augmented(phrase, using: &random)
    case .ornament: result.chords = Self.ornamented(phrase.chords, Scale(key), using: &random)
    }
    return result
  }

  /// Each of `indices` with this chance, but one at least.
  private static func drawn(_ indices: [Int], _ chance: Double, using random: inout RandomSource) -> Set<Int> {
    let drawn = indices.filter { _ in random.uniform() < chance }
    guard drawn.isEmpty, !indices.isEmpty else { return Set(drawn) }
    return [indices[Int(random.uniform() * Double(indices.count))]]
  }

  private static func divided(_ chords: [Chords.Chord], using random: inout RandomSource) -> [Chords.Chord] {
    let long = drawn(chords.indices.filter { chords[$0].interval >= divisible }, share.divided, using: &random)
    return chords.indices.flatMap { long.contains($0) ? chords[$0].divided : [chords[$0]] }
  }

  private static func ornamented(
    _ chords: [Chords.Chord], _ scale: Scale, using random: inout RandomSource
  ) -> [Chords.Chord] {
    let long = drawn(chords.indices.filter { chords[$0].interval >= divisible }, share.ornamented, using: &random)
    return chords.indices.flatMap { index in
      long.contains(index) ? chords[index].ornamented(scale, before: random.uniform() < 0.5) : [chords[index]]
    }
  }

  /// What is strong stays, so that the feel does.
  private static func thinned(
    _ phrase: Chords, lengthens: Bool, using random: inout RandomSource
  ) -> [Chords.Chord] {
    let gone = drawn(phrase.weak, share.thinned, using: &random)
    return phrase.chords.indices.reduce(into: []) { kept, index in
      let chord = phrase.chords[index]
      guard gone.contains(index), let last = kept.last else { return kept.append(chord) }
      if lengthens { kept[kept.count - 1].duration = chord.onset + chord.duration - last.onset }
      kept[kept.count - 1].interval = chord.onset + chord.interval - last.onset
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

  private static func augmented(_ phrase: Chords, using random: inout RandomSource) -> Chords {
    let middle = (phrase.length / 2).rounded()
    // What is not in twice the time is as it was: nothing of the call is lost.
    let slow =
      phrase.length <= shortest ? 0...phrase.length : random.uniform() < 0.5 ? 0...middle : middle...phrase.length
    func moved(_ place: Double) -> Double {
      place + min(slow.upperBound, max(slow.lowerBound, place)) - slow.lowerBound
    }
    let chords = phrase.chords.map { chord in
      var chord = chord
      let (end, next) = (moved(chord.onset + chord.duration), moved(chord.onset + chord.interval))
      chord.onset = moved(chord.onset)
      (chord.duration, chord.interval) = (end - chord.onset, next - chord.onset)
      return chord
    }
    return Chords(chords: chords, length: moved(phrase.length))
  }
}

extension Chords.Chord {
  /// Twice in the time of one.
  fileprivate var divided: [Self] {
    var (first, second) = (self, self)
    first.interval = interval / 2
    second.interval = interval / 2
    second.onset += interval / 2
    first.duration = min(duration, interval / 2)
    second.duration = min(duration, interval / 2)
    return [first, second]
  }

  /// With a note of the scale before it (a grace note) or after it (a passing one).
  fileprivate func ornamented(_ scale: Scale, before: Bool) -> [Self] {
    guard let top = notes.max(by: { $0.pitch < $1.pitch }) else { return [self] }
    var (main, extra) = (self, self)
    extra.notes = [top]
    extra = extra.mapped { scale.moved($0, by: before ? 1 : -1) }
    let share = interval / 4
    extra.duration = share
    extra.interval = share
    main.interval = interval - share
    if before {
      main.onset += share
      main.duration = max(share, duration - share)
      return [extra, main]
    }
    main.duration = min(duration, interval - share)
    extra.onset += interval - share
    return [main, extra]
  }
}
