// SPDX-License-Identifier: Apache-2.0
// Control/Server: the socket as a file: made, taken over from a dead daemon, removed.
import ControlProtocol
import Glibc

/// Why jamd cannot listen for `jam`. Each text says what to do.
public enum ControlServerError: Error, Hashable, Sendable {
  case badPath(String)
  case alreadyListening(path: String)
  case notASocket(path: String)
  case foreignFolder(path: String)
  case system(call: String, path: String, error: Int32)
}

extension ControlServerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badPath(let path): "\(path) cannot be a socket: a path has 1 to \(SocketPath.longest) bytes"
    case .alreadyListening(let path): "another jamd listens at \(path): stop it, or give this one another --socket"
    case .notASocket(let path): "\(path) exists and is no socket: remove it, or give another --socket"
    case .foreignFolder(let path): "the folder \(path) belongs to another user: give another --socket"
    case .system(let call, let path, let error):
      "\(call) failed for the socket \(path): \(String(cString: strerror(error))); give another --socket or port"
    }
  }
}

/// A bound socket and the file that stands for it.
struct SocketFile {
  let descriptor: Int32
  /// Who may connect beside the owner.
  let group: UInt32
  private let path: String
  private let device: dev_t
  private let inode: ino_t

  /// Binds a socket at `path` with mode 0660. A socket at which nobody answers any more is replaced. Makes the last
  /// folder of `path` when it is missing. `group` nil: the one that the folder or the process gives it.
  init(bindingTo path: String, group: UInt32? = nil) throws(ControlServerError) {
    try Self.prepareFolder(of: path)
    try Self.removeStale(path)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system(call: "socket", path: path, error: errno) }
    // Nobody can connect before listen(), so the mode is in time.
    let bound = SocketPath.withAddress(of: path) { bind(descriptor, $0, $1) == 0 ? 0 : errno } ?? ENAMETOOLONG
    var status = stat()
    guard bound == 0, chmod(path, 0o660) == 0, group.map({ chown(path, .max, $0) }) ?? 0 == 0, lstat(path, &status) == 0
    else {
      let error = bound == 0 ? errno : bound
      close(descriptor)
      throw error == ENAMETOOLONG ? .badPath(path) : .system(call: "bind", path: path, error: error)
    }
    self.descriptor = descriptor
    self.path = path
    self.group = status.st_gid
    (device, inode) = (status.st_dev, status.st_ino)
  }

  /// Removes the file unless another daemon has put its own there since.
  func remove() {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else { return }
    unlink(path)
  }

  private static func prepareFolder(of path: String) throws(ControlServerError) {
    guard (1...SocketPath.longest).contains(path.utf8.count) else { throw .badPath(path) }
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    let folder = String(path[..<slash])
    // A folder that root makes is for everybody to enter, the socket's own mode decides; a user's is his own.
    if mkdir(folder, geteuid() == 0 ? 0o755 : 0o700) != 0, errno != EEXIST {
      throw .system(call: "mkdir", path: path, error: errno)
    }
    // In /tmp somebody else may have made the folder first, to listen in.
    var link = stat()
    var target = stat()
    guard lstat(folder, &link) == 0, stat(folder, &target) == 0 else {
      throw .system(call: "stat", path: path, error: errno)
    }
    let trusted = [0, geteuid()]
    guard trusted.contains(link.st_uid), trusted.contains(target.st_uid) else { throw .foreignFolder(path: folder) }
  }

  private static func removeStale(_ path: String) throws(ControlServerError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
    switch SocketPath.connect(to: path) {
    case .connected(let descriptor):
      close(descriptor)
      throw .alreadyListening(path: path)
    case .failed(EAGAIN): throw .alreadyListening(path: path)
    case .failed(ECONNREFUSED):
      guard unlink(path) == 0 || errno == ENOENT else { throw .system(call: "unlink", path: path, error: errno) }
    case .failed(let error): throw .system(call: "connect", path: path, error: error)
    }
  }
}
