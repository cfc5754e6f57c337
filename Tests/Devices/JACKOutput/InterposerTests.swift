// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: nothing in a cycle allocates, locks, counts references or calls the kernel, as counted from outside.
import Foundation
import Testing

/// What the interposer (Tests/Interposer) counted in a process of its own (Tests/Proof).
private struct Count {
  private var counters: [String: Int] = [:]

  subscript(name: String) -> Int? { counters[name] }
  var total: Int { counters.filter { !["callbacks", "positions"].contains($0.key) }.values.reduce(0, +) }
  var description: String {
    counters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  /// Builds the interposer and runs `stage-proof` under it.
  init(_ mode: String) throws {
    let folder = NSTemporaryDirectory() + "interposer-\(mode)-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let compiled = try run(
      "/usr/bin/env", ["clang", "-shared", "-fPIC", "-O1", "-o", "\(folder)/interposer.so", interposer, "-ldl"], [:])
    try #require(compiled == 0, "the interposer does not compile")
    let environment = ["LD_PRELOAD": "\(folder)/interposer.so", "JAMD_INTERPOSER_REPORT": "\(folder)/report"]
    let status = try run("\(programs)/stage-proof", [mode, String(seconds)], environment)
    try #require(status == 0, "the interposed process failed with \(status)")
    for line in try String(contentsOfFile: "\(folder)/report", encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ")
      counters[String(words[0])] = Int(words[1])
    }
    if self["syscalls"] == nil { print("NOTE: \(mode): SYSTEM CALLS WERE NOT COUNTED: \(Self.needed)") }
  }

  /// What decides for others (`CI` is set) must not decide without them.
  var hasSystemCalls: Bool { self["syscalls"] != nil || !isCI }

  static let needed =
    "that needs an x86-64 kernel with syscall user dispatch (Linux 5.11), and a sandbox that allows prctl(2) it"
}

private let isCI = !["", "0", "false"].contains(ProcessInfo.processInfo.environment["CI"] ?? "")

private let interposer = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("../../Interposer/interposer.c").path

/// Where the built programs stand: `JAMD_PROGRAMS`, set by `make test`, else beside the test bundle.
private let programs =
  ProcessInfo.processInfo.environment["JAMD_PROGRAMS"]
  ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path

private func run(_ program: String, _ arguments: [String], _ environment: [String: String]) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program).resolvingSymlinksInPath()
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}

private let seconds = ProcessInfo.processInfo.environment["JAMD_INTERPOSER_SECONDS"].flatMap { Int($0) } ?? 60
private let hasCompiler = (try? run("/usr/bin/env", ["clang", "--version"], [:])) == 0

private let hasNames = (try? run("/bin/sh", ["-c", "command -v nm"], [:])) == 0
/// Parts of the names; neither metadata, which is made once, nor an object on the stack is among them.
private let countedParts = [
  "etain", "elease", "weak", "allocObject", "ClassInstance", "slowAlloc", "slowDealloc", "allocBox",
]

/// How often a bad callback does each, at least.
private let unwanted = [
  "allocations": 1, "frees": 1, "mutexes": 1, "conditions": 3, "rwlocks": 2, "spinlocks": 1, "semaphores": 2,
  "references": 1, "bridges": 1, "objects": 1,
]

extension RealServer {
  @Test(
    "a cycle and a timebase callback allocate, lock, count references and call the kernel not once in a minute of audio",
    .enabled(if: hasCompiler, "no clang to build the interposer"), arguments: ["midi", "fluid", "organ", "hurried"])
  func cleanCycle(mode: String) throws {
    let count = try Count(mode)
    print("\(mode):", count.description)
    // Of both clients that run in the process; half of the time with 256 frames a cycle, half with 64.
    #expect(count["callbacks"] ?? 0 > 2 * 300 * seconds)
    // While the transport rolls with jamd in the lead.
    #expect(count["positions"] ?? 0 > 50 * seconds)
    #expect(count.hasSystemCalls, "\(Count.needed)")
    #expect(count.total == 0, "\(count.description)")
  }

  @Test(
    "the interposer sees a cycle, and a timebase callback, that does all of it",
    .enabled(if: hasCompiler, "no clang to build the interposer"),
    arguments: [("bad", "callbacks"), ("bad-timebase", "positions")])
  func control(mode: String, counter: String) throws {
    let count = try Count(mode)
    print("control:", count.description)
    // Another client of that process runs clean cycles meanwhile.
    let bad = (count[counter] ?? 0) / 4
    #expect(bad > 20)
    for (name, times) in unwanted { #expect(count[name] ?? 0 >= bad * times, "\(name)") }
    #expect(count.hasSystemCalls, "\(Count.needed)")
    if let calls = count["syscalls"] { #expect(calls >= bad) }
  }

  @Test(
    "all that counts references or makes objects, of what the program takes from Swift's runtime, is counted",
    .enabled(if: hasNames, "no nm to read the program's names"))
  func imports() throws {
    let output = NSTemporaryDirectory() + "imports-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: output) }
    #expect(try run("/bin/sh", ["-c", "nm -D --undefined-only '\(programs)/stage-proof' > '\(output)'"], [:]) == 0)
    let names = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
      .compactMap { $0.split(separator: " ").last.map(String.init) }
    let counting = names.filter { name in name.hasPrefix("swift_") && countedParts.contains { name.contains($0) } }
    let source = try String(contentsOfFile: interposer, encoding: .utf8)
    #expect(counting.contains("swift_retain") && counting.contains("swift_release"))
    for name in counting {
      let stem = name.hasSuffix("_n") ? String(name.dropLast(2)) : name
      #expect(source.contains("\(name), ") || source.contains("S(\(stem),"), "\(name) is not counted")
    }
  }
}
