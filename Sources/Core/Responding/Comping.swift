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

  /// The bar being played, beat 0 at its first beat, straight.
  private var bar: [Note] = []
  private var harmony: [Chord?] = []
  /// Its own bars before, beat 0 wherever; the next bar begins at `elapsed`.
  private var past: [Note] = []
  private var elapsed = Beats.zero

  public init() {}

  public mutating func notes(
    on beat: ComingBeat, beside player: PlayerActivity, from model: some ContinuationModel,
    using random: inout RandomSource
  ) -> [Note] {
    let position = Beats(Double(beat.index))
    let isFresh = beat.index == 0 || beat.index >= harmony.count
    if isFresh || harmony[beat.index] != beat.chord {
      compose(beat, from: position, beside: player, model, &random)
    }
    let busyness = Self.busyness(of: player, before: beat)
    let role = beat.situation.role ?? .support
    let room = Space.room(beside: busyness, role) * min(1, beat.situation.density)
    let now = Chords(bar.filter { $0.onset >= position - Beats(0.01) && $0.onset < position + Beats(0.99) })
    let kept = now.chords.filter { chord in
      let isStrong = chord.onset.truncatingRemainder(dividingBy: 2) < 0.05
      return random.uniform() < (isStrong ? max(room, 0.3) : room)
    }
    return render(kept, beat, position, player, sparse: room < 0.5)
  }

  /// The player's onsets a second in the last two seconds, whatever the beat is taken for.
  private static func busyness(of player: PlayerActivity, before beat: ComingBeat) -> Double {
    let span = Duration.seconds(2)
    return Double(player.rhythm(from: beat.situation.start - span, until: beat.situation.start).count) / 2
  }

  /// No longer than the chord; at most two voices where there is little room.
  private func render(
    _ chords: [Chords.Chord], _ beat: ComingBeat, _ position: Beats, _ player: PlayerActivity, sparse: Bool
  ) -> [Note] {
    let loudness = Space.loudness(player.loudness ?? .standard, beat.situation.role ?? .support)
    let feel = beat.situation.feel
    return chords.flatMap { chord in
      let onset = feel.swung(Beats(chord.onset) - position)
      let end = min(feel.swung(Beats(chord.onset + chord.duration) - position), beat.chordLength - Beats(0.02))
      let notes = sparse ? Array(chord.notes.suffix(2)) : chord.notes
      return notes.filter { _ in end > onset }.map { note in
        Note(pitch: note.pitch, velocity: loudness, onset: max(.zero, onset), duration: end - max(.zero, onset))
      }
    }.sorted(by: Note.inScoreOrder)
  }
}

// MARK: The bar

extension Comping {
  private mutating func compose(
    _ beat: ComingBeat, from position: Beats, beside player: PlayerActivity, _ model: some ContinuationModel,
    _ random: inout RandomSource
  ) {
    if beat.index == 0 { remember(beat) }
    let beats = max(beat.index + 1, Int(beat.bar.count.rounded(.up)))
    let chords = (0..<beats).map { index in
      index < beat.index ? nil : Self.chord(in: beat.situation.harmony, at: Double(index - beat.index))
    }
    let range = Space.register(beside: player.register, beat.situation.role ?? .support)
    var request = ContinuationRequest(
      context: context(chords[beat.index], range), key: beat.key,
      timeSignature: beat.situation.beat?.metre, startPosition: position, length: beat.bar - position, range: range,
      loudness: .standard, polyphony: Self.voices, harmony: beat.situation.chords,
      temperature: beat.situation.temperature, order: beat.situation.order)
    // Who accompanies plays the chord, also between beats.
    request.allowed = request.harmony.map { Positioned(position: $0.position, value: PitchSet($0.value.pitchClasses)) }
    let notes = model.continuation(of: request, using: &random).map { note in
      var note = note
      note.onset = note.onset + position
      return note
    }
    bar = bar.filter { $0.onset < position - Beats(0.01) } + notes
    harmony = chords
  }

  private static func chord(in harmony: [Positioned<Chord?>], at position: Double) -> Chord? {
    harmony.last { $0.position.count <= position + 0.01 }?.value
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
