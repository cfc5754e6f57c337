// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: what the daemon says: to the log, to watchers, to systemd.
import ControlProtocol
import Improviser
import JACKOutput
import Music
import RealTime

extension Daemon {
  func warn(_ text: String) {
    log.warning("\(text)")
    broadcast(.warning(text))
  }

  func broadcast(_ event: Event, at instant: Instant = .now()) {
    server?.broadcast(TimedEvent(at: (instant - startedAt).seconds, event))
  }

  /// What the improviser did.
  func tell(_ report: Report, at instant: Instant) {
    switch report {
    case .phraseBegan: broadcast(.phraseBegan, at: instant)
    case .phraseEnded(let phrase, let tempo, let key):
      broadcast(
        .phraseEnded(notes: phrase.notes.count, tempo: tempo.beatsPerMinute, key: key?.description), at: instant)
    case .answered(let notes, _, let styles, let copied):
      let copied = copied.map { CopiedPassage(count: $0.count, style: $0.style) }
      broadcast(
        .answered(styles: styles, plan: notes.map { PlannedNote($0, since: startedAt) }, copied: copied), at: instant)
      if demo != nil { showDemo(answer: notes) }
    case .yielded: broadcast(.yielded, at: instant)
    case .styleChanged(let names):
      broadcast(.styleChanged(styles: names), at: instant)
      updateReadiness()
    case .mixed(let shares, let length):
      broadcast(
        .mixChanged(shares: shares.map { StyleShare(name: $0.name, weight: $0.share) }, over: length.seconds),
        at: instant)
      updateReadiness()
    case .panicked: broadcast(.panicked, at: instant)
    // A watcher sees it like an answer: what is about to be played.
    case .playedAlong(let notes, _, let styles):
      broadcast(.answered(styles: styles, plan: notes.map { PlannedNote($0, since: startedAt) }), at: instant)
    case .modeChanged(let mode): log.info("playing: \(mode.rawValue)")
    case .answersNothing(let mode): warn(mode.answersNothing)
    case .controlLearned(let parameter, let controller):
      log.info("controller \(controller) is \(parameter.rawValue) from now on")
      keepControls()
    case .seated, .learned, .stopped: break
    }
  }

  /// How early answers are composed from now on.
  func tell(lookAhead: Duration) {
    log.info("answers are composed \(Int((lookAhead.seconds * 1000).rounded())) ms ahead of their time from now on")
  }

  /// What happened to the connection to JACK.
  func tell(_ report: Connection.Report) {
    switch report {
    case .connected(let sampleRate, let period, let server):
      jackProblem = nil
      log.info("connected to JACK server \(serverName): \(sampleRate) Hz, \(period) frames a period")
      if server == .silent { warn("no sound card could be used: silent until one is plugged in, or is free") }
      if case .organInstead(let reason) = output.status.synthesizer { warn(reason) }
      broadcast(.jackUp(server: serverName, sampleRate: Int(sampleRate), period: Int(period)))
    case .waiting(let reason):
      jackProblem = reason
      warn("\(reason); still trying")
    case .lost(let reason):
      jackProblem = reason
      // What was held at midi_in will never be released there, and sounds no more.
      _ = thru.releases(of: .jack)
      session.keyboardGone(.jack, at: .now())
      givePlayer(to: .jack)
      warn("\(reason); looking for it again")
      broadcast(.jackDown(server: serverName))
    case .serverNotStarted(let reason):
      jackProblem = reason
      warn(reason)
    case .standsStill(let reason):
      jackProblem = reason
      warn(reason)
    case .goesOn:
      jackProblem = nil
      log.info("the JACK server runs its cycles again")
    }
    updateReadiness()
  }

  /// What became of the recorder.
  func keep(_ state: SessionJournals.State) {
    recordingState = state
    updateReadiness()
  }

  /// Tells systemd how jamd is and, once, that it is ready: JACK and input are up, or known to be missing and waited for.
  func updateReadiness() {
    let state = serviceStatus
    notifier?.status(state)
    guard !isReady, isInputKnown, isOutputKnown, styleProblem != Self.readingStyles else { return }
    isReady = true
    loopFaults = .ofThisThread()
    notifier?.ready(status: state)
    log.info("ready")
  }

  private var serviceStatus: String {
    let jack = output.status
    return ServiceStatus(
      styles: session.names(at: .now()), keyboards: keyboards.values.sorted(),
      jack: output.isConnected ? (Int(jack.sampleRate), Int(jack.period)) : nil, waitingFor: waitingFor
    ).text
  }

  private var isInputKnown: Bool { alsa == nil || alsa?.isAvailable == true || alsaProblem != Self.lookingForALSA }
  private var isOutputKnown: Bool { output.isConnected || jackProblem != Self.lookingForJACK }

  static let lookingForALSA = "the ALSA sequencer"
  static let lookingForJACK = "a JACK server"
  static let readingStyles = "the styles are being read"
}

extension PlannedNote {
  fileprivate init(_ note: PlayedNote, since start: Instant) {
    self.init(
      at: (note.onset - start).seconds, duration: note.duration.seconds, pitch: Int(note.pitch.number),
      velocity: Int(note.velocity.value))
  }
}
