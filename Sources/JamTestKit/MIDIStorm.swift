// SPDX-License-Identifier: Apache-2.0
// JamTestKit: more playing than ten hands can do.
import Music

/// A thousand messages a second or more, a hundred of them within one millisecond; every so often a rest in which jamd may
/// answer. The same seed gives the same storm, whatever the steps in which it is asked for.
public struct MIDIStorm {
  /// Frames after which the pattern begins anew, and where in it the rest begins.
  private static let (length, rest) = (UInt32(8 * 48000), UInt32(5 * 48000))
  private static let burst = 100
  private let step: UInt32
  private var random: RandomSource
  private var held: [UInt8] = []
  private var isPedalDown = false
  private var next: UInt32 = 0
  public private(set) var sent = 0

  /// `rate`: messages a second while it plays.
  public init(seed: UInt64, rate: Int = 1000) {
    random = RandomSource(seed: seed)
    step = UInt32(48000 / (rate - Self.burst))
  }

  /// The same, but for a thousand a second with the rests.
  public static func sustained(seed: UInt64) -> MIDIStorm {
    MIDIStorm(seed: seed, rate: 1000 * Int(length) / Int(rest))
  }

  /// Of somebody who plays the storm without its rests: the frame in it after `played` frames of playing.
  public static func frame(afterPlaying played: UInt32) -> UInt32 { played / rest * length + played % rest }

  /// Seconds since it last began to play, at `frame`; nil while it rests.
  public static func secondsOfPlaying(at frame: UInt32) -> Double? {
    frame % length < rest ? Double(frame % length) / 48000 : nil
  }

  /// What is due before `end`, in frames of a 48,000th of a second since the storm began, in order.
  public mutating func messages(before end: UInt32) -> [(frame: UInt32, message: MIDIMessage)] {
    var result: [(frame: UInt32, message: MIDIMessage)] = []
    while next < end {
      let place = next % Self.length
      if place >= Self.rest {
        result += releases().map { (next, $0) }
        next += Self.length - place
      } else {
        result.append((next, message()))
        let isBurst = place % 48000 < step
        if isBurst { for index in 0..<UInt32(Self.burst) { result.append((next + index * 48 / 100, message())) } }
        next += step
      }
    }
    sent += result.count
    return result
  }

  /// Everything that is held is let go.
  public mutating func releases() -> [MIDIMessage] {
    defer { (held, isPedalDown) = ([], false) }
    return held.map { MIDIMessage(0x80, $0, 64) } + (isPedalDown ? [MIDIMessage(0xB0, 64, 0)] : [])
  }

  private mutating func message() -> MIDIMessage {
    switch random.next() % 20 {
    case 0: return MIDIMessage(0xE0, 0, UInt8(random.next() % 128))
    case 1: return MIDIMessage(0xB0, 1, UInt8(random.next() % 128))
    case 2:
      isPedalDown.toggle()
      return MIDIMessage(0xB0, 64, isPedalDown ? 127 : 0)
    case 3...11 where held.count < 40, _ where held.isEmpty:
      let pitch = UInt8(28 + random.next() % 72)
      if !held.contains(pitch) { held.append(pitch) }
      return MIDIMessage(0x90, pitch, UInt8(20 + random.next() % 100))
    default: return MIDIMessage(0x80, held.remove(at: Int(random.next() % UInt64(held.count))), 64)
    }
  }
}

extension MIDIMessage {
  /// A release that jamd has repeated after an xrun: its own have another velocity.
  public var isRepeatedRelease: Bool { status & 0xF0 == 0x80 && data2 == 0 }
}

/// What sounds at an output, from the messages that left it.
public struct Sounding {
  /// The channel times 128, and the key.
  public private(set) var keys: Set<UInt16> = []
  /// Note-ons so far.
  public private(set) var notes = 0

  public init() {}

  public mutating func hear(_ message: MIDIMessage) {
    let key = UInt16(message.channel.index) << 7 | UInt16(message.data1)
    switch message.meaning {
    case .noteOn:
      keys.insert(key)
      notes += 1
    case .noteOff: keys.remove(key)
    case .allNotesOff where message.data1 != 121: keys = keys.filter { $0 >> 7 != key >> 7 }
    default: break
    }
  }
}
