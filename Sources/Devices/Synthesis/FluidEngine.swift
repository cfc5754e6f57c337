// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: code and data of the real-time thread. FluidSynth; set-up is in FluidSetup.swift.
import CFluidSynth
import Music

/// Plays FluidSynth's channels in step with the cycle. It starts notes only where a block of 64 frames begins, so an
/// event acts at the block boundary nearest to its frame. Owned by the real-time thread; real-time safe.
struct FluidEngine: BitwiseCopyable {
  private static var block: UInt32 { @_noLocks @_noAllocation get { 64 } }
  let synthesizer: OpaquePointer
  /// How much of the cycle is rendered.
  private var rendered: UInt32 = 0

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

  /// Program changes are ignored: the settings choose the sounds.
  @_noLocks @_noAllocation
  func play(_ message: MIDIMessage, channel: Int32) {
    switch message.status & 0xF0 {
    case 0x90 where message.data2 > 0:
      jamd_fluid_note_on(synthesizer, channel, Int32(message.data1), Int32(message.data2))
    case 0x80, 0x90: jamd_fluid_note_off(synthesizer, channel, Int32(message.data1))
    case 0xB0 where message.data1 != 0 && message.data1 != 32:
      jamd_fluid_control(synthesizer, channel, Int32(message.data1), Int32(message.data2))
    case 0xD0: jamd_fluid_pressure(synthesizer, channel, Int32(message.data1))
    case 0xE0: jamd_fluid_bend(synthesizer, channel, Int32(message.data2) << 7 | Int32(message.data1))
    default: break
    }
  }

  @_noLocks @_noAllocation
  func silence(channel: Int32) { jamd_fluid_silence(synthesizer, channel) }
}
