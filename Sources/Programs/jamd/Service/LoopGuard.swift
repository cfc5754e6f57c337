// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: an ordinary thread that says where the loop stands when it does not turn.
import Dispatch
import Glibc
import Logging
import RealTime

/// The watchdog of the service manager ends a loop that hangs; what it hung in is in the log by then.
final class LoopGuard {
  private static let interval = 250
  /// Ticks come every 50 milliseconds at least.
  private static let limit = Duration.seconds(1)
  private let source: any DispatchSourceTimer

  /// `thread` is the loop's, as the kernel counts.
  init(_ activity: LoopActivity, thread: Int32, log: Logger) {
    source = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "jamd.guard", target: .global(qos: .utility)))
    source.schedule(deadline: .now(), repeating: .milliseconds(Self.interval))
    var watch = StallWatch(limit: Self.limit)
    nonisolated(unsafe) let look = { watch.look(activity.present, at: .now()) }
    source.setEventHandler {
      switch look() {
      case .stalled(let step, let length):
        log.error("the loop has stalled for \(length.tenths) s: \(step)\(Self.kernelSays(thread))")
      case .over(let length): log.error("the loop goes on after \(length.tenths) s")
      case nil: break
      }
    }
    source.activate()
  }

  /// A loop that was told to stop need not turn.
  func end() { source.cancel() }

  /// Where the kernel sees the thread, as far as it tells.
  private static func kernelSays(_ thread: Int32) -> String {
    let folder = "/proc/self/task/\(thread)"
    let parts = [("system call", "syscall"), ("kernel", "wchan")].compactMap { name, file -> String? in
      guard let text = try? WholeFile.read("\(folder)/\(file)", largest: 4096) else { return nil }
      let word = String(decoding: text, as: UTF8.self).split { $0.isWhitespace }.first.map(String.init) ?? ""
      return word.isEmpty || word == "0" ? nil : "\(name) \(word)"
    }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
  }
}

extension Duration {
  fileprivate var tenths: Double { (Double(nanoseconds) / 1e8).rounded() / 10 }
}
