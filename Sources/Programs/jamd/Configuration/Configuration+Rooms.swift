// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the configuration as each room wants it.
import ALSAInput
import Improviser
import JACKOutput
import Listening
import Music
import RealTime
import Synthesis

/// `Configuration` has settings of the same name.
typealias JACKOutputSettings = JACKSettings

extension Configuration {
  var improviserSettings: Settings {
    Settings(
      segmenter: SegmenterSettings(
        shortest: phrase.shortestSilence, longest: phrase.longestSilence, factor: phrase.silenceFactor),
      playerWeight: style.playerWeight, lead: answer.lead, overlap: answer.overlap, temperature: style.temperature,
      order: style.order, allowsCopies: style.allowsCopies)
  }

  var jackOutputSettings: JACKOutputSettings {
    JACKOutputSettings(
      serverName: jack.server.isEmpty ? nil : jack.server, startsServer: jack.startsServer,
      connectsAudio: jack.connectsOutputs, passesInputThrough: player.thru || player.thruToMIDIOut,
      routing: StageRouting(playerToPort: player.thruToMIDIOut, playerToSynthesizer: player.thru),
      synthesizer: synth.isEnabled ? synthesizerSettings : nil)
  }

  private var synthesizerSettings: SynthesizerSettings {
    SynthesizerSettings(
      soundFont: synth.soundFont.isEmpty ? nil : synth.soundFont, player: sound(player.sound),
      answer: sound(answer.sound), playerGain: player.gain, answerGain: answer.gain)
  }

  private func sound(_ sound: Configuration.Sound) -> Synthesis.Sound {
    switch sound {
    case .organ: .organ(Drawbars(synth.drawbars) ?? .jazz)
    case .program(let number): .program(number)
    }
  }

  var connectionPolicy: ConnectionPolicy {
    ConnectionPolicy(
      include: ConnectionPolicy.keyboardsInSoftware + alsa.include.map(Glob.init), exclude: alsa.exclude.map(Glob.init))
  }

  var answerChannel: Channel { Channel(answer.channel - 1) ?? .first }

  /// The keys that are music.
  var keys: ClosedRange<Pitch> {
    guard midi.lowestKey <= midi.highestKey else { return Pitch.lowest...Pitch.highest }
    return Pitch(clamping: midi.lowestKey)...Pitch(clamping: midi.highestKey)
  }

  func listens(to channel: Channel) -> Bool { channels & 1 << UInt16(channel.index) != 0 }

  /// The channels that are heard, a bit each.
  var channels: UInt16 {
    player.channels.isEmpty ? 0xFFFF : player.channels.reduce(0) { $0 | 1 << UInt16($1 - 1) }
  }
}
