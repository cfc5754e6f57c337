// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the composition of all rooms, on the loop.
import ALSAInput
import ControlProtocol
import ControlServer
import Improviser
import JACKOutput
import Listening
import Logging
import Music
import RealTime
import Synthesis

/// Everything that runs, wired together. What it does at each moment is in `Daemon+Running.swift`, what it does when it
/// is asked in `Daemon+Commands.swift`.
@MainActor
final class Daemon {
  /// What SIGHUP can change, it changes here.
  var configuration: Configuration
  let arguments: Arguments
  /// For `config show`.
  var settings: [SettingEntry]
  let log: Logger
  let loop: RealTimeLoop
  let library: StyleLibrary
  let output: JACKOutput
  let session: Session
  let recording: Recorder
  let recorder: WAVRecorder?
  let startedAt: Instant
  /// For people: the name of the JACK server.
  let serverName: String

  var isRealTime = false
  /// The loop's page faults when it was ready; nil before.
  var loopFaults: PageFaults?
  var alsa: ALSAInput?
  /// From the moment at which the kernel had a keyboard's message until it was here, in nanoseconds.
  let keyLateness = Histogram()
  var server: ControlServer?
  var keyboards: [UInt32: String] = [:]
  var demo: DemoPlayer?
  var thru = Thru()
  var clocks = ClockReceiver()
  var transport = TransportFollower()
  var nextClockUpdate = Instant.zero
  /// Whose clock gives the beat, for the log.
  var ledBy: String?
  /// What each room waits for, and the way out; nil when it waits for nothing.
  var jackProblem: String? = "a JACK server"
  var alsaProblem: String?
  var styleProblem: String?

  /// Who plays; nil while nobody's playing is kept.
  var player: String?
  /// Why what somebody played is not kept, and the way out.
  var playerProblem: String?
  var recordingState = SessionJournals.State()

  /// Nil where no session manager started jamd.
  var sessionManagement: SessionManagement?

  var folderWatch: FolderWatch?
  var deadlineTimer: RealTimeLoop.Timer?
  var tickTimer: RealTimeLoop.Timer?
  var quitTimer: RealTimeLoop.Timer?
  var watchdogTimer: RealTimeLoop.Timer?
  let notifier = ServiceNotifier()
  var isReady = false
  var isStopping = false

  init(_ configuration: Configuration, _ arguments: Arguments, loop: RealTimeLoop, log: Logger) throws {
    let now = Instant.now()
    self.configuration = configuration
    self.arguments = arguments
    settings = configuration.settings(
      arguments, environment: Environment.current, read: ConfigurationFile.init(reading:))
    self.loop = loop
    self.log = log
    startedAt = now
    library = StyleLibrary(folders: StyleFolders.all(given: configuration.style.folders))
    let name = configuration.jack.server
    serverName = name.isEmpty ? Environment.value("JACK_DEFAULT_SERVER") ?? "default" : name
    recorder = arguments.wav.map { WAVRecorder(path: $0) { log.warning("\($0)") } }
    output = JACKOutput(configuration.jackOutputSettings, recorder: recorder, at: now)
    let states = RecordingStates()
    recording = Recorder(configuration, take: arguments.take, log: log, states: states)
    let seed = configuration.style.seed.map { UInt64($0) } ?? UInt64.random(in: 0...(1 << 53))
    log.info("seed \(seed): the same playing with the same seed gets the same answers")
    session = Session(
      improviser: Improviser(settings: configuration.improviserSettings, styles: [], seed: seed), output: output,
      recorder: recording, answerChannel: configuration.answerChannel)
    session.onReport = { [weak self] report, instant in self?.tell(report, at: instant) }
    session.onLookAhead = { [weak self] in self?.tell(lookAhead: $0) }
    session.mark("seed \(seed)", at: now)
    states.onState = { [weak self] state in self?.keep(state) }
    states.onPlayerProblem = { [weak self] problem in
      self?.playerProblem = problem
      self?.updateReadiness()
    }
    demo = try arguments.demo.map { DemoPlayer(try $0.piece()) }
  }
}
