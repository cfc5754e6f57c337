// SPDX-License-Identifier: Apache-2.0
// Tests/System: a listener on jamd's loop and ALSA input that prints what it hears, and a measure of the loop.
import ALSAInput
import Dispatch
import Glibc
import Music
import RealTime

// system-probe listen [PATTERN...]   one line an event until SIGTERM; software that fits a PATTERN is heard as well
// system-probe thru COUNT NAMES [FILE]   from ALSA to JACK MIDI; NAMES: jamd, a2jmidid, or jamd,a2jmidid in turn
// system-probe sound COUNT           from ALSA to the first sample of jamd's sound
// system-probe storm SECONDS         far more playing than anybody can do, into jamd; what hangs at its midi_out in the end
// system-probe idle SERVER           a client of a JACK server that does nothing, until SIGTERM; its xruns
// system-probe lateness SECONDS      the loop's 1 ms timer, a job a millisecond on the main queue, and a bare thread

/// One write a line, so that a reader sees it at once and whole.
func say(_ line: String) {
  var line = line + "\n"
  line.withUTF8 { bytes in _ = write(STDOUT_FILENO, bytes.baseAddress, bytes.count) }
}

func hex(_ byte: UInt8) -> String { String(UInt16(byte) | 0x100, radix: 16, uppercase: true).dropFirst().description }

func microseconds(_ summary: Histogram.Summary) -> String {
  let quantiles = [0.5, 0.99, 0.999].map { String(summary.quantile($0) / 1000) }
  return "\(quantiles.joined(separator: "/"))/\(summary.maximum / 1000) us p50/p99/p99.9/max of \(summary.total)"
}

func prepare() {
  do throws(SchedulingError) {
    say("priority \(try ThreadScheduling.becomeRealTime())")
  } catch {
    say("priority none: \(error)")
  }
  say("memory \(MemoryLocking.lock().note ?? "locked")")
  MemoryLocking.touch()
}

@MainActor
func describe(_ event: ALSAInput.Event, _ ages: borrowing Histogram) -> String {
  switch event {
  case .message(let message, let keyboard, let at):
    let age = Instant.now() - at
    ages.record(UInt64(max(0, age.nanoseconds)))
    return "message \(keyboard) \(hex(message.status)) \(hex(message.data1)) \(hex(message.data2))"
  case .keyboardConnected(let number, let name): return "connected \(number) \(name)"
  case .keyboardGone(let number, let name): return "gone \(number) \(name)"
  case .overrun(let total): return "overrun \(total)"
  case .available: return "available"
  case .unavailable(let error): return "unavailable \(error)"
  case .refused(let name, let reason): return "refused \(name): \(reason)"
  }
}

@MainActor
func listen(including patterns: [String]) throws {
  let loop = try RealTimeLoop()
  let ages = Histogram()
  try loop.addSignals([SIGTERM, SIGINT]) { _ in loop.stop() }
  prepare()
  let policy = ConnectionPolicy(include: ConnectionPolicy.keyboardsInSoftware + patterns.map(Glob.init))
  let input = ALSAInput(loop: loop, policy: policy, clientName: "probe") { say(describe($0, ages)) }
  input.start()
  loop.run()
  input.stop()
  say("ages \(microseconds(ages.summary()))")
}

@MainActor
func measureLateness(seconds: Int) throws {
  let loop = try RealTimeLoop()
  prepare()
  let bare = BareThread(seconds: seconds)
  let ticker = Ticker(loop: loop, count: seconds * 1000)
  let before = PageFaults.ofThisThread()
  ticker.start()
  loop.run()
  let faults = PageFaults.ofThisThread() - before
  say("loop   \(microseconds(loop.lateness.summary()))")
  say("bare   \(microseconds(bare.finish()))")
  say("posted \(microseconds(ticker.posted.summary()))")
  say("page faults: \(faults.minor) minor, \(faults.major) major")
}

/// A timer every millisecond, each of which posts a job to the main queue.
@MainActor
final class Ticker {
  /// From posting a job to its start.
  nonisolated let posted = Histogram()
  private let loop: RealTimeLoop
  private var timer: RealTimeLoop.Timer?
  private var deadline = Instant.now()
  private var left: Int

  init(loop: RealTimeLoop, count: Int) {
    self.loop = loop
    left = count
  }

  func start() {
    timer = loop.addTimer { [self] in tick($0) }
    tick(.now())
  }

  private func tick(_ now: Instant) {
    left -= 1
    guard left > 0, let timer else { return loop.stop() }
    deadline = deadline.advanced(by: .milliseconds(1))
    loop.set(timer, at: deadline)
    DispatchQueue.main.async { [self] in posted.record(UInt64(max(0, (Instant.now() - now).nanoseconds))) }
  }
}

/// A thread that does nothing but wait for the same deadlines: what the machine itself allows.
final class BareThread: @unchecked Sendable {
  private let lateness = Histogram()
  private let seconds: Int
  private let done = DispatchSemaphore(value: 0)

  init(seconds: Int) {
    self.seconds = seconds
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    pthread_create(
      &thread, nil,
      { context in
        Unmanaged<BareThread>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, context)
    pthread_detach(thread)
  }

  private func run() {
    _ = try? ThreadScheduling.becomeRealTime()
    var deadline = Instant.now()
    for _ in 0..<seconds * 1000 {
      deadline = deadline.advanced(by: .milliseconds(1))
      let (seconds, nanoseconds) = deadline.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
      var at = timespec(tv_sec: Int(seconds), tv_nsec: Int(nanoseconds))
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nil)
      lateness.record(UInt64(max(0, (Instant.now() - deadline).nanoseconds)))
    }
    done.signal()
  }

  func finish() -> Histogram.Summary {
    done.wait()
    return lateness.summary()
  }
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "listen": try listen(including: Array(arguments.dropFirst()))
case "thru":
  var probe = try LatencyProbe()
  let names = (arguments.dropFirst(2).first ?? "jamd,a2jmidid").split(separator: ",").map(String.init)
  let count = arguments.dropFirst().first.flatMap { Int($0) } ?? 10_000
  exit(probe.thru(count: count, names: names, file: arguments.dropFirst(3).first) ? 0 : 1)
case "sound":
  exit(try LatencyProbe().sound(count: arguments.dropFirst().first.flatMap { Int($0) } ?? 200) ? 0 : 1)
case "storm": exit(try StormProbe().run(seconds: arguments.dropFirst().first.flatMap { Int($0) } ?? 60) ? 0 : 1)
case "idle": exit(IdleProbe.run(server: arguments.dropFirst().first ?? "default") ? 0 : 1)
case "lateness": try measureLateness(seconds: arguments.dropFirst().first.flatMap { Int($0) } ?? 10)
default:
  say(
    """
    usage: system-probe listen [PATTERN...] | thru COUNT [NAME,... [FILE]] | sound COUNT | storm SECONDS | idle SERVER
      | lateness SECONDS
    """)
  exit(64)
}
