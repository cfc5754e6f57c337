// SPDX-License-Identifier: Apache-2.0
// Core/Style: one stream of a continuation.
import Music

/// One hand of a continuation in the making: what the model sees as past, and the notes so far.
struct Hand {
  /// So many of the call's latest onsets say where a hand is on the keyboard.
  private static let registerEvents = 64

  let request: ContinuationRequest
  /// The hand above this one has written these; empty for the highest hand.
  let above: [Note]
  /// How many hands play.
  let hands: Int
  /// The call's events, then the answer's.
  var sequence: EventSequence
  /// On the grid, as the hands see each other.
  var notes: [Note] = []
  /// Each onset's position on the grid and how it deviates from that, in beats.
  var onsets: [(position: Double, shift: Double)] = []
  /// Of each of `notes` the onset it belongs to, and how much later than the first note of that onset it is struck.
  var places: [(onset: Int, delay: Double)] = []
  var dropped: [Continuation.Wish: Int] = [:]
  /// The answer begins here in `sequence`.
  let start: Int
  let key: UInt8
  /// Whether each pitch class belongs to the key that was asked for; all do where none was.
  let inKey: [Bool]
  let harmony: Timeline<Chord>
  /// Onsets a beat to aim at; nil leaves it to the model.
  let density: Double?
  /// Where the hand was in the call, as key numbers; nil where it was not.
  let register: ClosedRange<Int>?
  /// How much louder than asked for the latest onsets are in the mean.
  var drift = 0.0

  /// `share` is the hand's of all onsets of the call.
  init(request: ContinuationRequest, context: EventSequence, hands: Int, share: Double, above: [Note]) {
    self.request = request
    self.hands = hands
    self.above = above
    sequence = context
    start = context.bytes.count
    key = request.key?.byte ?? Self.key(of: context)
    let scale = request.key?.scale
    harmony = Timeline(request.harmony)
    inKey = PitchClass.all.map { scale?.contains($0) ?? true }
    density = request.density.flatMap { $0.isFinite && $0 > 0 ? $0 * share : nil }
    register = Self.register(of: context)
  }

  /// Of the highest notes of the latest onsets, without one outlier in ten on each side.
  private static func register(of context: EventSequence) -> ClosedRange<Int>? {
    let pitches = context.bytes.suffix(registerEvents).map { Int($0[.pitch]) - 1 }.filter { $0 >= 0 }.sorted()
    guard !pitches.isEmpty else { return nil }
    let cut = pitches.count / 10
    return pitches[cut]...pitches[pitches.count - 1 - cut]
  }

  private static func key(of context: EventSequence) -> UInt8 {
    var tracker = KeyTracker()
    for event in context.bytes { tracker.hear(Int(event[.pitch]) - 1) }
    return tracker.byte
  }

  var isHighest: Bool { above.isEmpty }

  var role: Role { isHighest ? .highest : .lowest }

  /// The length asked for, or one bar where it makes no sense.
  var length: Double { request.length.count.isFinite ? max(0.25, request.length.count) : 4 }

  /// The lowest and the highest key number allowed.
  var low: Int { Int(request.range.lowerBound.number) }
  var high: Int { Int(request.range.upperBound.number) }

  func place(_ event: EventBytes, at position: Double) -> Predictor.Place {
    Predictor.Place(
      event: event, index: sequence.bytes.count, events: sequence.bytes, former: sequence.highest, role: role,
      position: position)
  }

  func setting(at position: Double) -> EventSetting {
    EventSetting(
      key: key, barPosition: request.startPosition.count + position, bar: request.timeSignature?.bar.count ?? 4,
      above: ceiling(at: position))
  }

  /// The highest note that sounds in the hand above.
  func ceiling(at position: Double) -> Int? {
    above.lazy.filter { $0.onset.count <= position + 0.01 && $0.end.count > position + 0.01 }
      .map { Int($0.pitch.number) }.max()
  }

  /// Where the next given note of this hand is.
  func nextGiven(after position: Double) -> Double? {
    guard isHighest else { return nil }
    return request.given.lazy.map(\.position.count).filter { $0 > position + 0.02 && $0 < length - 0.02 }.min()
  }
}
