// SPDX-License-Identifier: Apache-2.0
// Core/Responding: accompanying (Haile's accompaniment, Weinberg and Driscoll 2006; Shimon's opportunistic overlay,
// Hoffman and Weinberg 2011).
import Music

/// Comps: asks the style for a bar of chords at a time, continuing its own bars before; plays of it what the player leaves
/// room for. When the chord turns out to be another than the bar was made for, the rest of the bar is made anew, from the
/// next beat on.
public struct Comping: PlayingAlong {
  /// Bars of its own that a bar continues.
  private static let memory = Beats(16)
  private static let voices = 3.0
  /// Onsets too many or too few that later bars make up for.
  private static let surpluses = -2.0...8.0
  /// In beats: no hand comps faster, nor shorter where there is time.
  private static let (nearest, shortest) = (0.24, 0.25)
  /// With more of them a new chord is no reason to strike.
  private static let patience = 3.0

  /// The bar being played, beat 0 at its first beat, straight.
  private var bar: [Note] = []
  private var harmony: [Chord?] = []
  /// Its own bars before, beat 0 wherever; the next bar begins at `elapsed`.
  private var past: [Note] = []
  private var elapsed = Beats.zero
  /// Where on the keyboard the bar lies, how many onsets a second it was made with, and how loud.
  private var register: ClosedRange<Pitch>?
  private var planned = 1.0
  private var loudness = Velocity.standard
  /// Onsets too many until the bar began, and what has been struck of the bar.
  private var surplus = 0.0
  private var struck = 0

  /// The beat of the latest strike, counted like `elapsed`.
  private var latest = -Double.infinity

  public init() {}

  public mutating func notes(
    on beat: ComingBeat, beside player: PlayerActivity, from model: some ContinuationModel,
    using random: inout RandomSource
  ) -> [Note] {
    let position = beat.place
    let isFresh = beat.isFirst || beat.index >= harmony.count
    let hasChanged = !isFresh && !Self.isSame(harmony[beat.index], beat.chord)
    if isFresh || hasChanged {
      compose(beat, from: position, beside: player, model, &random)
    }
    // The answer to a new chord, unless there is one on every beat.
    let isAnswered = hasChanged && surplus < Self.patience
    if isAnswered { strike(beat, at: position) }
    // The bar was made for the player as he was, by a style that may know no fewer onsets.
    let room = min(1, onsets(beside: player, before: beat) / max(0.1, density(beat)))
    let now = Chords(bar.filter { $0.onset >= position - Beats(0.01) && $0.onset < position + beat.span - Beats(0.01) })
    var kept: [Chords.Chord] = []
    for chord in now.chords where elapsed.count + chord.onset - latest >= Self.nearest {
      let isAnswer = isAnswered && chord.onset < position.count + 0.05
      let isStrong = chord.onset.truncatingRemainder(dividingBy: 2) < 0.05
      guard isAnswer || random.uniform() < (isStrong ? max(room, 0.3) : room) else { continue }
      kept.append(chord)
      latest = elapsed.count + chord.onset
    }
    struck += kept.count
    return render(kept, beat, position, player, sparse: room < 0.5)
  }

  /// Onsets a second.
  private func onsets(beside player: PlayerActivity, before beat: ComingBeat) -> Double {
    let (density, role) = (player.density(before: beat.situation.start), beat.situation.role ?? .support)
    let register = register ?? Space.register(beside: player.pitches, role)
    let onsets = Space.strikes(beside: density, role, in: register, tempo: beat.tempo, bar: beat.bar)
    return onsets * beat.situation.density
  }

  /// Onsets a second of the bar as it was made.
  private func density(_ beat: ComingBeat) -> Double {
    Double(Chords(bar).chords.count) / beat.tempo.duration(of: beat.bar).seconds
  }

  /// No longer than the chord; at most two voices where there is little room. As loud as the bar was made, and as the
  /// player has become since; a downbeat has its accent.
  private func render(
    _ chords: [Chords.Chord], _ beat: ComingBeat, _ position: Beats, _ player: PlayerActivity, sparse: Bool
  ) -> [Note] {
    let change = Int(Self.loudness(beside: player, beat).value) - Int(loudness.value)
    let feel = beat.situation.feel
    return chords.flatMap { chord in
      let onset = feel.swung(Beats(chord.onset) - position)
      let duration = max(chord.duration, min(chord.interval - 0.02, Self.shortest))
      let end = min(feel.swung(Beats(chord.onset + duration) - position), beat.chordLength - Beats(0.02))
      let notes = sparse ? Array(chord.notes.suffix(2)) : chord.notes
      return notes.filter { _ in end > onset }.map { note in
        // Who accompanies is more even than who plays a tune.
        let contour = (Int(note.velocity.value) - Int(loudness.value)) / 3
        let velocity = Velocity(
          clamping: Int(loudness.value) + contour + change + Self.accent(at: chord.onset))
        return Note(pitch: note.pitch, velocity: velocity, onset: max(.zero, onset), duration: end - max(.zero, onset))
      }
    }.sorted(by: Note.inScoreOrder)
  }
}

// MARK: Loudness

extension Comping {
  private static func loudness(beside player: PlayerActivity, _ beat: ComingBeat) -> Velocity {
    Space.loudness(player.loudness ?? .standard, beat.situation.role ?? .support)
  }

  /// Of a place in a bar: the downbeat before other beats, and those before what lies between.
  private static func accent(at position: Double) -> Int {
    if position < 0.05 { return 6 }
    return (position - position.rounded()).magnitude < 0.05 ? 2 : -3
  }
}

// MARK: The bar

extension Comping {
  private mutating func compose(
    _ beat: ComingBeat, from position: Beats, beside player: PlayerActivity, _ model: some ContinuationModel,
    _ random: inout RandomSource
  ) {
    if beat.isFirst { remember(beat) }
    let beats = max(beat.index + 1, Int(beat.bar.count.rounded(.up)))
    let chords = (0..<beats).map { index in
      index < beat.index ? nil : Self.chord(in: beat.situation.harmony, at: max(0, Double(index) - position.count))
    }
    let range = Space.register(beside: player.pitches, beat.situation.role ?? .support, former: register)
    register = range
    planned = onsets(beside: player, before: beat)
    loudness = Self.loudness(beside: player, beat)
    var request = ContinuationRequest(
      context: context(chords[beat.index], range), key: beat.key,
      timeSignature: beat.situation.beat?.metre, startPosition: position, length: beat.bar - position, range: range,
      loudness: loudness, density: planned * beat.tempo.beat.seconds, surplus: owed(at: position, beat),
      polyphony: Self.voices,
      fewestVoices: 2, harmony: beat.situation.chords,
      isOnGrid: true, temperature: beat.situation.temperature, order: beat.situation.order)
    // Who accompanies plays the chord, also between beats.
    let stale = staleTop(before: position)
    request.allowed = request.harmony.map { change in
      Positioned(position: change.position, value: Self.tones(of: change.value, beat.key, in: range, without: stale))
    }
    // Colours are allowed on the beat, too.
    request.harmony = request.harmony.filter { Self.isPlain($0.value, in: range) }
    let notes = model.continuation(of: request, using: &random).map { note in
      var note = note
      note.onset = note.onset + position
      return note
    }
    bar = bar.filter { $0.onset < position - Beats(0.01) } + notes
    harmony = chords
  }

  /// The beat's chord, where the bar has nothing at `position`.
  private mutating func strike(_ beat: ComingBeat, at position: Beats) {
    guard let chord = beat.chord, let register, !bar.contains(where: { ($0.onset - position).count.magnitude < 0.05 })
    else { return }
    let next = bar.map(\.onset).filter { $0 > position }.min() ?? beat.bar
    let pitches = Voicing.pitches(of: chord, near: Voicing.center(register), count: Int(Self.voices), in: register)
    bar += pitches.map {
      Note(pitch: $0, velocity: loudness, onset: position, duration: min(Beats(1), next - position))
    }
    bar.sort(by: Note.inScoreOrder)
  }

  /// Onsets that have been too many until `position` in the bar, or too few.
  private func owed(at position: Beats, _ beat: ComingBeat) -> Double {
    surplus + Double(struck) - planned * beat.tempo.duration(of: position).seconds
  }

  /// Whatever the bass plays: that is the player's.
  private static func isSame(_ a: Chord?, _ b: Chord?) -> Bool { a?.root == b?.root && a?.quality == b?.quality }

  private static func chord(in harmony: [Positioned<Chord?>], at position: Double) -> Chord? {
    harmony.last { $0.position.count <= position + 0.01 }?.value
  }

  /// Of this bar until `position` and of those before, in order, beat 0 wherever.
  func struckNotes(before position: Beats) -> [Note] {
    past
      + bar.filter { $0.onset < position - Beats(0.01) }.map { note in
        var note = note
        note.onset = note.onset + elapsed
        return note
      }
  }

  /// Its own bars; before the first, a chord of half a bar.
  private func context(_ chord: Chord?, _ range: ClosedRange<Pitch>) -> [Note] {
    guard past.isEmpty else {
      let start = past[0].onset
      return past.map { note in
        var note = note
        note.onset = note.onset - start
        return note
      }
    }
    guard let chord else { return [] }
    return Voicing.pitches(of: chord, near: Voicing.center(range), count: 3, in: range).map {
      Note(pitch: $0, onset: .zero, duration: Beats(2))
    }
  }

  private mutating func remember(_ beat: ComingBeat) {
    if !harmony.isEmpty {
      surplus = min(Self.surpluses.upperBound, max(Self.surpluses.lowerBound, owed(at: beat.bar, beat)))
    }
    struck = 0
    past += bar.map { note in
      var note = note
      note.onset = note.onset + elapsed
      return note
    }
    elapsed = elapsed + beat.bar
    past.removeAll { $0.onset < elapsed - Self.memory }
    past.sort(by: Note.inScoreOrder)
    bar = []
  }
}
