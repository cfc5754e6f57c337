// SPDX-License-Identifier: Apache-2.0
// Core/Responding: call and response (the Continuator's way: Pachet, "The Continuator", JNMR 2003).
import Music

/// What the answer knows of the call.
public struct Call: Hashable, Sendable {
  public var phrase: Phrase
  public var tempo: Tempo
  public var key: Key?
  public var lowest: Pitch
  public var highest: Pitch
  public var loudness: Velocity
  public var polyphony: Double

  public init(
    phrase: Phrase, tempo: Tempo, key: Key?, lowest: Pitch, highest: Pitch, loudness: Velocity, polyphony: Double
  ) {
    self.phrase = phrase
    self.tempo = tempo
    self.key = key
    self.lowest = lowest
    self.highest = highest
    self.loudness = loudness
    self.polyphony = polyphony
  }
}

/// Continues the call: in its key, tempo, register and loudness, about as long, with an end that sounds like one.
public struct Answer: Sendable {
  /// An answer is never shorter or longer than this, in beats.
  static let lengths = 1.0...64.0
  /// The call's register is widened by this many semitones on both sides, and to an octave and a half at least.
  static let widening = 4
  static let narrowest = 18
  /// A piano's 88 keys.
  static let piano = 21...108

  public init() {}

  public func request(for call: Call, temperature: Double) -> ContinuationRequest {
    let context = call.phrase.notes(at: call.tempo)
    let length = call.tempo.beats(in: call.phrase.end - call.phrase.start).count
    return ContinuationRequest(
      context: context, key: call.key,
      length: Beats(min(Self.lengths.upperBound, max(Self.lengths.lowerBound, length))),
      range: Self.range(call), loudness: call.loudness, polyphony: call.polyphony,
      endings: Self.endings(call), temperature: temperature)
  }

  /// Notes of a continuation in real time from `start` on: in order of onset, a pitch struck again ends first.
  public func render(_ notes: [Note], from start: Instant, tempo: Tempo, channel: Channel = .first) -> [PlayedNote] {
    var played = notes.map { note in
      PlayedNote(
        pitch: note.pitch, velocity: note.velocity, channel: channel, onset: start + tempo.duration(of: note.onset),
        duration: max(.milliseconds(20), tempo.duration(of: note.duration)))
    }.sorted(by: PlayedNote.inPlayedOrder)
    var latest: [Pitch: Int] = [:]
    for index in played.indices {
      let note = played[index]
      if let former = latest[note.pitch] {
        played[former].duration = min(played[former].duration, note.onset - played[former].onset)
      }
      latest[note.pitch] = index
    }
    return played.filter { $0.duration > .zero }
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

  /// Tonic, fifth, third of the key; without a key the call's last pitch class.
  private static func endings(_ call: Call) -> [PitchClass] {
    guard let key = call.key else { return [call.phrase.notes[call.phrase.notes.count - 1].pitch.pitchClass] }
    let scale = key.scale
    return [scale[0], scale[4], scale[2]]
  }
}
