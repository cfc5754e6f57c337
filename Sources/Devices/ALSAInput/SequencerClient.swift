// SPDX-License-Identifier: Apache-2.0
// Devices/ALSAInput: jamd's client on the ALSA sequencer; every call into alsa-lib is here.
import CALSA
import Music
import RealTime

/// The open sequencer with the port `in`, the hidden port for announcements and the queue that stamps. One thread at a
/// time; closes itself with its last reference.
final class SequencerClient {
  private let handle: OpaquePointer
  private let queue: Int32
  let number: UInt8
  let input: UInt8
  let descriptor: Int32

  /// As many unread events as the kernel can hold, and as many to a read.
  private static let pool: UInt32 = 2000
  private static let batch: UInt32 = 256

  /// Opens it all. Reads configuration files and may make the kernel load modules: not for the loop.
  init(name: String) throws(SequencerError) {
    calsa_silence()
    var opened: OpaquePointer?
    let error = calsa_open(&opened, name)
    guard error >= 0, let handle = opened else {
      if let opened { snd_seq_close(opened) }
      throw SequencerError(call: "snd_seq_open", code: error)
    }
    do throws(SequencerError) {
      calsa_size_buffers(handle, Self.pool, Self.batch)
      _ = try Self.check(calsa_filter(handle), "snd_seq_set_client_event_filter")
      // Without a queue (there are 32 in all) events count from when they are read.
      queue = calsa_start_queue(handle, name)
      input = UInt8(try Self.check(calsa_create_input(handle, "in", queue), "snd_seq_create_port"))
      _ = try Self.check(calsa_follow_announcements(handle), "subscribing to announcements")
      number = UInt8(try Self.check(snd_seq_client_id(handle), "snd_seq_client_id"))
      descriptor = try Self.check(calsa_descriptor(handle), "snd_seq_poll_descriptors")
      self.handle = handle
    } catch {
      snd_seq_close(handle)
      throw error
    }
  }

  deinit { snd_seq_close(handle) }

  private static func check(_ result: Int32, _ call: String) throws(SequencerError) -> Int32 {
    guard result >= 0 else { throw .failed(call: call, errno: -result) }
    return result
  }

  // MARK: Reading

  /// What one read of the sequencer gave.
  enum Reading {
    case event(calsa_event)
    case empty
    /// The kernel dropped everything that waited.
    case overrun
    case lost(SequencerError)
  }

  func read() -> Reading {
    var event = calsa_event()
    let result = calsa_read(handle, &event)
    switch -result {
    case 0: return .event(event)
    case EAGAIN, EINTR: return .empty
    case ENOSPC: return .overrun
    default: return .lost(.failed(call: "snd_seq_event_input", errno: -result))
    }
  }

  /// More events of the last read are to be had without asking the kernel.
  var hasBuffered: Bool { calsa_buffered(handle) > 0 }

  func dropInput() { snd_seq_drop_input(handle) }

  /// Reads queue and clock together.
  func read(into clock: inout QueueClock) {
    guard queue >= 0 else { return }
    let before = Instant.now()
    let time = calsa_queue_time(handle, queue)
    if time >= 0 { clock.read(queue: time, before: before, after: .now()) }
  }

  // MARK: Ports

  /// Every port there is, in the order of their addresses.
  func ports() -> [SequencerPort] {
    var client: Int32 = -1
    var port: Int32 = -1
    var ports: [SequencerPort] = []
    var described = calsa_port()
    while calsa_next_port(handle, &client, &port, &described) >= 0 { ports.append(SequencerPort(described)) }
    return ports
  }

  /// Nil when it is gone already.
  func port(at address: SequencerAddress) -> SequencerPort? {
    var described = calsa_port()
    guard calsa_get_port(handle, Int32(address.client), Int32(address.port), &described) >= 0 else { return nil }
    return SequencerPort(described)
  }

  /// Nil when connected, by this call or before; else the errno.
  func connect(_ address: SequencerAddress) -> Int32? {
    let result = snd_seq_connect_from(handle, Int32(input), Int32(address.client), Int32(address.port))
    return result >= 0 || result == -EBUSY ? nil : -result
  }
}

extension SequencerPort {
  fileprivate init(_ port: calsa_port) {
    self.init(
      address: SequencerAddress(port.client, port.port),
      clientName: Self.text(port.client_name), portName: Self.text(port.port_name),
      isReadable: Self.isReadable(capabilities: port.capabilities),
      isHardware: port.type & UInt32(SND_SEQ_PORT_TYPE_HARDWARE) != 0)
  }

  /// A C array of characters, which Swift sees as a tuple; it ends with a 0. Invalid UTF-8 is repaired.
  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
