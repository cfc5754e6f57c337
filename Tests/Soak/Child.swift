// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: a program that is started, watched and always ended.
import Foundation

/// What a program is started by so that it ends with this one, however this one ends: the kernel sends it `signal`
/// (prctl(2), PR_SET_PDEATHSIG, by util-linux's setpriv) when the thread that started it is gone. Here that is the main
/// thread. Nothing where there is no setpriv.
func endsWithUs(_ signal: String) -> [String] {
  findProgram("setpriv").map { [$0, "--pdeathsig", signal, "--"] } ?? []
}

func findProgram(_ name: String) -> String? {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
  return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// A child process; its output goes to a file. Killed when it is let go of, and when this process is killed.
final class Child: @unchecked Sendable {
  private let process = Process()

  init(_ path: String, _ arguments: [String], output: String, environment: [String: String] = [:]) throws {
    _ = FileManager.default.createFile(atPath: output, contents: nil)
    let words = endsWithUs("KILL") + [path] + arguments
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let file = FileHandle(forWritingAtPath: output) ?? FileHandle.nullDevice
    process.standardOutput = file
    process.standardError = file
    try process.run()
  }

  var isRunning: Bool { process.isRunning }
  var number: Int32 { process.processIdentifier }
  var status: Int32 { process.terminationStatus }

  func signal(_ signal: Int32) { if process.isRunning { kill(process.processIdentifier, signal) } }

  /// SIGTERM, and SIGKILL after ten seconds.
  func end() {
    signal(SIGCONT)
    signal(SIGTERM)
    for _ in 0..<1000 where process.isRunning { usleep(10_000) }
    signal(SIGKILL)
    process.waitUntilExit()
  }

  deinit { signal(SIGKILL) }

  /// The resident set in bytes (proc(5), the second field of `statm`).
  var residentBytes: Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(number)/statm", encoding: .utf8) else { return nil }
    let fields = text.split(separator: " ")
    return fields.count > 1 ? Int(fields[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) } : nil
  }
}

/// Load on every core, by stress-ng.
final class Stress {
  private let child: Child
  private let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)
  let name: String

  init(folder: String) throws {
    guard let path = findProgram("stress-ng") else {
      throw Trouble("a soak is one under load, and there is no stress-ng: apt-get install stress-ng (`make soak` does)")
    }
    let arguments = ["--cpu", "\(cores)", "--quiet"]
    child = try Child(path, arguments, output: "\(folder)/stress")
    name = "stress-ng " + arguments.dropLast().joined(separator: " ")
  }

  func end() { child.end() }

  /// The processor time that its workers have had so far, in seconds; 0 once it has ended (proc(5), `children`, `stat`).
  var worked: Double {
    let path = "/proc/\(child.number)"
    let workers = (try? String(contentsOfFile: "\(path)/task/\(child.number)/children", encoding: .utf8)) ?? ""
    let ticks = workers.split(separator: " ").map { worker in
      let stat = (try? String(contentsOfFile: "/proc/\(worker)/stat", encoding: .utf8)) ?? ""
      // Behind the name, which may have spaces.
      let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
      return fields.count > 12 ? (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0) : 0
    }
    return ticks.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Whether it has had a tenth of all cores for `seconds`: what it is to leave to nobody of ordinary priority.
  func hasRun(for seconds: Int) -> Bool { worked >= Double(seconds * cores) / 10 }
}

/// A line on standard output, at once.
func say(_ text: some StringProtocol) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
