// SPDX-License-Identifier: Apache-2.0
// JamTestKit: a real JACK server with the dummy driver, on a name of its own.
import Glibc

/// A `jackd -d dummy` for tests: started under its own name, killed when dropped. Blocks. While it exists it holds the
/// lock on libjack: drop every client before it, and it before another is made (or share one lock).
public final class JACKTestServer {
  public enum Failure: Error, Hashable {
    case cannotStart(String)
  }

  public let name: String
  /// Taken at the next `start`.
  public var sampleRate: Int
  public var period: Int
  /// Taken at the next `start`. Without real-time priority, and synchronous (`-S`): in the asynchronous mode an xrun, which
  /// a busy machine has, lets a client miss or repeat another's cycle, and with it messages.
  public var options = ["-r", "-S"]
  /// Words before `jackd`, for a program that starts it and becomes it (`setpriv`, `nice`).
  public let launcher: [String]
  public private(set) var process: pid_t
  private let lock: JACKLibraryLock
  private var isUnregistered = true

  /// A name that no other test process uses.
  public static func uniqueName(_ suffix: String = "") -> String { "jamd-test-\(getpid())\(suffix)" }

  /// Whether there is a `jackd` to start.
  public static var isAvailable: Bool {
    let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    return folders.split(separator: ":").contains { access("\($0)/jackd", X_OK) == 0 }
  }

  /// Starts it; clients may have to try for some hundred milliseconds until it answers.
  public init(
    name: String = uniqueName(), sampleRate: Int = 48000, period: Int = 256, options: [String]? = nil,
    launcher: [String] = [], lock: JACKLibraryLock = JACKLibraryLock()
  ) throws(Failure) {
    self.options = options ?? self.options
    self.launcher = launcher
    self.lock = lock
    self.name = name
    self.sampleRate = sampleRate
    self.period = period
    process = 0
    try start()
  }

  deinit {
    kill()
    if !isUnregistered { Self.reclaim(name: name, lock: lock) }
  }

  /// Starts it (again) under the same name.
  public func start() throws(Failure) {
    let driver = ["-d", "dummy", "-r", String(sampleRate), "-p", String(period)]
    let arguments = launcher + ["jackd", "-n", name] + options + driver
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in 0...2 {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var strings: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for string in strings { free(string) } }
    let error = posix_spawnp(&process, arguments[0], &actions, nil, &strings, environ)
    guard error == 0 else { throw .cannotStart(String(cString: strerror(error))) }
    isUnregistered = true
  }

  /// As the out-of-memory killer would: no goodbye to the clients.
  public func killHard() {
    end(SIGKILL)
    isUnregistered = false
  }

  /// JACK's registry of servers on this machine has eight places and gives up that of a killed one only to a server of the
  /// same name. Starts and ends such a one.
  public static func reclaim(name: String, lock: JACKLibraryLock) {
    guard let server = try? JACKTestServer(name: name, lock: lock) else { return }
    usleep(300_000)
    server.kill()
  }

  /// SIGTERM, and SIGKILL after three seconds.
  public func kill() {
    guard process > 0 else { return }
    Glibc.kill(process, SIGTERM)
    for _ in 0..<150 {
      var status: Int32 = 0
      if waitpid(process, &status, WNOHANG) != 0 {
        process = 0
        return
      }
      usleep(20_000)
    }
    end(SIGKILL)
    isUnregistered = false
  }

  /// Stops (SIGSTOP) and continues the server.
  public func freeze() { Glibc.kill(process, SIGSTOP) }
  public func thaw() { Glibc.kill(process, SIGCONT) }

  private func end(_ signal: Int32) {
    guard process > 0 else { return }
    Glibc.kill(process, signal)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    process = 0
  }
}
