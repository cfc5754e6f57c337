// SPDX-License-Identifier: Apache-2.0
// Core/Responding: taking up the player's rhythm (Shimon's phrase matching: Hoffman and Weinberg, "Interactive
// improvisation with a robotic marimba player", Autonomous Robots 31, 2011, section 4.3).
import Music

/// Strikes each of `bins` places of a beat with a probability that the player's bars move: p <- h * lambda + p * (1 -
/// lambda), where h is 1 where the player struck in the bar before and 0 elsewhere. So at lambda = 1 only the last bar
/// counts, and at lambda = 0 nothing is ever taken up. (The published text has it the other way round than its equation;
/// here the equation holds.) Accents are taken up in the same way. Pitches are tones of the chord, each near the one before.
public struct PhraseMatch: PlayingAlong {
  /// Places in a beat.
  public static let bins = 4
  static let longestBar = 16

  public let lambda: Double
  /// One for each place of the bar.
  public private(set) var probabilities: [Double] = []
  /// Of each place, how much louder than his mean the player strikes it, moved by the same lambda.
  public private(set) var accents: [Double] = []
  private var latest = 64
  private var chord: Chord?
  /// When `chord` was known last.
  private var known = Instant.zero
  private var register: ClosedRange<Pitch>?

  public init(lambda: Double = 0.5) { self.lambda = lambda.isFinite ? min(1, max(0, lambda)) : 0.5 }

  /// Hears a bar: onsets as places in it, 0..., each with its loudness above the player's mean. O(onsets * places).
  public mutating func hear(_ onsets: [(place: Int, accent: Double)], of count: Int) {
    if probabilities.count != count {
      probabilities = Array(repeating: 0, count: count)
      accents = Array(repeating: 0, count: count)
    }
    var struck = [Double?](repeating: nil, count: count)
    for place in struck.indices {
      let here = onsets.filter { $0.place == place }.map(\.accent)
      if !here.isEmpty { struck[place] = here.reduce(0, +) / Double(here.count) }
    }
    for index in struck.indices {
      let isNew = probabilities[index] == 0
      probabilities[index] = (struck[index] == nil ? 0 : lambda) + probabilities[index] * (1 - lambda)
      if let accent = struck[index] {
        accents[index] = isNew ? accent : accent * lambda + accents[index] * (1 - lambda)
      }
    }
  }

  public mutating func notes(
    on beat: ComingBeat, beside player: PlayerActivity, from model: some ContinuationModel,
    using random: inout RandomSource
  ) -> [Note] {
    let beats = min(Self.longestBar, max(1, Int(beat.bar.count.rounded(.up))))
    if beat.isFirst || probabilities.count != beats * Self.bins { hearBar(before: beat, beats, player) }
    let feel = beat.situation.feel
    let register = Space.register(beside: player.pitches, beat.situation.role ?? .support, former: register)
    self.register = register
    let loudness = Space.loudness(player.loudness ?? .standard, beat.situation.role)
    let first = min(beats - 1, beat.index) * Self.bins
    let start = Beats(beat.place.count - Double(beat.index))
    // A beat that the bar line cuts has only what lies before it.
    let low = Int(start.count * Double(Self.bins))
    let high = min(Int((start + beat.span).count * Double(Self.bins)), probabilities.count - first)
    let places = low..<max(low, high)
    // A new chord is answered on its first beat.
    let isNew =
      beat.chord != nil && chord != nil && (beat.chord?.root, beat.chord?.quality) != (chord?.root, chord?.quality)
    if beat.chord != nil { known = beat.situation.start }
    // A tune above makes it unclear for a beat or two.
    if beat.situation.start - known > beat.tempo.duration(of: beat.bar) { chord = nil }
    chord = beat.chord ?? chord
    let struck = places.filter { bin in
      random.uniform() < min(1, probabilities[first + bin] * beat.situation.density)
        || (isNew && bin == places.lowerBound)
    }
    return struck.enumerated().map { index, bin in
      let onset = feel.swung(Beats(Double(bin) / Double(Self.bins))) - start
      let next = index + 1 < struck.count ? struck[index + 1] : places.upperBound
      let end = feel.swung(Beats(Double(next) / Double(Self.bins))) - start
      let accent = Int(accents[first + bin].rounded())
      return Note(
        pitch: pitch(beat, register, &random), velocity: Velocity(clamping: Int(loudness.value) + accent),
        onset: onset, duration: (end - onset) * 0.9)
    }
  }

  /// What the player struck in the bar that ends with this beat's bar's beginning.
  private mutating func hearBar(before beat: ComingBeat, _ beats: Int, _ player: PlayerActivity) {
    let count = beats * Self.bins
    let start = beat.barStart - beat.tempo.duration(of: beat.bar)
    // Half a place early is still the first.
    let early = beat.tempo.duration(of: Beats(0.5 / Double(Self.bins)))
    let mean = Double((player.loudness ?? .standard).value)
    let onsets = player.onsets(from: start - early, until: beat.barStart - early).map { onset in
      let position = beat.situation.feel.straightened(beat.tempo.beats(in: onset.at - start))
      let place = max(0, Int((position.count * Double(Self.bins)).rounded()))
      return (place: place, accent: Double(onset.velocity.value) - mean)
    }
    hear(onsets, of: count)
  }

  /// A tone of the latest chord, or without a chord one of the key's triad, up to a sixth from the one before.
  private mutating func pitch(_ beat: ComingBeat, _ register: ClosedRange<Pitch>, _ random: inout RandomSource) -> Pitch
  {
    let tones = chord?.pitchClasses ?? beat.key.map { [$0.scale[0], $0.scale[2], $0.scale[4]] } ?? PitchClass.all
    let all = (Int(register.lowerBound.number)...Int(register.upperBound.number))
      .map { Pitch(clamping: $0) }.filter { tones.contains($0.pitchClass) }
    guard !all.isEmpty else { return register.lowerBound }
    let ordered = all.sorted { a, b in
      (abs(Int(a.number) - latest), a) < (abs(Int(b.number) - latest), b)
    }
    let chosen = ordered[min(ordered.count - 1, Int(random.uniform() * Double(min(4, ordered.count))))]
    latest = Int(chosen.number)
    return chosen
  }
}
