// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: addresses of Unix sockets, which Swift cannot write down directly.
import Glibc

extension SocketPath {
  /// Calls `body` with the socket address of `path`; nil when the path is empty, too long, or holds a NUL.
  package static func withAddress<Result>(
    of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result? {
    let bytes = Array(path.utf8)
    guard (1...longest).contains(bytes.count), !bytes.contains(0) else { return nil }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }

  /// What connecting to the socket at `path` led to.
  package enum Connection {
    case connected(Int32)
    /// `errno` of the call that failed; ENAMETOOLONG when `path` cannot be an address.
    case failed(Int32)
  }

  /// Waits for a second at most where too many others are connecting (then EAGAIN); the descriptor is non-blocking and
  /// closed on exec.
  package static func connect(to path: String) -> Connection {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return .failed(errno) }
    // A socket that does not block is refused at once where the queue is full, and cannot be polled for room in it.
    var patience = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let result = withAddress(of: path) { Glibc.connect(descriptor, $0, $1) == 0 ? 0 : errno } ?? ENAMETOOLONG
    guard result == 0 else {
      close(descriptor)
      return .failed(result)
    }
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    return .connected(descriptor)
  }
}
