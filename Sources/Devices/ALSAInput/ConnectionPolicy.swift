// SPDX-License-Identifier: Apache-2.0
// Devices/ALSAInput: which ports jamd listens to, pure.

/// Client and port on the ALSA sequencer, as in `aconnect 20:0`.
public struct SequencerAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var client: UInt8
  public var port: UInt8

  public init(_ client: UInt8, _ port: UInt8) {
    self.client = client
    self.port = port
  }

  public var description: String { "\(client):\(port)" }

  public static func < (a: SequencerAddress, b: SequencerAddress) -> Bool { (a.client, a.port) < (b.client, b.port) }
}

/// A port somebody else has on the sequencer, as far as the decision to listen to it needs it.
public struct SequencerPort: Hashable, Sendable {
  public var address: SequencerAddress
  public var clientName: String
  public var portName: String
  /// Others may subscribe to what it sends, and to nothing twice: of a MIDI 2.0 device the endpoint's own port has what all
  /// its groups send.
  public var isReadable: Bool
  /// It says of itself that it stands for a device: USB, DIN, Bluetooth.
  public var isHardware: Bool

  public init(
    address: SequencerAddress, clientName: String, portName: String, isReadable: Bool = true, isHardware: Bool = true
  ) {
    self.address = address
    self.clientName = clientName
    self.portName = portName
    self.isReadable = isReadable
    self.isHardware = isHardware
  }

  /// Whether a port with these capabilities is readable: READ and SUBS_READ, and neither INACTIVE nor UMP_ENDPOINT, which
  /// the headers know from Linux 6.5 on.
  package static func isReadable(capabilities: UInt32) -> Bool { capabilities & 0x321 == 0x21 }

  /// What the player knows it by: most devices repeat the client's name in the port's.
  public var name: String { portName.hasPrefix(clientName) ? portName : "\(clientName): \(portName)" }
}

/// Which ports jamd connects to by itself.
///
/// Every port of hardware that sends, and software that is a keyboard by its name: somebody who starts a virtual
/// keyboard wants to play on it. No other software: a bridge or a sequencer might play jamd's own notes back to it.
public struct ConnectionPolicy: Hashable, Sendable {
  /// Software to listen to as well.
  public var include: [Glob]
  /// Stronger than hardware and `include`.
  public var exclude: [Glob]

  /// Virtual keyboards that present themselves on the sequencer.
  public static let keyboardsInSoftware = ["VMPK*", "*Virtual Keyboard*", "*vkeybd*", "*Virtual Piano*"].map(Glob.init)

  /// Both patterns are held against the client's name, the port's, and `CLIENT:PORT`.
  public init(include: [Glob] = keyboardsInSoftware, exclude: [Glob] = []) {
    self.include = include
    self.exclude = exclude
  }

  /// Total: any port gets an answer. `own` is jamd's own client number.
  public func wants(_ port: SequencerPort, own: UInt8) -> Bool {
    guard port.isReadable, port.address.client != own, port.address.client != Self.system else { return false }
    guard !Self.matches(exclude, port) else { return false }
    return port.isHardware || Self.matches(include, port)
  }

  /// The kernel's own client, which announces.
  static let system: UInt8 = 0

  private static func matches(_ patterns: [Glob], _ port: SequencerPort) -> Bool {
    let names = [port.clientName, port.portName, "\(port.clientName):\(port.portName)"]
    return patterns.contains { pattern in names.contains(where: pattern.matches) }
  }
}
