// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: on what and of what the figures were measured.
import Glibc

package struct Machine: Codable {
  var processor: String
  var cores: Int
  var kernel: String
  /// Mean number of threads that wanted to run in the minute before: what else the machine had to do.
  var load: Double
  /// Of the working directory; empty outside a repository.
  var commit: String
  var command: String

  package init(processor: String, cores: Int, kernel: String, load: Double, commit: String, command: String) {
    (self.processor, self.cores, self.kernel) = (processor, cores, kernel)
    (self.load, self.commit, self.command) = (load, commit, command)
  }

  static func this() -> Machine {
    Machine(
      processor: processorName(), cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
      kernel: output(of: "uname -srvm"), load: load(), commit: commit(),
      command: CommandLine.arguments.joined(separator: " "))
  }

  var lines: [String] {
    [
      "machine   \(processor), \(cores) cores", "kernel    \(kernel)", "load      \(load) before it began",
      "commit    \(commit.isEmpty ? "not in a repository" : commit)", "command   \(command)",
    ]
  }

  /// For a drawing that may be looked at far from its report.
  package var caption: String {
    "\(processor), \(cores) cores, Linux \(release), \(commit.isEmpty ? "not in a repository" : "commit \(commit)")"
  }

  /// The kernel's release alone.
  var release: String { kernel.split(separator: " ").dropFirst().first.map(String.init) ?? kernel }

  private static func load() -> Double {
    var load = [0.0]
    return getloadavg(&load, 1) == 1 ? (load[0] * 100).rounded() / 100 : 0
  }

  /// The commit that changed last what jamd is built from, as `Tests/System/run` writes it beside its measurements: one that
  /// changes a document makes no other program. Empty outside a repository.
  static func sources() -> String {
    let paths = "-- Sources Package.swift 2>/dev/null"
    let name = output(of: "git log -1 --format=%h --abbrev=12 \(paths)")
    let isChanged = !output(of: "git status --porcelain \(paths)").isEmpty
    return isChanged ? "\(name), with changes" : name
  }

  private static func commit() -> String {
    let name = output(of: "git rev-parse --short=12 HEAD 2>/dev/null")
    guard !name.isEmpty else { return "" }
    let isChanged = !output(of: "git status --porcelain --untracked-files=no -- Sources 2>/dev/null").isEmpty
    return isChanged ? "\(name), with changes in Sources" : name
  }

  private static func processorName() -> String {
    let text = output(of: "grep -m1 -E 'model name|Model|Hardware' /proc/cpuinfo")
    return text.split(separator: ":").last.map { String($0.drop { $0 == " " }) } ?? "unknown processor"
  }

  /// The output's beginning, its lines joined.
  private static func output(of command: String) -> String {
    guard let pipe = popen(command, "r") else { return "" }
    defer { pclose(pipe) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, pipe)
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").joined(separator: " ")
  }
}
