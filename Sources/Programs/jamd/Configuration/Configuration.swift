// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: what the daemon was told to do. The defaults stand here and nowhere else.
import Music

/// The settings in force: the defaults, then the files, then the command line. `ConfigurationKey.all` says how each is
/// written, what it may be, and what it means.
package struct Configuration: Hashable, Sendable {
  package var style = StyleSettings()
  package var phrase = PhraseSettings()
  package var player = PlayerSettings()
  package var answer = AnswerSettings()
  package var synth = SynthSettings()
  package var jack = JACKSettings()
  package var alsa = ALSASettings()
  package var realTime = RealTimeSettings()
  package var midi = MIDISettings()
  package var clock = ClockSettings()
  package var record = RecordSettings()
  package var control = ControlSettings()

  /// The defaults.
  package init() {}

  package struct StyleSettings: Hashable, Sendable {
    /// Empty: the first in alphabetical order.
    package var name = ""
    /// Searched before the standard folders.
    package var folders: [String] = []
    package var playerWeight = 0.3
    package var temperature = 1.0
    package var order = 7
    package var allowsCopies = false
    /// Nil: another one at every start.
    package var seed: Int?
  }

  package struct PhraseSettings: Hashable, Sendable {
    package var shortestSilence = Duration.milliseconds(250)
    package var longestSilence = Duration.milliseconds(1500)
    /// Silence that ends a phrase, in median inter-onset intervals of the phrase.
    package var silenceFactor = 2.0
  }

  package struct PlayerSettings: Hashable, Sendable {
    /// Whose model is kept between sessions; empty: nobody's.
    package var name = "default"
    /// The channels that are listened to, 1...16; empty: all.
    package var channels: [Int] = []
    package var thru = true
    package var thruToMIDIOut = false
    package var sound = Sound.program(0)
    package var gain = 1.0
  }

  package struct AnswerSettings: Hashable, Sendable {
    package var mode = PlayingMode.answer
    /// The name of a role, or "auto".
    package var role = "auto"
    package var bars = 4
    package var countsIn = false
    package var variation = VariationChoice.either
    /// A file or the name of a bundled chart; empty: what is heard counts.
    package var chart = ""
    package var overlap = false
    package var lead = Duration.milliseconds(10)
    /// The channel on which `midi_out` carries the answer, 1...16.
    package var channel = 2
    package var sound = Sound.program(12)
    package var gain = 1.0
  }

  package struct SynthSettings: Hashable, Sendable {
    /// False: MIDI only.
    package var isEnabled = true
    /// Empty: the first that is found in the usual places.
    package var soundFont = ""
    /// The nine drawbars of the organ, 0...8 each, from 16' to 1'.
    package var drawbars: [Int] = [8, 8, 8, 0, 0, 0, 0, 0, 0]
  }

  package struct JACKSettings: Hashable, Sendable {
    /// Empty: the server that JACK takes by itself.
    package var server = ""
    package var startsServer = false
    package var connectsOutputs = true
  }

  package struct ALSASettings: Hashable, Sendable {
    package var isEnabled = true
    /// Glob patterns of software that is listened to like hardware, and of names that never are; the latter are stronger.
    package var include = ["VMPK*", "*Virtual Keyboard*", "*vkeybd*", "*Virtual Piano*"]
    package var exclude: [String] = []
  }

  package struct RealTimeSettings: Hashable, Sendable {
    /// Of the loop at SCHED_FIFO, 1...99; 0: ordinary scheduling. JACK's clients run at 5 by default.
    package var priority = 4
  }

  package struct MIDISettings: Hashable, Sendable {
    /// Keys outside are commands.
    package var lowestKey = 0
    package var highestKey = 127
    package var keyboards = KeyboardUse.together
  }

  package struct ClockSettings: Hashable, Sendable {
    /// A MIDI clock between start and stop gives the beat.
    package var follows = true
    /// Of a MIDI clock, which does not tell.
    package var beatsInABar = 4
    package var sends = false
    package var transport = TransportUse.off
  }

  package struct RecordSettings: Hashable, Sendable {
    package var isEnabled = true
    /// Empty: the folder `sessions` of `StatePath.keeping`.
    package var folder = ""
    /// Silence that ends a session, in minutes.
    package var pauseMinutes = 10
    /// 0: for ever.
    package var keepDays = 0
    /// Of all sessions together; 0: without limit.
    package var keepMegabytes = 1024
  }

  package struct ControlSettings: Hashable, Sendable {
    /// Empty: the place that `SocketPath.listening` gives.
    package var socket = ""
    /// Of the socket; empty: jamd's own group.
    package var group = ""
    package var groupMayPlay = true
    /// UDP port for OSC; 0: none.
    package var oscPort = 0
    package var oscAddress = "127.0.0.1"
    package var oscMayPlay = true
  }
}
