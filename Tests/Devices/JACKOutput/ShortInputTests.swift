// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: whatever one or two bytes arrive at midi_in, complete or not, nothing sounds of them.
import CJACK
import JACKOutput
import JamTestKit
import Music
import RealTime
import Synchronization
import Testing

/// All sequences of one byte, then all of two, in the order of a counter.
private enum ShortSequence {
  static let count = 256 + 65536

  static func bytes(_ index: Int) -> (UInt8, UInt8, size: Int) {
    let number = index < 256 ? index << 8 : index - 256
    return (UInt8(number >> 8), UInt8(number & 0xFF), index < 256 ? 1 : 2)
  }
}

/// A client that writes them as they are, which a client of the test kit would not: 64 a cycle, and never more than has been
/// allowed.
private final class RawSender {
  private struct Context: ~Copyable {
    let port: OpaquePointer
    let next = Atomic<Int>(0)
    let limit = Atomic<Int>(0)
  }

  private static let perCycle = 64
  /// With what is under way, far less than the half of its ring that jamd leaves to such messages.
  private static let ahead = 1024
  private let handle: OpaquePointer
  private let context: UnsafeMutablePointer<Context>

  init(server: String) throws {
    var status = jack_status_t(0)
    handle = try #require(jamd_client_open("raw", server, &status))
    let port = try #require(jack_port_register(handle, "send", jamd_midi_type(), UInt(JackPortIsOutput.rawValue), 0))
    context = .allocate(capacity: 1)
    context.initialize(to: Context(port: port))
    let process: JackProcessCallback = { count, argument in
      guard let context = argument?.assumingMemoryBound(to: Context.self) else { return 0 }
      guard let buffer = jack_port_get_buffer(context.pointee.port, count) else { return 0 }
      jack_midi_clear_buffer(buffer)
      let next = context.pointee.next.load(ordering: .relaxed)
      let end = min(next + RawSender.perCycle, context.pointee.limit.load(ordering: .acquiring))
      for index in next..<max(next, end) {
        let bytes = ShortSequence.bytes(index)
        withUnsafeBytes(of: (bytes.0, bytes.1)) {
          _ = jack_midi_event_write(buffer, 0, $0.bindMemory(to: UInt8.self).baseAddress, bytes.size)
        }
      }
      context.pointee.next.store(max(next, end), ordering: .relaxed)
      return 0
    }
    jack_set_process_callback(handle, process, context)
  }

  func start() -> Bool { jack_activate(handle) == 0 && jack_connect(handle, "raw:send", "jamd:midi_in") == 0 }

  /// Whoever has taken all that has come allows some more.
  func goOn() {
    let next = context.pointee.next.load(ordering: .relaxed)
    context.pointee.limit.store(min(next + Self.ahead, ShortSequence.count), ordering: .releasing)
  }

  var isDone: Bool { context.pointee.next.load(ordering: .relaxed) == ShortSequence.count }

  func end() {
    jack_client_close(handle)
    context.deinitialize(count: 1)
    context.deallocate()
  }
}

extension RealServer {
  @Test("of all sequences of one and two bytes whole messages arrive, no note sounds, and only MIDI leaves")
  func shortSequences() throws {
    let rig = try Rig { $0.routing.playerToPort = true }
    let sender = try RawSender(server: rig.server.name)
    #expect(sender.start())
    var left: [MIDIMessage] = []
    let isDone = rig.loop.run(for: .seconds(60)) {
      left += rig.listener?.received().map(\.message) ?? []
      sender.goOn()
      return sender.isDone
    }
    rig.loop.run(for: .milliseconds(200))
    left += rig.listener?.received().map(\.message) ?? []
    #expect(isDone)
    let whole = (0xC0...0xDF as ClosedRange<UInt8>).flatMap { status in
      (0...127 as ClosedRange<UInt8>).map { MIDIMessage(status, $0) }
    }
    let (heard, out) = (Set(rig.loop.heard.map(\.message)), Set(left))
    let status = rig.loop.output.status
    #expect(status.lostInputs == 0 && status.refusedMessages == 0, "there was room for all")
    // What is torn is no message.
    #expect(heard.isSuperset(of: whole) && out.isSuperset(of: whole))
    #expect(heard.subtracting(whole).allSatisfy { $0.status >= 0xF8 } && status.stage.notes == 0)
    #expect(out.isSubset(of: whole))
    sender.end()
    #expect(rig.finish())
  }
}

extension MIDIMessage {
  fileprivate var isNoteOn: Bool { if case .noteOn = meaning { true } else { false } }
}
