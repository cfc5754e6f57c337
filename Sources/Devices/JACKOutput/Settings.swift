// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: values. How jamd is to appear in JACK.
import RealTime
import Synthesis

public struct JACKSettings: Hashable, Sendable {
  public var clientName: String
  /// The server's name; nil: the one that JACK_DEFAULT_SERVER names, else `default`.
  public var serverName: String?
  /// Start a server where none runs, and stop it in the end.
  public var startsServer: Bool
  /// For a server that jamd starts.
  public var server: ServerSettings
  /// Connect the audio outputs to the system's playback ports.
  public var connectsAudio: Bool
  /// What `midi_in` receives goes on to the player's sound (and, by `routing`, to `midi_out`) in the same cycle.
  public var passesInputThrough: Bool
  public var routing: StageRouting
  /// Nil: no built-in sound; the audio ports stay silent.
  public var synthesizer: SynthesizerSettings?

  public init(
    clientName: String = "jamd", serverName: String? = nil, startsServer: Bool = false,
    server: ServerSettings = ServerSettings(), connectsAudio: Bool = true, passesInputThrough: Bool = true,
    routing: StageRouting = StageRouting(), synthesizer: SynthesizerSettings? = SynthesizerSettings()
  ) {
    self.clientName = clientName
    self.serverName = serverName
    self.startsServer = startsServer
    self.server = server
    self.connectsAudio = connectsAudio
    self.passesInputThrough = passesInputThrough
    self.routing = routing
    self.synthesizer = synthesizer
  }
}

/// How a server that jamd starts is to run.
public struct ServerSettings: Hashable, Sendable {
  public var program: String
  public var sampleRate: Int
  public var period: Int
  /// Nil: `alsa` with the first card that can be used, `dummy` until there is one.
  public var driver: Driver?
  /// Where ALSA lists the devices of its cards.
  public var cards = "/proc/asound/pcm"

  public enum Driver: Hashable, Sendable {
    /// A card as ALSA names it, such as `hw:0`.
    case alsa(String)
    case dummy
  }

  public init(program: String = "jackd", sampleRate: Int = 48000, period: Int = 256, driver: Driver? = nil) {
    self.program = program
    self.sampleRate = sampleRate
    self.period = period
    self.driver = driver
  }
}
