// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. Key velocity and MIDI channel.

/// How hard a key was struck, 1...127. MIDI's velocity 0 means release and is never a `Velocity`.
public struct Velocity: Hashable, Comparable, Sendable {
  public let value: UInt8

  /// Nil outside 1...127.
  public init?(_ value: Int) {
    guard (1...127).contains(value) else { return nil }
    self.value = UInt8(value)
  }

  public init(clamping value: Int) { self.value = UInt8(min(127, max(1, value))) }

  /// The velocity that MIDI prescribes for instruments that sense none.
  public static let standard = Velocity(clamping: 64)

  public static func < (a: Velocity, b: Velocity) -> Bool { a.value < b.value }
}

/// A MIDI channel, 0...15 (shown to people as 1...16).
public struct Channel: Hashable, Comparable, Sendable {
  public let index: UInt8

  /// Nil outside 0...15.
  public init?(_ index: Int) {
    guard (0...15).contains(index) else { return nil }
    self.index = UInt8(index)
  }

  /// The low four bits of a status byte.
  public init(statusByte: UInt8) { index = statusByte & 0x0F }

  public static let first = Channel(statusByte: 0)
  /// Channel 10, which General MIDI keeps for percussion.
  public static let percussion = Channel(statusByte: 9)

  /// So many channels further, the percussion channel left out and the first again after the last.
  public func after(_ count: Int) -> Channel {
    var channel = self
    for _ in 0..<max(0, count) {
      repeat { channel = Channel(statusByte: channel.index &+ 1) } while channel == .percussion
    }
    return channel
  }

  public static func < (a: Channel, b: Channel) -> Bool { a.index < b.index }
}
