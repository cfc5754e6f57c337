// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, THINKING: what the daemon does from start to end.
import ALSAInput
import ControlProtocol
import ControlServer
import Dispatch
import Glibc
import Improviser
import JACKOutput
import Music
import RealTime

extension Daemon {
  /// How often the output is minded: it pushes what is due, and reads what JACK MIDI brought. While an answer sounds a key
  /// press must silence it in the very next cycle.
  private static let tickWhileAnswering = Duration.milliseconds(1)
  private static let tick = Duration.milliseconds(2)
  private static let tickWithoutServer = Duration.milliseconds(50)

  /// Starts every room in its own time; nothing here waits for a device, a server or a style.
  func start(quitAfter seconds: Double?) {
    recording.start()
    startPlayer()
    startStyles()
    startInput()
    startControls()
    startPlaying()
    startClock()
    startControl()
    startSessionManagement()
    deadlineTimer = loop.addTimer(named: "a deadline of the improviser") { [weak self] in self?.meetDeadline($0) }
    tickTimer = loop.addTimer(named: "minding the output") { [weak self] in self?.mindOutput($0) }
    quitTimer = loop.addTimer(named: "ending") { [weak self] _ in
      self?.stop(because: "the time set by --quit-after is over")
    }
    startWatchdog()
    if let seconds, let quitTimer { loop.set(quitTimer, at: startedAt + .seconds(seconds)) }
    mindOutput(.now())
  }

  func handle(signal: Int32) {
    switch signal {
    case SIGHUP:
      rereadConfiguration()
      rereadStyles()
    case SIGUSR1:
      log.info("another JACK server is to start")
      for report in output.makeWay(at: .now()) { tell(report) }
    default: stop(because: signal == SIGINT ? "interrupted" : "asked to end")
    }
  }

  func stop(because reason: String) {
    guard !isStopping else { return }
    isStopping = true
    log.info("ending: \(reason)")
    notifier?.stopping(status: reason)
    loop.stop()
  }

  /// Leaves silence behind: every note released, the take and the recording written. False when the silence is not sure.
  func finish() -> Bool {
    alsa?.stop()
    session.panic(at: .now())
    let ending = output.shutdown()
    switch ending {
    case .silent: break
    case .unanswered: log.warning("the JACK server does not answer: all is silent, and jamd leaves without its word")
    case .noLastCycle: log.warning("the JACK server did not play the last cycle in time")
    }
    folderWatch?.stop()
    recording.finish(at: .now())
    if let server { Blocking.wait(seconds: 2) { await server.stop() } }
    return ending != .noLastCycle
  }

  // MARK: The loop's timers

  /// Feeds systemd's watchdog from the loop itself: one that stalls is restarted.
  private func startWatchdog() {
    guard let interval = ServiceNotifier.watchdogInterval else { return }
    watchdogTimer = loop.addTimer(named: "feeding the watchdog") { [weak self] now in
      guard let self, let timer = watchdogTimer else { return }
      notifier?.watchdog()
      loop.set(timer, at: now + interval / 3)
    }
    if let watchdogTimer { loop.set(watchdogTimer, at: .now()) }
  }

  private func mindOutput(_ now: Instant) {
    for report in output.tick(at: now) { tell(report) }
    output.drainInput { message, instant in
      // The stage plays it by itself; what it holds is remembered.
      if !message.isSystem { _ = thru.event(for: message, from: .jack) }
      receive(message, from: .jack, at: instant)
    }
    if output.hasInputBroken(at: now) { releaseAll(of: .jack, at: now) }
    mindClock(now)
    playDemo(now)
    recording.pass()
    scheduleTick(after: now)
    scheduleDeadline()
  }

  private func scheduleTick(after now: Instant) {
    let busy = session.answersUntil > now ? Self.tickWhileAnswering : Self.tick
    if let tickTimer { loop.set(tickTimer, at: now + (output.isConnected ? busy : Self.tickWithoutServer)) }
  }

  private func playDemo(_ now: Instant) {
    let isReady = output.isConnected && !session.styles.isEmpty
    let due = demo?.due(at: now, isReady: isReady, hasKeyboard: !keyboards.isEmpty) ?? []
    for (message, instant) in due { play(message, from: DemoPlayer.keyboard, at: instant) }
  }

  private func meetDeadline(_ now: Instant) {
    session.advance(to: now)
    scheduleDeadline()
  }

  func scheduleDeadline() {
    if let deadlineTimer { loop.set(deadlineTimer, at: session.nextDeadline) }
  }

  // MARK: Input

  private func startInput() {
    guard configuration.alsa.isEnabled else { return }
    let alsa = ALSAInput(loop: loop, policy: configuration.connectionPolicy) { [weak self] in self?.handle($0) }
    self.alsa = alsa
    alsaProblem = Self.lookingForALSA
    alsa.start()
  }

  private func handle(_ event: ALSAInput.Event) {
    switch event {
    case .message(let message, let number, let instant):
      let now = Instant.now()
      play(message, from: Keyboard(number), at: instant)
      keyLateness.record(UInt64(max(0, (now - instant).nanoseconds)))
      // Which changes nothing of what follows, and comes a thousand times a second.
      return
    case .keyboardConnected(let number, let name):
      keyboards[number] = name
      session.name(Keyboard(number), name, at: .now())
      log.info("listening to \(name)")
      broadcast(.keyboardConnected(name: name))
      givePlayer(to: Keyboard(number))
    case .keyboardGone(let number, let name):
      keyboards[number] = nil
      log.info("\(name) is gone")
      letGo(of: Keyboard(number), at: .now())
      follow(clocks.lose(number), at: .now())
      broadcast(.keyboardGone(name: name))
    case .overrun(let total): warn("the ALSA sequencer overran (\(total) times so far): some messages were lost")
    case .available: alsaProblem = nil
    case .unavailable(let error):
      alsaProblem = error.description
      warn(error.description)
    case .refused(let name, let reason): warn("cannot listen to \(name): \(reason)")
    }
    updateReadiness()
  }

  /// What it holds will never be released by itself.
  func letGo(of keyboard: Keyboard, at now: Instant) {
    for event in thru.releases(of: keyboard) { output.play(event) }
    session.keyboardGone(keyboard, at: now)
  }

  /// It is still there: whoever plays it keeps what was learned of him.
  func releaseAll(of keyboard: Keyboard, at now: Instant) {
    letGo(of: keyboard, at: now)
    givePlayer(to: keyboard)
  }

  /// From a keyboard that the stage has not heard yet: thru first, so that nothing delays it.
  func play(_ message: MIDIMessage, from keyboard: Keyboard, at instant: Instant) {
    if isHeard(message), !isCommand(message), let event = thru.event(for: message, from: keyboard) {
      output.play(event)
    }
    receive(message, from: keyboard, at: instant)
    scheduleDeadline()
  }

  private func isHeard(_ message: MIDIMessage) -> Bool {
    (configuration.player.thru || configuration.player.thruToMIDIOut) && configuration.listens(to: message.channel)
  }

  private func receive(_ message: MIDIMessage, from keyboard: Keyboard, at instant: Instant) {
    guard !message.isSystem else { return hearClock(message, from: keyboard, at: instant) }
    guard configuration.listens(to: message.channel) else { return }
    switch message.meaning {
    case .programChange(let number): useStyle(number: Int(number))
    case .noteOn where isCommand(message): break
    case .noteOn(let pitch, let velocity):
      broadcast(
        .noteHeard(pitch: Int(pitch.number), velocity: Int(velocity.value), keyboard: name(of: keyboard)), at: instant)
    case .noteOff(let pitch):
      broadcast(.noteReleased(pitch: Int(pitch.number), keyboard: name(of: keyboard)), at: instant)
    default: break
    }
    session.hear(message, from: keyboard, at: instant)
  }

  func name(of keyboard: Keyboard) -> String {
    switch keyboard {
    case .jack: "midi_in"
    case DemoPlayer.keyboard: "the demo"
    default: keyboards[keyboard.number] ?? "keyboard \(keyboard.number)"
    }
  }
}
