// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: code and data of the real-time thread. Releases that may not have arrived.
import CJACK
import Music
import RealTime

/// Sees to it that every release at `midi_out` arrives. What the port refused leaves first in the next cycle. And an
/// asynchronous server (JACK's default) lets another client miss a whole cycle of ours in an xrun: what was released
/// within the second before one is released once more, with velocity 0 and only where nothing was struck since, so that
/// it changes nothing for a receiver that missed nothing.
///
/// Owned by the real-time thread; everything is real-time safe. `repeatLatest` is O(2048), the others O(1) as a rule.
struct PortReleases: ~Copyable {
  /// Note-offs by channel and pitch, a bit each.
  private var owed = InlineArray<32, UInt64>(repeating: 0)
  /// Sustain pedals by channel.
  private var owedPedals: UInt16 = 0
  private var owesNothing = true
  /// When each key of each channel was released, by frame; 0 while it sounds and before.
  private var released = InlineArray<2048, UInt64>(repeating: 0)
  /// The same of the sustain pedals.
  private var lifted = InlineArray<16, UInt64>(repeating: 0)
  /// No release is later than this.
  private var latest: UInt64 = 0

  /// What the cycle that begins at `frame` sends.
  @_noLocks @_noAllocation
  mutating func note(_ message: MIDIMessage, at frame: Frames) {
    let channel = Int(message.status & 15)
    let index = channel &* 128 &+ Int(message.data1 & 127)
    switch message.status & 0xF0 {
    case 0x90 where message.data2 > 0: released[index] = 0
    case 0x80, 0x90: (released[index], latest) = (frame.count, frame.count)
    case 0xB0 where message.data1 == 64 && message.data2 >= 64: lifted[channel] = 0
    case 0xB0 where message.data1 == 64: (lifted[channel], latest) = (frame.count, frame.count)
    default: break
    }
  }

  /// After an xrun: whatever was released at `frame` or later is owed again.
  @_noLocks @_noAllocation
  mutating func repeatLatest(since frame: UInt64) {
    guard latest >= max(1, frame) else { return }
    for index in 0..<2048 where released[index] >= max(1, frame) { owe(key: index) }
    for channel in 0..<16 where lifted[channel] >= max(1, frame) { owe(pedal: channel) }
  }

  /// A message that the port refused; only releases are owed.
  @_noLocks @_noAllocation
  mutating func owe(_ message: MIDIMessage) {
    let channel = Int(message.status & 15)
    switch message.status & 0xF0 {
    case 0x80: owe(key: channel &* 128 &+ Int(message.data1 & 127))
    case 0xB0 where message.data1 == 64 && message.data2 < 64: owe(pedal: channel)
    default: break
    }
  }

  @_noLocks @_noAllocation
  private mutating func owe(key index: Int) {
    owesNothing = false
    owed[index >> 6] |= 1 &<< UInt64(index & 63)
  }

  @_noLocks @_noAllocation
  private mutating func owe(pedal channel: Int) {
    owesNothing = false
    owedPedals |= 1 &<< UInt16(channel & 15)
  }

  /// At offset 0, before anything else; what is refused again stays owed.
  @_noLocks @_noAllocation
  mutating func writeOwed(to buffer: UnsafeMutableRawPointer) {
    guard !owesNothing else { return }
    owesNothing = true
    let pedals = owedPedals
    owedPedals = 0
    for channel in 0..<16 as Range<UInt8> where pedals & (1 &<< UInt16(channel)) != 0 {
      if jamd_midi_write(buffer, 0, 0xB0 | channel, 64, 0) != 0 { owe(pedal: Int(channel)) }
    }
    for word in 0..<32 {
      var bits = owed[word]
      owed[word] = 0
      while bits != 0 {
        let index = word &* 64 &+ bits.trailingZeroBitCount
        bits &= bits &- 1
        let status = 0x80 | UInt8(truncatingIfNeeded: index >> 7)
        if jamd_midi_write(buffer, 0, status, UInt8(truncatingIfNeeded: index & 127), 0) != 0 { owe(key: index) }
      }
    }
  }
}
