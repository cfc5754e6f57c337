// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: code and data of the real-time thread. FluidSynth; set-up is in FluidSetup.swift.
import CFluidSynth
import Music

/// Plays FluidSynth's channels in step with the cycle. It starts notes only where a block of 64 frames begins, so an
/// event acts at the block boundary nearest to its frame. Owned by the real-time thread; real-time safe.
///
/// It holds the pedal itself: what FluidSynth holds by a pedal could not be shed.
struct FluidEngine: BitwiseCopyable {
  private static var block: UInt32 { @_noLocks @_noAllocation get { 64 } }
  let synthesizer: OpaquePointer
  /// How much of the cycle is rendered.
  private var rendered: UInt32 = 0
  var pedals = FluidPedals()

  init(_ instance: FluidInstance) { synthesizer = instance.synthesizer }

  /// A cycle begins.
  @_noLocks @_noAllocation
  mutating func begin() { rendered = 0 }

  /// Renders up to `frame` of the cycle, or to the block boundary nearest to it when it is not the `end`.
  @_noLocks @_noAllocation
  mutating func render(
    to frame: UInt32, end: UInt32, _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>
  ) {
    let nearest = (frame &+ Self.block / 2) / Self.block &* Self.block
    let target = frame >= end || nearest > end ? end : nearest
    guard target > rendered else { return }
    jamd_fluid_render(
      synthesizer, Int32(truncatingIfNeeded: target &- rendered), left + Int(rendered), right + Int(rendered))
    rendered = target
  }

  /// Channel 0 is the player's, 1 the answer's, and 9 the sticks', which have no pedal. Program changes are ignored: the
  /// settings choose the sounds.
  @_noLocks @_noAllocation
  mutating func play(_ message: MIDIMessage, channel: Int32) {
    switch message.status & 0xF0 {
    case 0x90 where message.data2 > 0:
      if channel < 2 { pedals.strike(channel, message.data1) }
      jamd_fluid_note_on(synthesizer, channel, Int32(message.data1), Int32(message.data2))
    case 0x80, 0x90:
      if channel < 2, pedals.holds(channel, message.data1) { return }
      jamd_fluid_note_off(synthesizer, channel, Int32(message.data1))
    case 0xB0: control(message.data1, message.data2, channel)
    case 0xD0: jamd_fluid_pressure(synthesizer, channel, Int32(message.data1))
    case 0xE0: jamd_fluid_bend(synthesizer, channel, Int32(message.data2) << 7 | Int32(message.data1))
    default: break
    }
  }

  @_noLocks @_noAllocation
  private mutating func control(_ controller: UInt8, _ value: UInt8, _ channel: Int32) {
    switch controller {
    case 0, 32: return
    case 64: return setPedal(channel, isDown: value >= 64)
    case 121: setPedal(channel, isDown: false)
    case 120, 123: pedals.forget(channel)
    // Omni, mono and poly end what sounds, and no more: FluidSynth would take the other channels away.
    case 124...127: return control(123, 0, channel)
    default: break
    }
    jamd_fluid_control(synthesizer, channel, Int32(controller), Int32(value))
  }

  @_noLocks @_noAllocation
  private mutating func setPedal(_ channel: Int32, isDown: Bool) {
    pedals.set(channel, isDown: isDown)
    guard !isDown else { return }
    for key in 0..<128 as Range<UInt8> where pedals.isHeld(channel, key) {
      jamd_fluid_note_off(synthesizer, channel, Int32(key))
    }
    pedals.forget(channel)
  }

  /// No pedal is down and no wheel turned any more.
  @_noLocks @_noAllocation
  mutating func reset(channel: Int32) { control(121, 0, channel) }

  @_noLocks @_noAllocation
  mutating func silence(channel: Int32) {
    pedals.forget(channel)
    jamd_fluid_silence(synthesizer, channel)
  }
}

/// Which keys of the two channels are up and yet sound, because the pedal is down. Real-time safe, O(1).
struct FluidPedals: BitwiseCopyable {
  private var held = InlineArray<4, UInt64>(repeating: 0)
  private var down: (Bool, Bool) = (false, false)

  @_noLocks @_noAllocation
  init() {}

  @_noLocks @_noAllocation
  mutating func set(_ channel: Int32, isDown: Bool) {
    if channel == 0 { down.0 = isDown } else { down.1 = isDown }
  }

  @_noLocks @_noAllocation
  mutating func strike(_ channel: Int32, _ key: UInt8) { held[Self.word(channel, key)] &= ~Self.bit(key) }

  /// The key goes up: whether the pedal holds it, which is noted.
  @_noLocks @_noAllocation
  mutating func holds(_ channel: Int32, _ key: UInt8) -> Bool {
    guard channel == 0 ? down.0 : down.1 else { return false }
    held[Self.word(channel, key)] |= Self.bit(key)
    return true
  }

  @_noLocks @_noAllocation
  func isHeld(_ channel: Int32, _ key: UInt8) -> Bool { held[Self.word(channel, key)] & Self.bit(key) != 0 }

  /// Nothing is held any more; the pedal stays where it is.
  @_noLocks @_noAllocation
  mutating func forget(_ channel: Int32) {
    held[Self.word(channel, 0)] = 0
    held[Self.word(channel, 64)] = 0
  }

  @_noLocks @_noAllocation
  private static func word(_ channel: Int32, _ key: UInt8) -> Int { (channel == 0 ? 0 : 2) | Int(key >> 6) & 1 }

  @_noLocks @_noAllocation
  private static func bit(_ key: UInt8) -> UInt64 { 1 &<< UInt64(key & 63) }
}
