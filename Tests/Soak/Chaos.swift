// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: everything that can break around jamd, broken in an order drawn from a seed.
import ControlProtocol
import Foundation
import JamTestKit
import Music

/// What is done to jamd while an answer sounds.
enum Fault: String, CaseIterable {
  case killServer = "the JACK server is killed and started again"
  case restartServer = "the JACK server is stopped and started again"
  case freezeServer = "the JACK server stands still for three seconds"
  case stall = "the JACK server stands still for moments while notes begin and end"
  case freezeJamd = "jamd stands still for a second and a half: its clock leaps"
  case sleep = "all stands still for three seconds, as when the machine sleeps"
  case fillRings = "ten thousand messages in a moment"
  case spoilStyles = "the style files are rewritten while they are being read"
  case changeFormat = "the JACK server comes back with another rate and period"
  case changePeriod = "the JACK server's period changes while it runs, and back"
  case takeStyles = "the folder of styles is gone, and back"
  case forgetClients = "twenty control clients vanish in mid-sentence"

  /// The server lives on, and who listens to it: every note that was heard before has to be heard to end. A new server
  /// knows nothing of the old one's.
  var leavesListener: Bool {
    switch self {
    case .killServer, .restartServer, .changeFormat: false
    default: true
    }
  }
}

/// After each fault: what sounded ends by itself, nothing sounds that should not, and jamd plays within two seconds.
struct Chaos {
  private static let patience = 2.0
  /// Seconds of silence after which nothing more is to be expected, and in which that has to come: what an answer holds
  /// long is not hung.
  private static let (quiet, end) = (1.5, 30.0)
  /// Notes in a phrase that is played to it.
  private static let phrase = 12
  let seed: UInt64
  let faults: Int
  let programs: String
  let styles: String

  func run(_ verdict: inout Verdict) throws {
    var random = RandomSource(seed: seed)
    let band = try Band(period: 128, programs: programs, styles: styles, passesThrough: true)
    guard band.listen(for: 20, until: { band.status()?.styles.isEmpty == false }) else {
      throw Trouble("no style in use:\n\(band.log.suffix(2000))")
    }
    verdict.note("seed \(seed), \(faults) faults")
    // Every fault comes before any comes again.
    var left: [Fault] = []
    for _ in 0..<faults {
      if left.isEmpty { left = Fault.allCases.shuffled(using: &random) }
      guard let fault = left.popLast() else { break }
      try suffer(fault, band, &random, &verdict)
      guard band.jamd.isRunning else { break }
    }
    verdict.check("jamd lives", band.jamd.isRunning)
    let log = band.log
    let code = band.end()
    verdict.check("and ends in peace (status \(code))", code == 0)
    if verdict.failures > 0 { say(log.suffix(3000)) }
  }

  /// Twice, where there is something to be heard of what sounded: once without a key or a command afterwards, which could
  /// release what the fault left hanging, and once with a key at once.
  private func suffer(_ fault: Fault, _ band: Band, _ random: inout RandomSource, _ verdict: inout Verdict) throws {
    say("  \(fault.rawValue)")
    Self.limit()
    if fault.leavesListener {
      _ = try inflictWithinAnswer(fault, band, &random, &verdict)
      checkSilence("by itself", band, &verdict)
    }
    let back = try inflictWithinAnswer(fault, band, &random, &verdict)
    let start = Date()
    let echo = playsAgain(band, since: start, spent: back)
    verdict.check(
      "plays after \(echo.map { "\(($0 * 100).rounded() / 100)" } ?? "more than \(Self.patience)") s", echo != nil)
    checkSilence("after a key", band, &verdict)
    let before = band.sounding.notes
    letAnswer(band, &random)
    // How many notes an answer begins with is its own affair.
    let answered = band.listen(for: Self.patience) { band.sounding.notes > before + Self.phrase }
    verdict.check("answers", answered)
    _ = Desk.send(.stop, to: band.socket)
    band.listen(for: 0.5)
    verdict.check("silence when it has been told to stop: \(band.sounding.text)", band.sounding.keys.isEmpty)
  }

  /// Ends this process where the fault takes longer than it may: a JACK server that answers no more holds its clients for
  /// ever, and what they were started for.
  private static func limit() {
    signal(SIGALRM) { _ in
      let text: StaticString = "  FAIL  three minutes for a fault: the JACK server, or who asks it, hangs\n"
      write(1, text.utf8Start, text.utf8CodeUnitCount)
      _exit(2)
    }
    alarm(180)
  }

  private func inflictWithinAnswer(
    _ fault: Fault, _ band: Band, _ random: inout RandomSource, _ verdict: inout Verdict
  ) throws -> Double {
    letAnswer(band, &random)
    let before = band.heard
    band.listen(for: Self.patience) { band.heard > before }
    band.listen(for: Double(random.next() % 500) / 1000)
    let sounds = band.listen(for: Self.patience) { !band.sounding.keys.isEmpty }
    verdict.check("something sounds when it comes", sounds)
    return try inflict(fault, band, &random, &verdict)
  }

  /// Waits for the end of what is being played, and does nothing to bring it about.
  private func checkSilence(_ how: String, _ band: Band, _ verdict: inout Verdict) {
    let start = Date()
    var (heard, since) = (band.heard, start)
    band.listen(for: Self.end) {
      if band.heard != heard { (heard, since) = (band.heard, Date()) }
      return band.sounding.keys.isEmpty && Date().timeIntervalSince(since) > Self.quiet
    }
    let seconds = Int(Date().timeIntervalSince(start))
    verdict.check("silence \(how), after \(seconds) s: \(band.sounding.text)", band.sounding.keys.isEmpty)
    // Told once. What hangs must not make each check fail that follows.
    if !band.sounding.keys.isEmpty {
      _ = Desk.send(.panic, to: band.socket)
      band.listen(for: 0.5)
      verdict.check("a panic silences it: \(band.sounding.text)", band.sounding.keys.isEmpty)
      band.sounding = Sounding()
    }
  }

  /// A phrase, and at once an answer to it.
  private func letAnswer(_ band: Band, _ random: inout RandomSource) {
    for _ in 0..<Self.phrase {
      let pitch = UInt8(55 + random.next() % 20)
      band.send([MIDIMessage(0x90, pitch, 80)])
      band.listen(for: 0.05)
      band.send([MIDIMessage(0x80, pitch, 64)])
      band.listen(for: 0.03)
    }
    _ = Desk.send(.answer, to: band.socket)
  }

  /// Presses a key until it comes out of `midi_out`; seconds, or nil when that took too long.
  private func playsAgain(_ band: Band, since start: Date, spent: Double) -> Double? {
    while case let seconds = Date().timeIntervalSince(start) + spent, seconds < Self.patience {
      let key = MIDIMessage(0x90, 50, 90)
      let before = band.count(of: key)
      band.send([key])
      let isBack = band.listen(for: 0.05) { band.count(of: key) > before }
      band.send([MIDIMessage(0x80, 50, 64)])
      if isBack { return Date().timeIntervalSince(start) + spent }
    }
    return nil
  }

  /// Seconds that have passed since the fault was over: until jamd was connected again, where it had been cut off, and
  /// while something was listened for.
  private func inflict(
    _ fault: Fault, _ band: Band, _ random: inout RandomSource, _ verdict: inout Verdict
  ) throws -> Double {
    switch fault {
    case .killServer, .restartServer:
      if fault == .killServer { band.server.killHard() } else { band.server.kill() }
      band.detach()
      usleep(UInt32(random.next() % 1_500_000))
      try band.server.start()
      return try band.attach(within: 10)
    case .freezeServer:
      band.server.freeze()
      sleep(3)
      band.server.thaw()
    case .stall:
      for _ in 0..<3 {
        band.server.freeze()
        usleep(100_000 + UInt32(random.next() % 300_000))
        band.server.thaw()
        band.listen(for: 0.15)
      }
    case .freezeJamd:
      band.jamd.signal(SIGSTOP)
      usleep(1_500_000)
      band.jamd.signal(SIGCONT)
    case .sleep:
      band.jamd.signal(SIGSTOP)
      band.server.freeze()
      Foundation.sleep(3)
      band.server.thaw()
      band.jamd.signal(SIGCONT)
    case .fillRings: return fillRings(band, &random, &verdict)
    case .spoilStyles: try spoilStyles(band, &random)
    case .changeFormat:
      band.server.kill()
      band.detach()
      band.server.sampleRate = band.server.sampleRate == 48000 ? 44100 : 48000
      band.server.period = band.server.period == 128 ? 512 : 128
      try band.server.start()
      return try band.attach(within: 10)
    case .changePeriod:
      let period = band.server.period
      for frames in [1024, 64, period].map(UInt32.init) {
        guard band.player.setPeriod(frames) else { throw Trouble("the server takes no other period") }
        band.listen(for: 0.3)
      }
      return 0.3
    case .takeStyles:
      let (folder, aside) = ("\(band.folder)/styles", "\(band.folder)/aside")
      try FileManager.default.moveItem(atPath: folder, toPath: aside)
      band.jamd.signal(SIGHUP)
      letAnswer(band, &random)
      band.listen(for: 1)
      try FileManager.default.moveItem(atPath: aside, toPath: folder)
      band.jamd.signal(SIGHUP)
    case .forgetClients:
      for _ in 0..<20 { _ = forget(band.socket) }
    }
    return 0
  }

  /// More than the rings hold, and every key that is pressed is let go: note-ons may be lost, and are counted, but no
  /// note-off of a note that was let in, as the silence afterwards shows.
  private func fillRings(_ band: Band, _ random: inout RandomSource, _ verdict: inout Verdict) -> Double {
    let before = band.status()?.losses.droppedEvents
    for index in 0..<10_000 {
      let pitch = UInt8(index / 2 % 128)
      band.send([MIDIMessage(index % 2 == 0 ? 0x90 : 0x80, pitch, UInt8(1 + random.next() % 127))])
    }
    let start = Date()
    let lost = { (band.status()?.losses.droppedEvents ?? 0) - (before ?? .max) }
    let wereFull = band.listen(for: 1) { lost() > 0 }
    let spent = Date().timeIntervalSince(start)
    verdict.check("the rings were full: \(before == nil ? "no status" : "\(lost()) messages lost")", wereFull)
    return spent
  }

  /// Cut short, overwritten with noise in place, taken away and put back, a hundred times while they are read.
  private func spoilStyles(_ band: Band, _ random: inout RandomSource) throws {
    let files = FileManager.default
    for name in ["joplin", "bach", "chopin"] {
      let (path, whole) = ("\(band.folder)/styles/\(name).style", "\(styles)/\(name).style")
      guard let bytes = files.contents(atPath: whole) else { throw Trouble("no \(whole)") }
      for _ in 0..<10 {
        let cut = Int(random.next() % UInt64(bytes.count))
        var spoiled = bytes.prefix(cut)
        for _ in 0..<8 where cut > 0 { spoiled[Int(random.next() % UInt64(cut))] ^= 0x55 }
        try Data(spoiled).write(to: URL(fileURLWithPath: path))
        band.jamd.signal(SIGHUP)
        _ = Desk.send(.styleUse(name: name, now: true), to: band.socket)
        if random.next() % 3 == 0 { try? files.removeItem(atPath: path) }
        band.listen(for: 0.01)
      }
      try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
    }
    band.jamd.signal(SIGHUP)
  }

  /// Half a request, and gone.
  private func forget(_ socket: String) -> Bool {
    guard case .connected(let descriptor) = SocketPath.connect(to: socket) else { return false }
    defer { close(descriptor) }
    return write(descriptor, "{\"id\":1,\"comm", 13) == 13
  }
}
