// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: configuration files read from disk.
import Glibc

extension ConfigurationFile {
  /// More than any configuration needs.
  package static let largest = 1 << 20

  /// Reads the file whole; blocks.
  package init(reading path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      self = errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(reason: Self.reason(errno))
      return
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        self = .unreadable(reason: Self.reason(errno))
        return
      }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= Self.largest else {
        self = .unreadable(reason: "it is larger than \(Self.largest) bytes: it is no configuration")
        return
      }
    }
    self = .text(String(decoding: bytes, as: UTF8.self))
  }

  private static func reason(_ error: Int32) -> String {
    "it cannot be read: \(String(cString: strerror(error)))"
  }
}
