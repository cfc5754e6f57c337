// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: values. What each part sounds like.
import RealTime

/// Nine drawbars, each 0 (in) to 8 (out), in the order of the console: 16', 5 1/3', 8', 4', 2 2/3', 2', 1 3/5', 1 1/3', 1'.
public struct Drawbars: Hashable, Sendable {
  public let positions: [Int]

  /// Nil unless nine numbers, each 0...8, not all 0.
  public init?(_ positions: [Int]) {
    guard positions.count == 9, positions.allSatisfy((0...8).contains), positions.contains(where: { $0 > 0 }) else {
      return nil
    }
    self.positions = positions
  }

  /// Nil unless nine digits 0...8 as registrations are written, spaces allowed: "88 8000 000".
  public init?(_ text: String) {
    self.init(text.filter { $0 != " " }.map { $0.wholeNumberValue ?? 9 })
  }

  private init(unchecked positions: [Int]) { self.positions = positions }

  /// 88 8000 000, the jazz organ's first registration.
  public static let jazz = Drawbars(unchecked: [8, 8, 8, 0, 0, 0, 0, 0, 0])
  /// 00 8840 000, flute-like.
  public static let flutes = Drawbars(unchecked: [0, 0, 8, 8, 4, 0, 0, 0, 0])

  /// Each drawbar's frequency as a multiple of the key's own: 1/2, 3/2, 1, 2, 3, 4, 5, 6, 8.
  public static let ratios: [Double] = [0.5, 1.5, 1, 2, 3, 4, 5, 6, 8]
}

/// The sound of a part.
public enum Sound: Hashable, Sendable {
  /// A General MIDI program, 0...127, of the SoundFont.
  case program(Int)
  case organ(Drawbars)

  /// The organ that stands in where there is no SoundFont.
  var organ: Drawbars? {
    guard case .organ(let drawbars) = self else { return nil }
    return drawbars
  }
}

/// How the built-in synthesizer is to sound.
public struct SynthesizerSettings: Hashable, Sendable {
  /// A SoundFont file; nil looks in the usual places.
  public var soundFont: String?
  public var player: Sound
  public var answer: Sound
  /// Of the whole, 0...10. Whatever it is, the mix is bent above 0.7 of full scale and never reaches it.
  public var gain: Double
  /// Each part's share, 0...10.
  public var playerGain: Double
  public var answerGain: Double
  public var hasReverb: Bool
  /// Voices of the SoundFont at once, 16...256; fewer where the machine cannot render so many in `renderingShare` of the
  /// time there is.
  public var polyphony: Int
  /// Of each period, 0...1: what rendering may take. Voices are shed before it takes more; the rest is for everybody else.
  public var renderingShare = 0.5

  /// The player hears a piano, the answer is a marimba.
  public init(
    soundFont: String? = nil, player: Sound = .program(0), answer: Sound = .program(12), gain: Double = 1,
    playerGain: Double = 1, answerGain: Double = 1, hasReverb: Bool = true, polyphony: Int = 64
  ) {
    self.soundFont = soundFont
    self.player = player
    self.answer = answer
    self.gain = gain
    self.playerGain = playerGain
    self.answerGain = answerGain
    self.hasReverb = hasReverb
    self.polyphony = polyphony
  }
}

/// What came of the settings.
public enum SynthesizerState: Hashable, Sendable {
  /// All as asked; the SoundFont's path where one is in use.
  case ready(soundFont: String?)
  /// The organ plays in place of the programs; `reason` says why and the way out.
  case organInstead(reason: String)
}
