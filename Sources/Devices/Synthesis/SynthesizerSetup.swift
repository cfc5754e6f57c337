// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: set-up of the synthesizer. Nothing here runs in a cycle.
import RealTime

public enum SynthesizerLimits {
  /// The longest cycle.
  public static let frames = 8192
}

/// Where the organs are summed before they join the mix.
struct MonoBuffer: ~Copyable {
  let samples: UnsafeMutablePointer<Float>

  init(capacity: Int) {
    samples = .allocate(capacity: capacity)
    samples.initialize(repeating: 0, count: capacity)
  }

  deinit { samples.deallocate() }
}

extension Synthesizer {
  /// Loads what the settings ask for. Where no SoundFont can be had an organ stands in, and `state` says why. Reads
  /// files, allocates, takes up to seconds: never on the loop or the stage.
  public init(_ settings: SynthesizerSettings, sampleRate: UInt32) {
    self.sampleRate = sampleRate
    buffer = MonoBuffer(capacity: SynthesizerLimits.frames)
    let (instance, state) = Self.loadFluid(settings, sampleRate)
    self.instance = instance
    self.state = state
    fluid = instance.map(FluidEngine.init)
    // What a voice of the organ costs it learns by playing.
    organBudget = VoiceBudget(
      wanted: 2 * Organ.voiceCount, share: settings.renderingShare, sampleRate: sampleRate, base: 0, each: 0)
    fluidBudget = instance?.budget ?? organBudget
    let player = settings.player.organ ?? (instance == nil ? .jazz : nil)
    let answer = settings.answer.organ ?? (instance == nil ? .flutes : nil)
    playerOrgan = Self.organ(player, sampleRate, settings.gain * settings.playerGain)
    answerOrgan = Self.organ(answer, sampleRate, settings.gain * settings.answerGain)
  }

  private static func organ(_ drawbars: Drawbars?, _ sampleRate: UInt32, _ gain: Double) -> Organ? {
    guard let drawbars else { return nil }
    return Organ(drawbars, sampleRate: sampleRate, gain: min(10, max(0, gain)))
  }

  private static func loadFluid(
    _ settings: SynthesizerSettings, _ sampleRate: UInt32
  ) -> (FluidInstance?, SynthesizerState) {
    guard settings.player.organ == nil || settings.answer.organ == nil else { return (nil, .ready(soundFont: nil)) }
    guard let path = settings.soundFont ?? SoundFonts.find() else {
      return (nil, .organInstead(reason: "no SoundFont found (try: apt install timgm6mb-soundfont)"))
    }
    do throws(FluidInstance.Failure) {
      let instance = try FluidInstance(
        soundFont: path, sampleRate: sampleRate, programs: programs(settings), settings: settings)
      return (instance, .ready(soundFont: path))
    } catch {
      let reason: String =
        switch error {
        case .unreadable: "\(path): not a readable SoundFont (give another with the setting `soundfont`)"
        case .refused: "FluidSynth refused to start at \(sampleRate) Hz"
        }
      return (nil, .organInstead(reason: reason))
    }
  }

  private static func programs(_ settings: SynthesizerSettings) -> [Int] {
    [settings.player, settings.answer].map { sound in
      guard case .program(let number) = sound else { return 0 }
      return number
    }
  }
}
