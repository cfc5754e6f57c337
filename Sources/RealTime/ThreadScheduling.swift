// SPDX-License-Identifier: Apache-2.0
// RealTime: real-time scheduling of the calling thread.
import CLinux
import Glibc

/// SCHED_FIFO for the calling thread.
public enum ThreadScheduling {
  /// Below JACK's clients, whose threads run at 5 under `jackd -R` with its default priority 10, and above everything
  /// that is not real-time: a note in the making never waits for a shell, and the sound never for a note.
  public static let loopPriority: Int32 = 4

  /// Gives the calling thread SCHED_FIFO, at `priority` (1...99) or as near below it as RLIMIT_RTPRIO allows (its soft
  /// limit is raised first). Threads and processes that it starts later begin ordinary (SCHED_RESET_ON_FORK): what
  /// learns a style must never be able to starve the machine.
  ///
  /// - Returns: the priority it got.
  public static func becomeRealTime(priority: Int32 = loopPriority) throws(SchedulingError) -> Int32 {
    let limit = clinux_rtprio_limit()
    let refusal = clinux_become_fifo(priority)
    if refusal == 0 { return priority }
    let allowed = Int32(clamping: limit)
    guard refusal == EPERM, allowed >= 1, allowed < priority, clinux_become_fifo(allowed) == 0 else {
      throw .refused(priority: priority, error: refusal, limit: limit)
    }
    return allowed
  }

  /// SCHED_OTHER for the calling thread again.
  public static func becomeOrdinary() { _ = clinux_become_ordinary() }

  /// The calling thread's kernel number.
  public static var currentThread: Int32 { clinux_thread() }

  public static var isRealTime: Bool {
    let policy = clinux_policy()
    return policy == SCHED_FIFO || policy == SCHED_RR
  }
}

/// Why a thread stays ordinary, and the way out.
public enum SchedulingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// `limit` is RLIMIT_RTPRIO.
  case refused(priority: Int32, error: Int32, limit: UInt64)

  public var description: String {
    switch self {
    case .refused(let priority, let error, let limit) where error == EPERM && limit == 0:
      """
      not real-time: SCHED_FIFO \(priority) is not permitted, so notes may come late on a busy machine. \
      In a shell: put yourself into group audio, write "@audio - rtprio 95" and "@audio - memlock unlimited" to \
      /etc/security/limits.d/audio.conf and log in again. In a service: LimitRTPRIO=95.
      """
    case .refused(let priority, let error, let limit):
      """
      not real-time: SCHED_FIFO \(priority) failed (\(String(cString: strerror(error))), RLIMIT_RTPRIO \(limit)), so \
      notes may come late on a busy machine. In a container allow the capability CAP_SYS_NICE; in a control group give \
      it cpu.rt_runtime_us.
      """
    }
  }
}
