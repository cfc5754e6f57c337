// SPDX-License-Identifier: Apache-2.0
// RealTime: scheduling. Keeps a release behind its strike where the mapping to frames changes between the two.
import Music

/// The frames on which the keys of 16 channels were struck last. Strike and release of a note become frames at different
/// moments, by the mapping of each: where a server stood still in between, its frames are set back, and a release would come
/// before its strike and be lost, so that the note hung. A value; set-up allocates 32 KB, `place` is O(1).
public struct StrikeFrames: Sendable {
  private var frames = [UInt64](repeating: 0, count: 16 * 128)
  /// Of which generation a strike of the key was left out whose release is still to come.
  private var leftOut = [UInt32?](repeating: nil, count: 16 * 128)

  public init() {}

  /// The frame for a message that would leave on `frame`: of a release the one after its strike, where that is later. Nil
  /// for the first release of its generation after a strike that was left out: it would end an earlier note of its key.
  public mutating func place(_ message: MIDIMessage, of generation: UInt32, at frame: Frames) -> Frames? {
    guard message.status & 0xE0 == 0x80 else { return frame }
    let key = Self.key(message)
    guard !message.isStrike else {
      frames[key] = frame.count
      return frame
    }
    if leftOut[key] == generation {
      leftOut[key] = nil
      return nil
    }
    return frame.count <= frames[key] ? Frames(frames[key] + 1) : frame
  }

  /// A strike that does not leave at all.
  public mutating func leaveOut(_ strike: MIDIMessage, of generation: UInt32) { leftOut[Self.key(strike)] = generation }

  private static func key(_ message: MIDIMessage) -> Int {
    Int(message.status & 0x0F) << 7 | Int(message.data1 & 0x7F)
  }

  /// Another server counts otherwise.
  public mutating func forget() { self = StrikeFrames() }
}
