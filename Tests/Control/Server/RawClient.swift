// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Server: a client without manners.
import ControlProtocol
import Glibc

/// A connected stream socket that sends and receives whatever a test wants. Blocking.
struct RawClient: ~Copyable {
  private let descriptor: Int32

  init(_ path: String) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    _ = SocketPath.withAddress(of: path) { connect(descriptor, $0, $1) }
  }

  deinit { close(descriptor) }

  /// A socket file at `path`; the descriptor behind it.
  static func bind(_ path: String) -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    _ = SocketPath.withAddress(of: path) { Glibc.bind(descriptor, $0, $1) }
    return descriptor
  }

  /// False when the other side has closed.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    bytes.isEmpty || Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) >= 0
  }

  /// Empty when the other side has closed.
  func receive() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    return Array(bytes.prefix(max(0, count)))
  }

  func closeOutput() { shutdown(descriptor, Int32(SHUT_WR)) }
}
