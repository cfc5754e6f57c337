// SPDX-License-Identifier: Apache-2.0
// Control/Server: OSC over UDP to one peer, a session manager.
import ControlProtocol
import Dispatch
import Glibc

/// Sends OSC messages to one address and hands over what comes from its port. All methods may be called from any thread
/// and return at once; names are looked up on a queue of its own.
public final class SessionLink: Sendable {
  private let queue = DispatchQueue(label: "jamd.control.session", target: .global(qos: .utility))
  private let receive: @Sendable (OSCMessage) -> Void
  /// Touched on `queue` alone.
  private nonisolated(unsafe) var line: Line?

  private struct Line {
    let descriptor: Int32
    let source: any DispatchSourceRead
    let peer: sockaddr_storage
    let length: socklen_t
    let port: UInt16
  }

  /// `receive` is called on the link's queue; `onProblem`, once at most, where there is no way to the address.
  public init(
    to address: SessionManagerAddress, receive: @escaping @Sendable (OSCMessage) -> Void,
    onProblem: @escaping @Sendable (String) -> Void
  ) {
    self.receive = receive
    queue.async {
      self.line = self.open(address)
      if self.line == nil { onProblem("\(address.host), UDP port \(address.port), cannot be reached") }
    }
  }

  deinit { line?.source.cancel() }

  /// What cannot be sent is lost, as datagrams are.
  public func send(_ message: OSCMessage) {
    queue.async {
      guard let line = self.line else { return }
      let bytes = message.encoded()
      withUnsafePointer(to: line.peer) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
          _ = sendto(line.descriptor, bytes, bytes.count, Int32(MSG_DONTWAIT), target, line.length)
        }
      }
    }
  }

  /// Waits until everything given to `send` has left.
  public func flush() { queue.sync {} }

  // MARK: On the queue

  private func open(_ address: SessionManagerAddress) -> Line? {
    guard let (peer, length) = Self.resolve(address) else { return nil }
    let descriptor = socket(Int32(peer.ss_family), Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    var own = sockaddr_storage()
    own.ss_family = peer.ss_family
    let isBound = withUnsafePointer(to: &own) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
    }
    guard isBound else {
      close(descriptor)
      return nil
    }
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    source.setEventHandler { [weak self] in self?.read() }
    source.setCancelHandler { close(descriptor) }
    source.activate()
    return Line(descriptor: descriptor, source: source, peer: peer, length: length, port: Self.port(of: peer))
  }

  /// One datagram a call; the source calls again while there are more. Only the manager's port is listened to: its
  /// address may be another one of the same machine's than the name that was given.
  private func read() {
    guard let line else { return }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    var sender = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let count = withUnsafeMutablePointer(to: &sender) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { from in
        recvfrom(line.descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT), from, &length)
      }
    }
    guard count > 0, Self.port(of: sender) == line.port else { return }
    for message in (try? OSCMessage.messages(in: bytes[..<count])) ?? [] { receive(message) }
  }

  /// IPv4 before IPv6: session managers listen to the former.
  private static func resolve(_ address: SessionManagerAddress) -> (sockaddr_storage, socklen_t)? {
    for family in [AF_INET, AF_INET6] {
      var hints = addrinfo()
      hints.ai_family = family
      hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
      var found: UnsafeMutablePointer<addrinfo>?
      guard getaddrinfo(address.host, "\(address.port)", &hints, &found) == 0, let found else { continue }
      defer { freeaddrinfo(found) }
      var storage = sockaddr_storage()
      memcpy(&storage, found.pointee.ai_addr, Int(found.pointee.ai_addrlen))
      return (storage, found.pointee.ai_addrlen)
    }
    return nil
  }

  /// Where it stands in the addresses of both families.
  private static func port(of address: sockaddr_storage) -> UInt16 {
    withUnsafeBytes(of: address) { UInt16($0[2]) << 8 | UInt16($0[3]) }
  }
}
