// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: programs that a test starts and always ends.
import Foundation

/// A child process whose output is collected; killed when the test lets go of it.
final class ChildProcess: @unchecked Sendable {
  private let process = Process()
  private let lock = NSLock()
  private var collected = ""

  var output: String { lock.withLock { collected } }
  var isRunning: Bool { process.isRunning }
  var identifier: Int32 { process.processIdentifier }
  var exitStatus: Int32 { process.terminationStatus }

  init(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let data = handle.availableData
      if data.isEmpty { handle.readabilityHandler = nil }
      self?.append(String(decoding: data, as: UTF8.self))
    }
    try process.run()
  }

  private func append(_ text: String) { lock.withLock { collected += text } }

  /// Sends `signal` and waits for the end, for `seconds` at most; then kills.
  func end(_ signal: Int32 = SIGTERM, within seconds: Double = 10) {
    guard process.isRunning else { return }
    kill(process.processIdentifier, signal)
    if !waitUntil(within: seconds, { !self.process.isRunning }) {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
}

/// Looks every 5 ms whether `condition` holds; false when `seconds` are over.
@discardableResult
func waitUntil(within seconds: Double, _ condition: () -> Bool) -> Bool {
  let deadline = Date().addingTimeInterval(seconds)
  while !condition() {
    if Date() > deadline { return false }
    usleep(5000)
  }
  return true
}

/// Where the built programs stand: `JAMD_PROGRAMS`, set by `make test`, else beside the test bundle.
enum Programs {
  static var folder: String {
    ProcessInfo.processInfo.environment["JAMD_PROGRAMS"]
      ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
  }
  static var jamd: String { "\(folder)/jamd" }
  static var jam: String { "\(folder)/jam" }
}

/// The root of the source tree.
let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path
