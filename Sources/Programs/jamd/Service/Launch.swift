// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the order in which a real-time process is set up, and its exit codes.
import Glibc
import Logging
import RealTime

/// Of sysexits.h.
enum ExitCode {
  static let software: Int32 = 70
  static let system: Int32 = 71
  static let configuration: Int32 = 78
}

@MainActor
enum Launch {
  /// Runs jamd to its end and returns its exit code.
  ///
  /// Signals are blocked and memory is locked before the first thread starts, because threads inherit both; the loop's
  /// priority comes last, so that no thread started before has it.
  static func run(_ configuration: Configuration, _ arguments: Arguments, _ log: Logger) throws -> Int32 {
    let loop = try RealTimeLoop()
    var daemon: Daemon?
    try loop.addSignals([SIGTERM, SIGINT, SIGHUP, SIGUSR1]) { daemon?.handle(signal: $0) }
    if let note = MemoryLocking.lock().note { log.notice("\(note)") }
    MemoryLocking.touch(threads: 24)
    let built = try Daemon(configuration, arguments, loop: loop, log: log)
    daemon = built
    built.start(quitAfter: arguments.quitAfter)
    becomeRealTime(built, configuration.realTime.priority, log)
    let guarding = LoopGuard(loop.activity, thread: ThreadScheduling.currentThread, log: log)
    loop.run()
    guarding.end()
    return built.finish() ? 0 : ExitCode.software
  }

  /// Blocks `numbers`; who adds them to the loop hears of them then.
  static func holdBack(_ numbers: [Int32]) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in numbers { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  private static func becomeRealTime(_ daemon: Daemon, _ priority: Int, _ log: Logger) {
    guard priority > 0 else { return log.notice("real_time.priority is 0: the loop runs at ordinary priority") }
    do throws(SchedulingError) {
      let granted = try ThreadScheduling.becomeRealTime(priority: Int32(priority))
      daemon.isRealTime = true
      log.info("the loop runs at SCHED_FIFO \(granted)")
    } catch {
      daemon.warn("\(error)")
    }
  }
}
