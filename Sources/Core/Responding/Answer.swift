// SPDX-License-Identifier: Apache-2.0
// Core/Responding: call and response (the Continuator's way: Pachet, "The Continuator", JNMR 2003).
import Music

/// Continues the call: in its key, tempo, register, density and loudness, about as long, with an end that sounds like one.
public struct Answer: Sendable {
  /// An answer is never asked to be shorter or longer than this, in beats.
  static let lengths = 2.0...64.0
  /// So much of the call's last notes' ringing on counts as its length, in beats.
  static let longestTail = 4.0
  /// So many of the call's last notes are the context.
  static let contextCapacity = 512
  /// The call's register is widened by this many semitones on both sides, and to an octave and a half at least.
  static let widening = 4
  static let narrowest = 18
  /// A piano's 88 keys.
  static let piano = 21...108

  public init() {}

  /// What to ask of a style for an answer that starts at `start` (nil: right after the call). O(notes).
  public func request(for call: Call, startingAt start: Instant? = nil, temperature: Double) -> ContinuationRequest {
    ContinuationRequest(
      context: Self.context(call.phrase.notes(at: call.tempo)), key: call.key,
      startPosition: Self.position(call, start ?? call.phrase.end), length: Self.length(call),
      range: Self.range(call), loudness: call.loudness, density: call.density.map { $0 * call.tempo.beat.seconds },
      polyphony: call.polyphony, endings: Self.endings(call), temperature: temperature)
  }

  /// The same under `situation`: where the beat is known in its metre and without its swing, which is given back to what
  /// is played; as dense, as loud and as long as role and wishes have it.
  public func request(for call: Call, in situation: Situation) -> ContinuationRequest {
    var request = request(for: call, startingAt: situation.start, temperature: situation.temperature)
    if let beat = situation.beat, let position = situation.barPosition {
      let heard = situation.feel.straightened(
        call.phrase.notes(at: call.tempo), at: beat.position(at: call.phrase.start))
      request.context = Self.context(heard)
      request.timeSignature = beat.metre
      request.startPosition = position
    }
    request.harmony = situation.chords
    request.order = situation.order
    request.density = request.density.map { $0 * situation.density * Space.density(situation.role) }
    request.loudness = Space.loudness(request.loudness, situation.role)
    let length = request.length.count * situation.length
    request.length = Beats(min(Self.lengths.upperBound, max(Self.lengths.lowerBound, length)))
    return request
  }

  /// The same for the rest of an answer of which `played` has begun when it has to go on otherwise, at `start`.
  public func request(
    for call: Call, goingOnFrom played: [PlayedNote], at start: Instant, temperature: Double
  ) -> ContinuationRequest {
    var request = request(for: call, startingAt: start, temperature: temperature)
    guard let phrase = Phrase(call.phrase.notes + played), let begun = played.map(\.onset).min() else { return request }
    request.context = Self.context(phrase.notes(at: call.tempo))
    let rest = request.length - call.tempo.beats(in: max(.zero, start - begun))
    request.length = max(Beats(1), rest)
    return request
  }

  /// The model's continuation; where the model has nothing to say, the call turned backwards. Never empty for a request
  /// with a context.
  public func notes(
    for request: ContinuationRequest, from model: some ContinuationModel, using random: inout RandomSource
  ) -> [Note] {
    let notes = model.continuation(of: request, using: &random)
    return notes.isEmpty ? retrograde(request) : notes
  }

  /// The last notes, beat 0 at the first of them.
  private static func context(_ notes: [Note]) -> [Note] {
    let last = notes.suffix(contextCapacity)
    let start = last.first?.onset ?? .zero
    return last.map { note in
      var note = note
      note.onset = note.onset - start
      return note
    }
  }

  /// From the first onset to the last release, without a long ringing on.
  private static func length(_ call: Call) -> Beats {
    let toLastOnset = call.tempo.beats(in: call.phrase.lastOnset - call.phrase.start).count
    let tail = call.tempo.beats(in: call.phrase.end - call.phrase.lastOnset).count
    return Beats(min(lengths.upperBound, max(lengths.lowerBound, toLastOnset + min(longestTail, tail))))
  }

  /// As long as no metre is known: bars of four beats from the first onset on, to the nearest sixteenth.
  private static func position(_ call: Call, _ start: Instant) -> Beats {
    let sixteenths = (call.tempo.beats(in: start - call.phrase.start).count * 4).rounded()
    let bar = TimeSignature.common.bar.count
    return Beats(max(0, (sixteenths / 4).truncatingRemainder(dividingBy: bar)))
  }

  private static func range(_ call: Call) -> ClosedRange<Pitch> {
    var low = Int(call.lowest.number) - widening
    var high = Int(call.highest.number) + widening
    if high - low < narrowest {
      let missing = narrowest - (high - low)
      low -= missing / 2
      high += missing - missing / 2
    }
    // Moved onto the piano's keyboard as it is, or cut where it is wider than that.
    let shift = max(0, piano.lowerBound - low) - max(0, high - piano.upperBound)
    low = max(piano.lowerBound, low + (high - low > piano.count ? 0 : shift))
    high = min(piano.upperBound, max(low + narrowest, high + shift))
    return Pitch(clamping: low)...Pitch(clamping: high)
  }

  /// Tonic, third, fifth of the key; without a key the call's last pitch class.
  private static func endings(_ call: Call) -> [PitchClass] {
    guard let key = call.key else { return [call.phrase.notes[call.phrase.notes.count - 1].pitch.pitchClass] }
    let scale = key.scale
    return [scale[0], scale[2], scale[4]]
  }
}

extension Answer: PhraseResponse {
  public func notes(
    for call: Call, in situation: Situation, from model: some ContinuationModel, using random: inout RandomSource
  ) -> [Note] {
    let notes = notes(for: request(for: call, in: situation), from: model, using: &random)
    return situation.feel.swung(notes, at: situation.barPosition ?? .zero)
  }
}
