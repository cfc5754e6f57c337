// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: nothing in a cycle allocates, locks, counts references or calls the kernel, as counted from outside.
import CJACK
import Foundation
import JACKOutput
import JamTestKit
import Music
import RealTime
import Synchronization
import Synthesis
import Testing

/// What the interposer (Tests/Interposer) counted in a process of its own, in which one test of this file ran.
private struct Count {
  private var counters: [String: Int] = [:]

  subscript(name: String) -> Int? { counters[name] }
  var total: Int { counters.filter { $0.key != "callbacks" }.values.reduce(0, +) }
  var description: String {
    counters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  /// Builds the interposer and runs this test program again under it.
  init(_ mode: String) throws {
    let folder = NSTemporaryDirectory() + "interposer-\(mode)-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Interposer/interposer.c").path
    let compiled = try run(
      "/usr/bin/env", ["clang", "-shared", "-fPIC", "-O1", "-o", "\(folder)/interposer.so", source, "-ldl"], [:])
    try #require(compiled == 0, "the interposer does not compile")
    var environment = ["LD_PRELOAD": "\(folder)/interposer.so", "JAMD_INTERPOSER_REPORT": "\(folder)/report"]
    environment["JAMD_INTERPOSED"] = mode
    let arguments = CommandLine.arguments.dropFirst().filter { $0.hasSuffix(".xctest") || $0 == "--test-bundle-path" }
    let status = try run(
      "/proc/self/exe", arguments + ["--testing-library", "swift-testing", "--filter", "interposed"], environment)
    try #require(status == 0, "the interposed process failed with \(status)")
    for line in try String(contentsOfFile: "\(folder)/report", encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ")
      counters[String(words[0])] = Int(words[1])
    }
  }
}

private func run(_ program: String, _ arguments: [String], _ environment: [String: String]) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program).resolvingSymlinksInPath()
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  process.standardOutput = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}

/// The control: a cycle that does everything it must not, in ways that no optimiser may leave out.
@c private func badProcess(_ count: UInt32, _ argument: UnsafeMutableRawPointer?) -> Int32 {
  badMemory = malloc(100)
  free(badMemory)
  badLock.lock()
  badObject = badObjects.randomElement()
  badLock.unlock()
  usleep(1)
  return 0
}

private nonisolated(unsafe) var badMemory: UnsafeMutableRawPointer?
private nonisolated(unsafe) var badObject: NSLock?
private let badObjects = [NSLock(), NSLock(), NSLock()]
private let badLock = NSLock()

private let mode = ProcessInfo.processInfo.environment["JAMD_INTERPOSED"]
private let seconds = ProcessInfo.processInfo.environment["JAMD_INTERPOSER_SECONDS"].flatMap { Int($0) } ?? 5
private let hasCompiler = (try? run("/usr/bin/env", ["clang", "--version"], [:])) == 0

extension RealServer {
  @Test(
    "a cycle allocates, locks, counts references and calls the kernel not once",
    .enabled(if: mode == nil && hasCompiler, "no clang to build the interposer"), arguments: ["fluid", "organ"])
  func cleanCycle(sound: String) throws {
    let count = try Count(sound)
    print("\(sound):", count.description)
    #expect(count["callbacks"] ?? 0 > 100 * seconds)
    #expect(count.total == 0, "\(count.description)")
  }

  @Test(
    "the interposer sees a cycle that does all of it",
    .enabled(if: mode == nil && hasCompiler, "no clang to build the interposer"))
  func control() throws {
    let count = try Count("bad")
    print("control:", count.description)
    let callbacks = try #require(count["callbacks"])
    #expect(callbacks > 50)
    for name in ["allocations", "frees", "locks", "references"] { #expect(count[name] ?? 0 >= callbacks, "\(name)") }
    if let calls = count["syscalls"] { #expect(calls >= callbacks) }
  }

  /// Runs in the interposed process alone.
  @Test("interposed", .enabled(if: mode != nil, "the process that the interposer watches"))
  func interposed() throws {
    if mode == "bad" { try runBadly() } else { try playEverything() }
  }

  private func runBadly() throws {
    let server = try JACKTestServer()
    var status = jack_status_t(0)
    var client: OpaquePointer?
    for _ in 0..<100 where client == nil {
      usleep(50_000)
      client = jamd_client_open("bad", server.name, &status)
    }
    let handle = try #require(client)
    jack_set_process_callback(handle, badProcess, nil)
    jack_activate(handle)
    sleep(1)
    jack_client_close(handle)
  }

  /// Everything that a cycle can be asked: both parts, thru, controllers, cancels, panics, late and repeated notes.
  private func playEverything() throws {
    let rig = try Rig { settings in
      settings.routing.playerToPort = true
      if mode == "organ" { settings.synthesizer = SynthesizerSettings(player: .organ(.jazz), answer: .organ(.flutes)) }
    }
    var random = RandomSource(seed: 21)
    var generation: UInt32 = 1
    let end = TestLoop.now + .seconds(seconds)
    while TestLoop.now < end {
      generation = playSomething(rig, &random, generation)
      rig.loop.run(for: .milliseconds(10))
      _ = rig.listener?.received()
    }
    #expect(rig.loop.output.status.stage.notes > 100)
    _ = rig.finish()
  }

  private func playSomething(_ rig: Rig, _ random: inout RandomSource, _ generation: UInt32) -> UInt32 {
    let output = rig.loop.output
    for _ in 0..<3 {
      let pitch = UInt8(36 + random.next() % 60)
      let start = TestLoop.now + .milliseconds(Int64(random.next() % 100) - 20)
      for (at, status) in [(start, 0x90), (start + .milliseconds(150), 0x80)] as [(Instant, UInt8)] {
        output.schedule(
          ScheduledEvent(at: at, message: MIDIMessage(status, pitch, 80), part: .answer, generation: generation))
      }
      _ = rig.listener?.send(MIDIMessage(random.next() % 2 == 0 ? 0x90 : 0x80, pitch, 70), at: rig.listener?.now ?? 0)
    }
    for message in [MIDIMessage(0xE0, 3, 70), MIDIMessage(0xB0, 64, UInt8(random.next() % 128)), MIDIMessage(0xD0, 9)] {
      output.play(StageEvent(frame: .immediate, message: message, part: .player))
    }
    if random.next() % 40 == 0 { output.panic() }
    guard random.next() % 10 == 0 else { return generation }
    output.cancel(before: generation + 1)
    return generation + 1
  }
}
