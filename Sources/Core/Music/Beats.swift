// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. Musical time and its relation to real time.

/// A position or a length in quarter-note beats.
public struct Beats: Hashable, Comparable, Sendable, AdditiveArithmetic {
  public var count: Double

  public init(_ count: Double) { self.count = count }

  public static let zero = Beats(0)

  public static func < (a: Beats, b: Beats) -> Bool { a.count < b.count }
  public static func + (a: Beats, b: Beats) -> Beats { Beats(a.count + b.count) }
  public static func - (a: Beats, b: Beats) -> Beats { Beats(a.count - b.count) }
  public static func * (a: Beats, factor: Double) -> Beats { Beats(a.count * factor) }
  public static func / (a: Beats, divisor: Double) -> Beats { Beats(a.count / divisor) }
  public static func / (a: Beats, b: Beats) -> Double { a.count / b.count }
}

/// Quarter-note beats a minute; always finite and above zero.
public struct Tempo: Hashable, Comparable, Sendable {
  public let beatsPerMinute: Double

  /// Nil unless finite and above zero.
  public init?(beatsPerMinute: Double) {
    guard beatsPerMinute.isFinite, beatsPerMinute > 0 else { return nil }
    self.beatsPerMinute = beatsPerMinute
  }

  /// The tempo at which one beat lasts `beat`; nil unless `beat` is longer than zero.
  public init?(beat: Duration) {
    self.init(beatsPerMinute: 60 / beat.seconds)
  }

  /// 120 beats a minute: what a Standard MIDI File means when it says nothing.
  public static let standard = Tempo(unchecked: 120)

  private init(unchecked beatsPerMinute: Double) { self.beatsPerMinute = beatsPerMinute }

  public var beat: Duration { .seconds(60 / beatsPerMinute) }

  public func duration(of beats: Beats) -> Duration { .seconds(beats.count * 60 / beatsPerMinute) }

  public func beats(in duration: Duration) -> Beats { Beats(duration.seconds * beatsPerMinute / 60) }

  public static func < (a: Tempo, b: Tempo) -> Bool { a.beatsPerMinute < b.beatsPerMinute }
}
