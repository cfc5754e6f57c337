// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: hours of everything at once, and a verdict.
import ControlProtocol
import Foundation
import JamTestKit
import Music

/// One period's share of a soak.
struct Soak {
  let period: Int
  let seconds: Int
  let programs: String
  let styles: String

  /// The reverb's end.
  private static let silence: Float = 0.001

  private struct Course {
    var resident: [MemoryVerdict.Sample] = []
    /// One every `ReferenceClient.interval`.
    var readings: [SoakReading] = []
    /// Notes of answers that sound while only the storm does, at worst.
    var left = 0
    /// What sounds when all has ended by itself: notes, the loudest sample. And notes after a stop.
    var (ended, peak, hung) = (0, Float(0), 0)
    /// The loudest sample of all.
    var loudest = Float(0)
    var sent = 0
    var lost: UInt64 = 0
    /// Whether the load was there to the end, and what it had of the processor.
    var hadLoad = false
    var load = ""
  }

  func run(_ verdict: inout Verdict) throws {
    guard Band.serverOptions.contains("-R") else {
      throw Trouble(
        """
        a soak is one at real-time priority, and SCHED_FIFO 70 is not permitted: run it as root, or as one of group audio \
        with "@audio - rtprio 95" and "@audio - memlock unlimited" in /etc/security/limits.d/audio.conf
        """)
    }
    let band = try Band(period: period, programs: programs, styles: styles, passesThrough: false)
    let desk = Desk(socket: band.socket)
    guard band.listen(for: 20, until: { band.status()?.styles.isEmpty == false }) else {
      throw Trouble("no style in use:\n\(band.log.suffix(2000))")
    }
    let stress = try Stress(folder: band.folder)
    defer { stress.end() }
    say("period \(period): \(seconds) s, jackd \(Band.serverOptions.joined(separator: " ")), load: \(stress.name)")
    let references = try ReferenceClient.three(folder: band.folder, period: period, seconds: seconds)
    desk.start(styles: ["joplin", "bach", "chopin"])
    let course = play(band, desk, stress)
    desk.stop()
    let status = band.status()
    let others = try references.map { try $0.finish() }
    stress.end()
    let log = band.log
    let code = band.end()
    verdict.note("period \(period)")
    verdict.check("jamd ended in peace (status \(code))", code == 0)
    if code != 0 { say(log.suffix(3000)) }
    guard let status else { return verdict.check("jamd tells its status in the end", false) }
    judge(&verdict, course, status, desk)
    judgeTimes(&verdict, course.readings, status, others)
  }

  /// The storm, and what was measured meanwhile.
  private func play(_ band: Band, _ desk: Desk, _ stress: Stress) -> Course {
    var (course, storm) = (Course(), MIDIStorm.sustained(seed: UInt64(period)))
    guard band.listener.connectListen(from: "jamd:out_left") else { return course }
    let start = Date()
    let first = band.player.now &+ 4800
    var nextSample = 0.0
    while case let second = Date().timeIntervalSince(start), second < Double(seconds) {
      let ahead = UInt32(bitPattern: Int32(bitPattern: band.player.now &- first)) &+ 9600
      let due = Int32(bitPattern: band.player.now &- first) < -4800 ? [] : storm.messages(before: ahead)
      for (frame, message) in due { _ = band.player.send(message, at: first &+ frame) }
      band.listen()
      // An answer ends when the storm comes back: by then nothing of it sounds.
      let place = band.player.now &- first
      if place < 1 << 31, let played = MIDIStorm.secondsOfPlaying(at: place), played > 2 {
        course.left = max(course.left, band.sounding.keys.count)
      }
      if second >= nextSample, let bytes = band.jamd.residentBytes {
        course.resident.append((second, Double(bytes)))
        nextSample += 2
      }
      if second >= Double((course.readings.count + 1) * ReferenceClient.interval) {
        course.readings.append(SoakReading(band, desk.status, period: period))
        // Not the mean, in which is what the machine takes away.
        let cost = (desk.status?.jack.callbackCost.p50 ?? 0) * 1000
        ReferenceClient.setWork(nanoseconds: cost, folder: band.folder)
      }
      usleep(20_000)
      guard band.jamd.isRunning else { break }
    }
    course.hadLoad = stress.hasRun(for: seconds)
    course.load = "\(stress.name), its workers had \(Int(stress.worked)) s of processor time"
    end(band, &storm, &course)
    course.readings.append(SoakReading(band, band.status(), period: period))
    return course
  }

  /// Nothing is played any more: what sounds has to end by itself, and only then jamd is told to stop.
  private func end(_ band: Band, _ storm: inout MIDIStorm, _ course: inout Course) {
    band.listen(for: 0.5)
    band.send(storm.releases())
    // Those of the player's keys that JACK lost in an xrun, on their way to jamd.
    for _ in 0..<2 {
      band.listen(for: 0.3)
      band.send((0..<128).map { MIDIMessage(0x80, $0, 64) } + [MIDIMessage(0xB0, 64, 0)])
    }
    var (heard, since) = (band.heard, Date())
    course.loudest = band.listener.takePeak()
    band.listen(for: 30) {
      if band.heard != heard { (heard, since) = (band.heard, Date()) }
      guard Date().timeIntervalSince(since) > 3 else { return false }
      return band.sounding.keys.isEmpty && band.listener.takePeak() < Self.silence
    }
    (course.ended, course.peak) = (band.sounding.keys.count, band.listener.takePeak())
    _ = Desk.send(.stop, to: band.socket)
    band.listen(for: 2)
    course.hung = band.sounding.keys.count
    course.sent = storm.sent
    course.lost = band.listener.lost
  }

  private func judge(_ verdict: inout Verdict, _ course: Course, _ status: StatusSnapshot, _ desk: Desk) {
    verdict.check("jamd's loop has SCHED_FIFO", status.realTime)
    verdict.check("load to the end: \(course.load)", course.hadLoad)
    verdict.check(
      "hung notes: \(course.left) when the storm came back, \(course.ended) in the end, the loudest sample then "
        + "\(course.peak) of \(course.loudest); \(course.hung) after a stop",
      course.left + course.ended + course.hung == 0 && course.peak < Self.silence && course.loudest > 0.1
        && course.lost == 0)
    verdict.check(
      "played: \(course.sent) messages in, \(course.sent / seconds) a second, \(status.music.phrases) phrases, \(status.music.answers) answers",
      course.sent >= 1000 * seconds * 99 / 100 && status.music.answers > 0 && status.music.notesHeard > course.sent / 4)
    verdict.check(
      "control clients: \(desk.swaps) style swaps, \(desk.events) events watched, \(desk.failures) failures",
      desk.failures == 0 && desk.swaps >= max(1, seconds / 6))
    let lost = status.losses
    verdict.check(
      "dropped: \(lost.droppedEvents) events, \(lost.droppedClients) clients; shed: \(lost.shedVoices) voices",
      lost.droppedEvents == 0 && lost.droppedClients == 0)
    let faults = status.pageFaults
    verdict.check(
      "page faults after start: loop \(faults.loop ?? -1), callback \(faults.stage ?? -1)",
      faults.loop == 0 && faults.stage == 0)
    let memory = MemoryVerdict(course.resident, seconds: seconds)
    verdict.check(memory.text, memory.holds)
  }

  private func judgeTimes(
    _ verdict: inout Verdict, _ readings: [SoakReading], _ status: StatusSnapshot, _ others: [[ReferenceClient.Reading]]
  ) {
    func line(_ name: String, _ d: Distribution) -> String {
      "\(name) mean/p50/p99/p99.9/max \(Int(d.mean))/\(Int(d.p50))/\(Int(d.p99))/\(Int(d.p999))/\(Int(d.max)) us of \(d.count)"
    }
    let (cost, length) = (status.jack.callbackCost, period * 1_000_000 / 48000)
    verdict.check(line("callback", cost) + ", period \(length) us", cost.mean * 10 <= Double(length))
    verdict.note(line("wake-ups late", status.latency.wakeUps))
    verdict.note(line("answers, decision to ring", status.latency.answers))
    verdict.note("answers are composed \(Int(status.latency.lookAhead)) ms ahead")
    let latest = others.joined().map(\.late).max() ?? 0
    verdict.note("threads of the loop's priority that only sleep, in the same minutes: at most \(latest) us late")
    let xruns = XrunComparison(
      ours: readings.map(\.xruns), idle: others[0].map(\.xruns), others[1].map(\.xruns),
      computing: others[2].map(\.xruns))
    verdict.check(xruns.text, xruns.holds)
    let late = LatenessVerdict(
      SoakReading.intervals(readings, others), length: Double(ReferenceClient.interval))
    verdict.check(late.text, late.holds)
  }
}

/// What held and what did not.
struct Verdict {
  private(set) var failures = 0

  mutating func check(_ text: String, _ holds: Bool) {
    say(holds ? "  ok    \(text)" : "  FAIL  \(text)")
    if !holds { failures += 1 }
  }

  func note(_ text: String) { say("        \(text)") }
}
