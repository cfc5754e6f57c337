// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: set-up of FluidSynth. Running code is in FluidEngine.swift.
import CFluidSynth
import Glibc

/// Owns a FluidSynth instance, its settings and its SoundFont. Make and drop it off the loop: a SoundFont takes tens of
/// milliseconds to seconds to load.
final class FluidInstance {
  let synthesizer: OpaquePointer
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
    guard fluid_synth_sfload(synthesizer, soundFont, 1) != FLUID_FAILED else { throw .unreadable(soundFont) }
    for (channel, program) in programs.enumerated() {
      fluid_synth_program_change(synthesizer, Int32(channel), Int32(min(127, max(0, program))))
    }
    for (channel, gain) in [wanted.playerGain, wanted.answerGain].enumerated() {
      fluid_synth_cc(synthesizer, Int32(channel), 7, Self.volume(gain))
    }
    warmUp(channels: programs.count)
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

  /// Touches the paths that allocate or fault on first use: a chord on each channel, rendered, then silenced.
  private func warmUp(channels: Int) {
    var left = [Float](repeating: 0, count: 64)
    var right = left
    for channel in 0..<Int32(channels) {
      for key: Int32 in stride(from: 36, through: 96, by: 4) { fluid_synth_noteon(synthesizer, channel, key, 1) }
    }
    for round in 0..<64 {
      if round == 16 { for channel in 0..<Int32(channels) { fluid_synth_all_notes_off(synthesizer, channel) } }
      fluid_synth_write_float(synthesizer, 64, &left, 0, 1, &right, 0, 1)
    }
    for channel in 0..<Int32(channels) { fluid_synth_all_sounds_off(synthesizer, channel) }
    for _ in 0..<750 { fluid_synth_write_float(synthesizer, 64, &left, 0, 1, &right, 0, 1) }
  }
}
