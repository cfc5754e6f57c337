// SPDX-License-Identifier: Apache-2.0
// RealTime: time. Real time and audio frames, each from the other.
import Music

/// Maps instants to frames and back from the snapshots that cycles leave. A value: give it each snapshot as it comes.
///
/// Between two snapshots that nearly agree the mapping is bent, never broken: it starts where the old one stood and
/// meets the new one after `slew`. So it stays monotone under the jitter of the measurements. A snapshot that disagrees
/// by more than `tolerance` (an xrun, a stopped or a new server, another sample rate) replaces the mapping at once.
public struct FrameClock: Sendable {
  private static let slew = 0.5e9
  private static let tolerance = 5e6

  private var latest: ClockSnapshot
  private var anchorTime: Instant
  private var anchorFrame: Frames
  /// Of a frame, from `anchorFrame` on: 0..<1.
  private var anchorFraction: Double
  private var rate: Double

  public init(_ snapshot: ClockSnapshot) {
    latest = snapshot
    anchorTime = snapshot.time
    anchorFrame = snapshot.frame
    anchorFraction = 0
    rate = Self.plausibleRate(snapshot)
  }

  public var sampleRate: UInt32 { latest.sampleRate }
  public var period: UInt32 { latest.period }

  /// As measured.
  public var framesPerSecond: Double { rate * 1e9 }

  /// No cycle has told of itself for so long that there are none, and what frame comes next nobody knows.
  public func standsStill(at now: Instant) -> Bool { now - latest.time > max(.milliseconds(100), cycle * 4) }

  /// The length of a cycle.
  public var cycle: Duration { .nanoseconds(Int64((Double(latest.period) / rate).rounded())) }

  /// The first frame that the cycles which are known have not played.
  public var nextFrame: Frames { Self.advance(latest.frame, by: Int64(latest.period)) }

  /// Takes over a newer snapshot; one that is known already changes nothing.
  public mutating func update(_ snapshot: ClockSnapshot) {
    guard snapshot != latest else { return }
    let measured = Self.plausibleRate(snapshot)
    let error = offset(at: snapshot.time) - Self.distance(from: anchorFrame, to: snapshot.frame)
    let isJump = abs(error / measured) > Self.tolerance || snapshot.sampleRate != latest.sampleRate
    guard !isJump, snapshot.time > anchorTime else {
      self = FrameClock(snapshot)
      return
    }
    let here = offset(at: snapshot.time)
    let whole = here.rounded(.down)
    anchorFrame = Self.advance(anchorFrame, by: Int64(whole))
    anchorFraction = here - whole
    anchorTime = snapshot.time
    rate = measured - error / Self.slew
    latest = snapshot
  }

  /// The frame nearest to `instant`; the zero of all frames for instants before it.
  public func frames(at instant: Instant) -> Frames {
    let distance = min(0x1p60, max(-0x1p60, offset(at: instant))).rounded()
    return Self.advance(anchorFrame, by: Int64(distance))
  }

  /// When `frame` begins.
  public func instant(of frame: Frames) -> Instant {
    let distance = (Self.distance(from: anchorFrame, to: frame) - anchorFraction) / rate
    let bounded = min(0x1p60, max(-0x1p60, distance)).rounded()
    return Instant(nanoseconds: anchorTime.nanoseconds &+ Int64(bounded))
  }

  /// Frames from `anchorFrame` to `instant`.
  private func offset(at instant: Instant) -> Double {
    anchorFraction + Double(instant.nanoseconds &- anchorTime.nanoseconds) * rate
  }

  private static func distance(from a: Frames, to b: Frames) -> Double {
    Double(Int64(bitPattern: b.count &- a.count))
  }

  private static func advance(_ frame: Frames, by step: Int64) -> Frames {
    if step < 0, UInt64(-step) > frame.count { return Frames(0) }
    return Frames(frame.count &+ UInt64(bitPattern: step))
  }

  /// The measured rate where it lies within 2 % of the configured one (a measurement in its first cycles may not).
  private static func plausibleRate(_ snapshot: ClockSnapshot) -> Double {
    let nominal = Double(max(1, snapshot.sampleRate)) * 1e-9
    return abs(snapshot.rate / nominal - 1) < 0.02 ? snapshot.rate : nominal
  }
}
