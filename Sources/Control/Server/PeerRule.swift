// SPDX-License-Identifier: Apache-2.0
// Control/Server: who a client of the socket is, and what he may.
import ControlProtocol
import Glibc
import NIOCore

/// The process that has connected, as it was when it did (unix(7), SO_PEERCRED and SO_PEERGROUPS): the kernel says so,
/// not the client.
package struct Peer: Hashable, Sendable {
  package var user: UInt32
  package var group: UInt32
  /// Its other groups.
  package var groups: [UInt32]

  package init(user: UInt32, group: UInt32, groups: [UInt32] = []) {
    (self.user, self.group, self.groups) = (user, group, groups)
  }
}

/// Root and jamd's own user may everything; members of the socket's group what the group may; all others nothing, even
/// where the file lets them in.
package struct PeerRule: Hashable, Sendable {
  package var owner: UInt32
  package var group: UInt32
  package var groupMay: Permission

  package init(owner: UInt32, group: UInt32, groupMay: Permission = .play) {
    (self.owner, self.group, self.groupMay) = (owner, group, groupMay)
  }

  /// Nil: nothing.
  package func permission(of peer: Peer) -> Permission? {
    if peer.user == 0 || peer.user == owner { return .play }
    return peer.group == group || peer.groups.contains(group) ? groupMay : nil
  }
}

extension Peer {
  /// As the kernel lays them out: `struct ucred`.
  private struct Credentials: Sendable {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0
  }

  private struct Groups: Sendable {
    var numbers = InlineArray<128, UInt32>(repeating: 0)
  }

  /// SO_PEERGROUPS, which no header of Swift's has.
  private static let peerGroups = NIOBSDSocket.Option(rawValue: 59)

  /// Of the channel's other end; fails where the kernel does not say. Who is in more than 128 groups is known by his own.
  static func of(_ channel: any Channel) -> EventLoopFuture<Peer> {
    guard let options = channel as? any SocketOptionProvider else {
      return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
    }
    let credentials: EventLoopFuture<Credentials> = options.unsafeGetSocketOption(
      level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    let others: EventLoopFuture<Groups> = options.unsafeGetSocketOption(level: .socket, name: peerGroups)
    let numbers = others.map { groups in (0..<128).map { groups.numbers[$0] }.filter { $0 != 0 } }
      .flatMapErrorThrowing { _ in [] }
    return credentials.and(numbers).map { Peer(user: $0.user, group: $0.group, groups: $1) }
  }
}
