// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: set-up of FluidSynth. Running code is in FluidEngine.swift.
import CFluidSynth
import Glibc
import Music

/// Owns a FluidSynth instance, its settings and its SoundFont. Make and drop it off the loop: a SoundFont takes tens of
/// milliseconds to seconds to load.
final class FluidInstance {
  let synthesizer: OpaquePointer
  /// How many voices this machine has time for, as measured when it was made.
  private(set) var budget: VoiceBudget
  private let settings: OpaquePointer

  enum Failure: Error {
    case unreadable(String)
    case refused
  }

  init(soundFont: String, sampleRate: UInt32, programs: [Int], settings wanted: SynthesizerSettings) throws(Failure) {
    jamd_fluid_quiet()
    guard Self.isSoundFont(soundFont) else { throw .unreadable(soundFont) }
    guard let settings = new_fluid_settings() else { throw .refused }
    Self.configure(settings, sampleRate: sampleRate, wanted)
    guard let synthesizer = new_fluid_synth(settings) else {
      delete_fluid_settings(settings)
      throw .refused
    }
    self.settings = settings
    self.synthesizer = synthesizer
    budget = VoiceBudget(
      wanted: wanted.polyphony, share: wanted.renderingShare, sampleRate: sampleRate, base: 0, each: 0)
    guard fluid_synth_sfload(synthesizer, soundFont, 1) != FLUID_FAILED else { throw .unreadable(soundFont) }
    for (channel, program) in programs.enumerated() {
      fluid_synth_program_change(synthesizer, Int32(channel), Int32(min(127, max(0, program))))
    }
    for (channel, gain) in [wanted.playerGain, wanted.answerGain].enumerated() {
      fluid_synth_cc(synthesizer, Int32(channel), 7, Self.volume(gain))
    }
    warmUp(channels: programs.count)
    measureVoices(wanted, sampleRate: sampleRate)
  }

  /// Channel volume goes by the square (General MIDI); 100 is its default and stands for 1.
  private static func volume(_ gain: Double) -> Int32 { Int32(min(127, max(0, 100 * gain.squareRoot()))) }

  deinit {
    delete_fluid_synth(synthesizer)
    delete_fluid_settings(settings)
  }

  /// By its first bytes: on other files FluidSynth's loaders print complaints of their own.
  private static func isSoundFont(_ path: String) -> Bool {
    guard let file = fopen(path, "r") else { return false }
    defer { fclose(file) }
    var header = [UInt8](repeating: 0, count: 12)
    return fread(&header, 1, 12, file) == 12 && header.starts(with: Array("RIFF".utf8))
      && header.suffix(4).elementsEqual("sfbk".utf8)
  }

  private static func configure(_ settings: OpaquePointer, sampleRate: UInt32, _ wanted: SynthesizerSettings) {
    fluid_settings_setnum(settings, "synth.sample-rate", Double(sampleRate))
    // One thread calls it: no lock is needed, and none may be taken there.
    fluid_settings_setint(settings, "synth.threadsafe-api", 0)
    fluid_settings_setint(settings, "synth.cpu-cores", 1)
    // Samples are read when the font is loaded, never when a note starts.
    fluid_settings_setint(settings, "synth.dynamic-sample-loading", 0)
    fluid_settings_setint(settings, "synth.lock-memory", 1)
    fluid_settings_setint(settings, "synth.polyphony", Int32(min(256, max(1, wanted.polyphony))))
    fluid_settings_setnum(settings, "synth.gain", min(10, max(0, wanted.gain)))
    fluid_settings_setint(settings, "synth.reverb.active", wanted.hasReverb ? 1 : 0)
    fluid_settings_setint(settings, "synth.chorus.active", 0)
  }

  /// Touches the paths that allocate or fault on first use: a chord on each channel, rendered, released, forgotten.
  private func warmUp(channels: Int) {
    for channel in 0..<Int32(channels) {
      for key: Int32 in stride(from: 36, through: 96, by: 4) { fluid_synth_noteon(synthesizer, channel, key, 1) }
    }
    _ = render(blocks: 16)
    for channel in 0..<Int32(channels) { fluid_synth_all_notes_off(synthesizer, channel) }
    _ = render(blocks: 48)
  }

  /// What a frame costs without and with voices on this machine, at the fastest of some blocks. FluidSynth never starts
  /// more voices than half of the period has time for; the budget goes on watching while it plays.
  private func measureVoices(_ wanted: SynthesizerSettings, sampleRate: UInt32) {
    let silent = (0..<20).map { _ in nanosecondsPerFrame(blocks: 4) }.min() ?? 0
    for key: Int32 in 0..<128 { fluid_synth_noteon(synthesizer, key % 2, key, 100) }
    let loud = (0..<20).map { _ in nanosecondsPerFrame(blocks: 4) }.min() ?? 0
    let voices = max(1, Int(fluid_synth_get_active_voice_count(synthesizer)))
    func budget(share: Double) -> VoiceBudget {
      VoiceBudget(
        wanted: min(wanted.polyphony, VoiceList.capacity), share: share, sampleRate: sampleRate, base: silent,
        each: max(0, loud - silent) / Double(voices))
    }
    self.budget = budget(share: wanted.renderingShare)
    for channel: Int32 in 0..<2 { fluid_synth_all_sounds_off(synthesizer, channel) }
    _ = render(blocks: 750)  // The reverb's tail: a second.
    // In silence: FluidSynth never stops counting a voice that sounds beyond its new limit. The block after it is for
    // the renderer's side of it, which allocates.
    fluid_synth_set_polyphony(synthesizer, Int32(budget(share: max(0.5, wanted.renderingShare)).limit))
    _ = render(blocks: 1)
  }

  private func nanosecondsPerFrame(blocks: Int) -> Double { render(blocks: blocks).seconds * 1e9 / Double(64 * blocks) }

  /// Renders into nowhere; how long it took.
  private func render(blocks: Int) -> Duration {
    var left = [Float](repeating: 0, count: 64)
    var right = left
    return ContinuousClock().measure {
      for _ in 0..<blocks { fluid_synth_write_float(synthesizer, 64, &left, 0, 1, &right, 0, 1) }
    }
  }
}
