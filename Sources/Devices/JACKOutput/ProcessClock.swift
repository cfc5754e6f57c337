// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: code of the real-time thread. The clock that is sent, and JACK's transport.
import CJACK
import Music
import RealTime
import Synchronization

extension ProcessContext {
  /// Reads the transport and writes the clock of a cycle.
  @_noLocks @_noAllocation
  mutating func runClock(
    _ client: OpaquePointer, _ buffer: UnsafeMutableRawPointer, _ start: Frames, _ count: UInt32
  ) {
    publishTransport(client, start)
    let wasRunning = stageClock.isRunning
    stageClock.run(clockOrders.pointee, start: start, count: count, isClosing: stage.isClosing)
    words.pointee.clockRuns.store(stageClock.isRunning, ordering: .relaxed)
    jamd_midi_clear(buffer)
    let isSending = words.pointee.sendsClock.load(ordering: .relaxed)
    defer { wasSendingClock = isSending }
    guard isSending else {
      // Whoever was started is stopped.
      if wasSendingClock, wasRunning { _ = jamd_midi_write(buffer, 0, 0xFC, 0, 0) }
      return
    }
    for index in 0..<stageClock.outputCount {
      let output = stageClock.output(index)
      let message = output.message
      _ = jamd_midi_write(buffer, output.offset, message.status, message.data1, message.data2)
    }
  }

  @_noLocks @_noAllocation
  private func publishTransport(_ client: OpaquePointer, _ start: Frames) {
    var now = jamd_transport()
    jamd_transport_query(client, &now)
    var snapshot = TransportSnapshot(frame: start, isRolling: now.is_rolling != 0)
    if now.has_bbt != 0 {
      snapshot = TransportSnapshot(
        frame: start, isRolling: now.is_rolling != 0, beat: now.beat, beatsInABar: now.beats_per_bar,
        beatType: now.beat_type, beatsPerMinute: now.beats_per_minute)
    }
    transport.pointee.publish(snapshot)
  }

  /// The position of the next cycle, for everybody who asks JACK's transport: jamd's own beat while its clock runs.
  @_noLocks @_noAllocation
  func writePosition(_ position: UnsafeMutablePointer<jack_position_t>) {
    let tempo = stageClock.tempo(sampleRate: sampleRate)
    let bar = Double(bitPattern: words.pointee.beatsInABar.load(ordering: .relaxed))
    guard tempo > 0, bar >= 1 else { return }
    let beat = stageClock.beats(at: frames.next) ?? 0
    jamd_write_position(position, beat > 0 ? beat : 0, bar, tempo)
  }
}

/// JACK's timebase callback, on the thread of the cycles and after each; `argument` is a `ProcessContext`.
@c @_noLocks @_noAllocation
func jamdTimebase(
  _ state: jack_transport_state_t, _ count: UInt32, _ position: UnsafeMutablePointer<jack_position_t>?, _ isNew: Int32,
  _ argument: UnsafeMutableRawPointer?
) {
  guard let argument, let position else { return }
  argument.assumingMemoryBound(to: ProcessContext.self).pointee.writePosition(position)
}
