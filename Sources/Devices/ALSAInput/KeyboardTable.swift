// SPDX-License-Identifier: Apache-2.0
// Devices/ALSAInput: the keyboards that are connected, pure.
import Music

/// Knows which ports play into jamd and by what number; says what follows from what the sequencer announces.
///
/// Announcements come twice or in any order (a device that is unplugged is unsubscribed, its port exits, its client
/// exits); only the first of them has a consequence. A keyboard that comes back gets its number back, by its name.
package struct KeyboardTable {
  package struct Keyboard: Hashable {
    package let number: UInt32
    package let address: SequencerAddress
    package let name: String
    /// Bit i is set once it has sent anything on channel i.
    fileprivate var channels: UInt16 = 0
  }

  /// In the order in which they were connected.
  package private(set) var connected: [Keyboard] = []
  private var remembered: [(name: String, number: UInt32)] = []
  private var lastNumber: UInt32 = 0
  /// More names than any stage has keyboards; beyond, the oldest absent one loses its number.
  private static let memory = 256

  package init() {}

  package func isConnected(_ address: SequencerAddress) -> Bool { index(of: address) != nil }

  /// Nil when it is connected already, by whatever way.
  package mutating func connect(_ port: SequencerPort) -> Keyboard? {
    guard !isConnected(port.address) else { return nil }
    let keyboard = Keyboard(number: number(for: port.name), address: port.address, name: port.name)
    connected.append(keyboard)
    return keyboard
  }

  /// Unsubscribed, or its port is gone. Nil when it was not connected.
  package mutating func disconnect(_ address: SequencerAddress) -> Keyboard? {
    index(of: address).map { connected.remove(at: $0) }
  }

  /// The whole client is gone.
  package mutating func disconnect(client: UInt8) -> [Keyboard] {
    disconnect { $0.address.client == client }
  }

  /// Announcements were lost: `ports` is what there is now. Gives what is gone, or is another device at an old address.
  package mutating func reconcile(with ports: [SequencerPort]) -> [Keyboard] {
    disconnect { keyboard in !ports.contains { $0.address == keyboard.address && $0.name == keyboard.name } }
  }

  /// Everything is gone: the sequencer was closed.
  package mutating func disconnectAll() -> [Keyboard] { disconnect { _ in true } }

  /// Whose message this is; nil for a sender that nobody has connected. A clock's is on no channel.
  package mutating func sender(_ address: SequencerAddress, on channel: Channel?) -> UInt32? {
    guard let index = index(of: address) else { return nil }
    if let channel { connected[index].channels |= 1 << UInt16(channel.index) }
    return connected[index].number
  }

  /// Messages were lost, releases among them perhaps: what lets go of every key and pedal that may be held, namely all
  /// notes off (123) and reset all controllers (121) on every channel in use.
  package func releases() -> [(keyboard: UInt32, MIDIMessage)] {
    connected.flatMap { keyboard in
      (0..<16).filter { keyboard.channels & 1 << UInt16($0) != 0 }.flatMap { index in
        let channel = Channel(statusByte: UInt8(index))
        return [123, 121].map { (keyboard.number, MIDIMessage.controlChange($0, 0, channel)) }
      }
    }
  }

  private func index(of address: SequencerAddress) -> Int? { connected.firstIndex { $0.address == address } }

  private mutating func disconnect(all isGone: (Keyboard) -> Bool) -> [Keyboard] {
    let gone = connected.filter(isGone)
    connected.removeAll(where: isGone)
    return gone
  }

  private mutating func number(for name: String) -> UInt32 {
    func isPresent(_ number: UInt32) -> Bool { connected.contains { $0.number == number } }
    if let old = remembered.first(where: { $0.name == name && !isPresent($0.number) }) { return old.number }
    lastNumber += 1
    remembered.append((name, lastNumber))
    if remembered.count > Self.memory, let oldest = remembered.dropLast().firstIndex(where: { !isPresent($0.number) }) {
      remembered.remove(at: oldest)
    }
    return lastNumber
  }
}
