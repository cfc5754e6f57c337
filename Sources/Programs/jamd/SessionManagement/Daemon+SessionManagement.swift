// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: in a musician's session: opened, switched and saved by New Session Manager.
import ControlProtocol
import Glibc
import Improviser
import Music
import RealTime
import Scores

extension Daemon {
  /// How long a manager may take to answer; then jamd plays without it.
  private static let patience = Duration.seconds(5)
  /// How often is looked whether there is something to save.
  private static let interval = Duration.seconds(1)

  /// Where a session manager has started jamd ($NSM_URL): it says what jamd is called in JACK, so that is waited for.
  func startSessionManagement() {
    guard let url = Environment.value("NSM_URL") else { return }
    guard let address = SessionManagerAddress(url) else {
      return warn("NSM_URL is \"\(url.prefix(64))\" and not osc.udp://HOST:PORT/: jamd plays without a session manager")
    }
    let management = SessionManagement(configured: configuredState)
    sessionManagement = management
    output.isHeld = true
    jackProblem = "a session from the session manager at \(url)"
    management.connect(to: address, program: Self.programName, process: getpid()) { [weak self] in await self?.obey($0)
    }
    management.timer = loop.addTimer(named: "the session manager") { [weak self] in self?.mindSession($0) }
    if let timer = management.timer { loop.set(timer, at: startedAt + Self.patience) }
  }

  /// Something was done that a session keeps.
  func keepForSession(_ command: ControlCommand, _ reply: Reply) {
    if case .done = reply { sessionManagement?.asked.keep(command) }
  }

  private func mindSession(_ now: Instant) {
    guard let management = sessionManagement, let timer = management.timer else { return }
    if management.place != nil, !management.isAstray { management.tell(sessionState(at: now)) }
    if output.isHeld, now - startedAt >= Self.patience { playOn("the session manager does not answer") }
    loop.set(timer, at: now + Self.interval)
  }

  private func playOn(_ reason: String) {
    warn("\(reason): jamd plays without a session")
    output.isHeld = false
  }

  private func obey(_ order: SessionClient.Order) async {
    guard let management = sessionManagement else { return }
    switch order {
    case .accepted(let manager): log.info("in a session of \(manager)")
    case .refused(let reason): playOn("the session manager: \(reason)")
    case .open(let place): await open(place, management)
    case .save: await save(management)
    }
  }

  // MARK: A session

  private func open(_ place: SessionClient.Place, _ management: SessionManagement) async {
    let file = SessionStateFile(in: place.path)
    let kept: SessionState?
    do {
      kept = try await Task.detached { try file.read() }.value
    } catch {
      // The session that was open goes on.
      output.isHeld = false
      management.isAstray = true
      warn("\(error)")
      return management.send(management.client.failed(.open, .badProject, "\(error)"))
    }
    while styleProblem == Self.readingStyles { try? await Task.sleep(for: .milliseconds(10)) }
    // What jamd started with: how it was configured, and the first style.
    if management.place == nil { management.configured = sessionState(at: .now()) }
    log.info("session \(place.session): \(kept == nil ? "new" : "opened"), in \(place.path)")
    (management.place, management.isAstray) = (place, false)
    if configuration.record.folder.isEmpty { recording.move(to: StatePath.sessions(in: place.path)) }
    appear(as: place.clientName)
    let problems = await restore(management.configured.overlaid(with: kept ?? SessionState()))
    management.saved = sessionState(at: .now())
    for problem in problems {
      warn("session \(place.session): \(problem)")
      management.send(management.client.message(problem, priority: 2))
    }
    management.send(management.client.done(.open, problems.isEmpty ? "opened" : "opened, with problems"))
  }

  /// What is as it should be is left alone.
  private func restore(_ wanted: SessionState) async -> [String] {
    var problems: [String] = []
    let present = sessionState(at: .now()).commands
    for command in wanted.commands where !present.contains(command) {
      let reply = await carryOut(command)
      keepForSession(command, reply)
      if case .failure(let failure) = reply { problems.append("\(failure)") }
    }
    return problems
  }

  private func save(_ management: SessionManagement) async {
    guard let place = management.place, !management.isAstray else {
      return management.send(management.client.failed(.save, .noSessionOpen, "no session was opened"))
    }
    let state = sessionState(at: .now())
    let file = SessionStateFile(in: place.path)
    do {
      try await Task.detached { try file.write(state) }.value
      management.saved = state
      management.send(management.client.done(.save, "saved"))
      management.tell(sessionState(at: .now()))
    } catch {
      warn("the session is not saved: \(error)")
      management.send(management.client.failed(.save, .createFailed, "\(error)"))
    }
  }

  /// What sounds on the ports of the old name is released first.
  private func appear(as name: String) {
    output.isHeld = false
    if output.clientName != name, output.isConnected { session.panic(at: .now()) }
    output.appear(as: name)
  }

  // MARK: The state

  private var configuredState: SessionState {
    var state = SessionState()
    let answer = configuration.answer
    let clock = configuration.clock
    let chart = answer.chart.isEmpty ? nil : try? ChartFile.chart(answer.chart).line
    let commands: [ControlCommand] = [
      .mode(answer.mode), .role(Role(rawValue: answer.role)), .bars(answer.bars),
      .variation(answer.variation), .chart(chart), .hands(.countIn(answer.countsIn)), .hands(.clockIn(clock.follows)),
      .hands(.clockOut(clock.sends)),
      .hands(.transport(clock.transport)),
      .hands(.midiSplit(lowest: configuration.midi.lowestKey, highest: configuration.midi.highestKey)),
      .hands(.midiKeyboards(configuration.midi.keyboards)),
    ]
    for command in commands { state.keep(command) }
    return state
  }

  /// What was asked, and what a keyboard may have changed: the styles, the way of playing, who plays.
  private func sessionState(at now: Instant) -> SessionState {
    var state = sessionManagement?.asked ?? SessionState()
    state.keep(.mode(session.mode))
    if let player { state.keep(.playerUse(name: player)) }
    let weights = session.shares
    if !weights.isEmpty { state.keep(.styleMix(weights: weights, over: 0)) }
    return state
  }

  private static var programName: String {
    let path = CommandLine.arguments.first ?? "jamd"
    return path.split(separator: "/").last.map(String.init) ?? "jamd"
  }
}

extension Session {
  /// Where the mix leads, to four digits: the styles as they were chosen, and the player; by name.
  fileprivate var shares: [StyleShare] {
    let player = playerShare
    let sum = styles.reduce(0) { $0 + $1.weight }
    guard sum > 0 || player > 0 else { return [] }
    let parts = styles.map { ($0.name, $0.weight / sum * (1 - player)) } + [(Mix.player, player)]
    return parts.map { StyleShare(name: $0.0, weight: ($0.1 * 10_000).rounded() / 10_000) }.filter { $0.weight > 0 }
      .sorted { $0.name < $1.name }
  }
}
