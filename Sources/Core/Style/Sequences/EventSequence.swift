// SPDX-License-Identifier: Apache-2.0
// Core/Style: events as attribute bytes.
import Music

/// All notes of one stream that start together, from the highest down.
struct OnsetGroup: Sendable {
  var onset: Double
  var pitches: [Int]
  var duration: Double
  var lowDuration: Double
  /// Of the highest note.
  var velocity: Double
  /// Mean velocity of the lower notes above the highest note's; 0 without lower notes.
  var balance: Double
  /// From the highest note's onset to the lowest note's.
  var spread: Double
}

/// What a score does not write of an onset group, as classes; see `Expression`. The deviation follows when all onsets are
/// known.
struct ExpressionBytes {
  var duration: UInt8 = 0
  var lowDuration: UInt8 = 0
  var velocity: UInt8 = 0
  var balance: UInt8 = 0
  var spread: UInt8 = 0
}

/// The surroundings of an event that its notes do not tell.
struct EventSetting {
  /// `Attribute.key`.
  var key: UInt8
  /// From the downbeat, in beats.
  var barPosition: Double
  var bar: Double
  /// The highest note that sounds in a stream above; nil without one.
  var above: Int?
}

/// Fills in the attributes of an event step by step: rhythm, highest note, notes below, expression. Reading a piece and
/// generating one both go this way, so that a model never sees in one what it would not see in the other.
extension EventBytes {
  mutating func set(interOnset: UInt8, _ setting: EventSetting) {
    self[.interOnset] = interOnset
    self[.beat] = Metre.beatByte(setting.barPosition)
    self[.bar] = Metre.barByte(setting.barPosition, bar: setting.bar)
    self[.key] = setting.key
    self[.above] = setting.above.map { 1 + UInt8(($0 - Int(setting.key) + 1 + 132) % 12) } ?? 0
    if setting.key == 0 { self[.above] = 0 }
  }

  /// `former` is the highest note of the event before; -1 without one.
  mutating func set(highest pitch: Int, after former: Int) {
    self[.pitch] = UInt8(pitch + 1)
    self[.degree] = Self.degree(of: pitch, key: self[.key])
    self[.tonal] = Self.tonal(of: pitch, key: self[.key])
    self[.interval] = former < 0 ? 0 : UInt8(pitch - former + 128)
    self[.contour] = former < 0 ? 0 : Self.contour(pitch - former)
    self[.count] = 1
    self[.gap] = 0
    self[.shapeSoFar] = 1
  }

  /// One more note of the onset group, `gap` semitones below the last.
  mutating func add(gap: UInt8) {
    self[.gap] = gap
    self[.count] = Swift.min(15, self[.count] + 1)
    let folded = (UInt32(self[.shapeSoFar]) &* 31 &+ UInt32(gap) &* 0x9E37) % 251
    self[.shapeSoFar] = UInt8(folded + 2)
  }

  mutating func finishShape() {
    self[.shape] = self[.shapeSoFar]
    self[.size] = self[.count]
  }

  mutating func set(_ expression: ExpressionBytes) {
    self[.duration] = expression.duration
    self[.lowDuration] = expression.lowDuration
    self[.velocity] = expression.velocity
    self[.balance] = expression.balance
    self[.spread] = expression.spread
  }

  static func degree(of pitch: Int, key: UInt8) -> UInt8 {
    guard key > 0 else { return 0 }
    let tonic = Int(key - 1)
    return UInt8((pitch - tonic + 24) % 12 + 1 + (tonic >= 12 ? 12 : 0))
  }

  static func tonal(of pitch: Int, key: UInt8) -> UInt8 {
    guard key > 0 else { return 0 }
    return UInt8(pitch - tonic(of: key) + 128)
  }

  /// The tonic of `key` nearest to C4.
  static func tonic(of key: UInt8) -> Int {
    let pitchClass = Int(key - 1) % 12
    return pitchClass > 6 ? 48 + pitchClass : 60 + pitchClass
  }

  private static func contour(_ interval: Int) -> UInt8 {
    switch interval {
    case ..<(-4): 1
    case ..<0: 2
    case 0: 3
    case ...4: 4
    default: 5
    }
  }
}

/// The events of one stream in order.
struct EventSequence: Sendable {
  let role: Role
  private(set) var bytes: [EventBytes] = []
  /// Key number of the last event's highest note; -1 before the first event.
  private(set) var highest = -1
  /// Of all events one after the other, semitones from each note of an onset group down to the next.
  private(set) var gaps: [UInt8] = []

  init(role: Role = .highest) { self.role = role }

  mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

  mutating func append(
    _ group: OnsetGroup, interOnset: UInt8, nextInterOnset: UInt8, _ expression: ExpressionBytes,
    _ setting: EventSetting
  ) {
    var event = EventBytes()
    event.set(interOnset: interOnset, setting)
    event[.nextInterOnset] = nextInterOnset
    event.set(highest: group.pitches[0], after: highest)
    for (upper, lower) in zip(group.pitches, group.pitches.dropFirst()) {
      event.add(gap: UInt8(upper - lower))
      gaps.append(UInt8(upper - lower))
    }
    if group.pitches.count > 15 { gaps.removeLast(group.pitches.count - 15) }
    event.finishShape()
    event.set(expression)
    append(event, highest: group.pitches[0])
  }

  /// Each event's deviation from the grid in beats, nil where it is not known. Onsets on beats are on the grid on average:
  /// who plays between the beats late is late there, and not early on them.
  mutating func set(_ deviations: [Double?]) {
    let onBeat = zip(bytes, deviations).compactMap { $0[.beat] == 1 ? $1 : nil }
    let mean = onBeat.reduce(0, +) / Double(max(1, onBeat.count))
    for (index, deviation) in deviations.enumerated() {
      bytes[index][.deviation] = deviation.map { Expression.deviation.byte(of: $0 - mean) } ?? 0
    }
  }

  mutating func append(_ event: EventBytes, highest: Int) {
    bytes.append(event)
    self.highest = highest
  }
}
