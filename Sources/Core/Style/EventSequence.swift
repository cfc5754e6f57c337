// SPDX-License-Identifier: Apache-2.0
// Core/Style: events as attribute bytes.
import Music

/// All notes of one stream that start together, from the highest down.
struct OnsetGroup: Sendable {
  var onset: Double
  var pitches: [Int]
  var duration: Double
  var lowDuration: Double
  var velocity: Double
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

  /// `averageVelocity` is what counts as neither loud nor soft.
  mutating func append(
    _ group: OnsetGroup, interOnset: UInt8, nextInterOnset: UInt8, averageVelocity: Double, _ setting: EventSetting
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
    event[.duration] = RhythmClass.byte(of: group.duration)
    event[.lowDuration] = group.pitches.count > 1 ? RhythmClass.byte(of: group.lowDuration) : 0
    event[.velocity] = Expression.velocityByte(group.velocity, average: averageVelocity)
    append(event, highest: group.pitches[0])
  }

  mutating func append(_ event: EventBytes, highest: Int) {
    bytes.append(event)
    self.highest = highest
  }
}

enum Expression {
  /// Velocity relative to the stream's average in steps of 8: 8 is the average, 1 and 15 the extremes.
  static func velocityByte(_ velocity: Double, average: Double) -> UInt8 {
    UInt8(min(15, max(1, 8 + ((velocity - average) / 8).rounded())))
  }

  static func velocity(of byte: UInt8, average: Double) -> Velocity {
    Velocity(clamping: Int((average + (Double(byte) - 8) * 8).rounded()))
  }
}
