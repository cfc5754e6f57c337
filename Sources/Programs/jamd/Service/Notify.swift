// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: tells systemd how jamd is, by the protocol of sd_notify(3).
import Glibc

/// One datagram for each state, to the socket that the service manager named. Never blocks: a message that finds the
/// manager's queue full is dropped, and the next watchdog message makes up for it.
struct ServiceNotifier: ~Copyable {
  private let socket: Int32
  private let address: sockaddr_un
  private let length: socklen_t

  /// Nil when nobody asked to be told: no `NOTIFY_SOCKET`, or one that is neither a path nor an abstract name (`@`).
  ///
  /// Takes the variable out of the environment: a jackd started from here would report itself as the service. So call
  /// it before other threads read the environment.
  init?() {
    let path = getenv("NOTIFY_SOCKET").map { String(cString: $0) }
    unsetenv("NOTIFY_SOCKET")
    guard let path, let (address, length) = Self.address(of: path) else { return nil }
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    socket = descriptor
    self.address = address
    self.length = length
  }

  deinit { close(socket) }

  /// Everything that the service needs is there, or knowingly absent.
  func ready(status: String) { send("READY=1\nSTATUS=\(Self.line(status))") }

  /// What `systemctl status` shows.
  func status(_ text: String) { send("STATUS=\(Self.line(text))") }

  /// The loop still turns. To be sent at least every half of `watchdogInterval`.
  func watchdog() { send("WATCHDOG=1") }

  func stopping(status: String) { send("STOPPING=1\nSTATUS=\(Self.line(status))") }

  /// After how long without a sign of life the manager ends this process; nil when it does not watch it.
  static var watchdogInterval: Duration? {
    guard let text = getenv("WATCHDOG_USEC"), let interval = Int64(String(cString: text)), interval > 0 else {
      return nil
    }
    if let owner = getenv("WATCHDOG_PID"), Int32(String(cString: owner)) != getpid() { return nil }
    return .microseconds(interval)
  }

  private func send(_ message: String) {
    var message = message
    var address = address
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
        message.withUTF8 { bytes in
          _ = sendto(socket, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL), target, length)
        }
      }
    }
  }

  /// A state is one line.
  private static func line(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }

  private static func address(of path: String) -> (sockaddr_un, socklen_t)? {
    let bytes = Array(path.utf8)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count > 1, bytes.count < capacity, bytes[0] == UInt8(ascii: "/") || bytes[0] == UInt8(ascii: "@") else {
      return nil
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    // An abstract name starts with a 0 instead of the @ and does not end with one.
    if bytes[0] == UInt8(ascii: "@") {
      withUnsafeMutableBytes(of: &address.sun_path) { $0[0] = 0 }
    }
    let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
    return (address, socklen_t(offset + bytes.count))
  }
}
