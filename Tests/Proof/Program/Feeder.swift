// SPDX-License-Identifier: Apache-2.0
// Tests/Proof: a JACK client that plays into jamd, hears what comes of it, and drives the server as fast as it goes.
import CJACK
import Synchronization

/// Random messages of every kind to `jamd:midi_in`, drawn from a seed cycle by cycle, until it is dropped.
final class Feeder {
  let handle: OpaquePointer
  private let context: UnsafeMutablePointer<FeederContext>

  init?(server: String, seed: UInt64) {
    var status = jack_status_t(0)
    guard let handle = jamd_client_open("feeder", server, &status),
      let send = jack_port_register(handle, "send", jamd_midi_type(), UInt(JackPortIsOutput.rawValue), 0),
      let receive = jack_port_register(handle, "receive", jamd_midi_type(), UInt(JackPortIsInput.rawValue), 0),
      let clock = jack_port_register(handle, "clock", jamd_midi_type(), UInt(JackPortIsInput.rawValue), 0),
      let listen = jack_port_register(handle, "listen", jamd_audio_type(), UInt(JackPortIsInput.rawValue), 0)
    else { return nil }
    self.handle = handle
    context = .allocate(capacity: 1)
    let ports = FeederPorts(client: handle, send: send, receive: receive, clock: clock, listen: listen)
    context.initialize(to: FeederContext(ports, random: seed))
    guard jack_set_process_callback(handle, feed, context) == 0, jack_activate(handle) == 0,
      jack_connect(handle, "feeder:send", "jamd:midi_in") == 0,
      jack_connect(handle, "jamd:midi_out", "feeder:receive") == 0,
      jack_connect(handle, "jamd:clock_out", "feeder:clock") == 0,
      jack_connect(handle, "jamd:out_left", "feeder:listen") == 0
    else { return nil }
  }

  deinit {
    jack_client_close(handle)
    context.deinitialize(count: 1)
    context.deallocate()
  }

  /// Time runs as fast as the clients can follow; off: as the clock goes.
  func setFreewheel(_ isOn: Bool) -> Bool { jack_set_freewheel(handle, isOn ? 1 : 0) == 0 }

  var frames: UInt64 { context.pointee.frames.load(ordering: .relaxed) }
  /// Messages that came out of `jamd:midi_out`.
  var received: UInt64 { context.pointee.received.load(ordering: .relaxed) }
  /// Of the clock at `jamd:clock_out`: ticks, starts and continues, and stops.
  var ticks: UInt64 { context.pointee.ticks.load(ordering: .relaxed) }
  var starts: UInt64 { context.pointee.starts.load(ordering: .relaxed) }
  var stops: UInt64 { context.pointee.stops.load(ordering: .relaxed) }
  /// Cycles in which the transport rolled with bars and beats, which nobody but jamd gives it.
  var ledCycles: UInt64 { context.pointee.ledCycles.load(ordering: .relaxed) }
  /// The loudest sample of `jamd:out_left`.
  var peak: Float { Float(bitPattern: context.pointee.peak.load(ordering: .relaxed)) }
}

struct FeederPorts: BitwiseCopyable {
  let client: OpaquePointer
  let send: OpaquePointer
  let receive: OpaquePointer
  let clock: OpaquePointer
  let listen: OpaquePointer
}

struct FeederContext: ~Copyable {
  let ports: FeederPorts
  var random: UInt64
  let frames = Atomic<UInt64>(0)
  let received = Atomic<UInt64>(0)
  let ticks = Atomic<UInt64>(0)
  let starts = Atomic<UInt64>(0)
  let stops = Atomic<UInt64>(0)
  let ledCycles = Atomic<UInt64>(0)
  let peak = Atomic<UInt32>(0)

  init(_ ports: FeederPorts, random: UInt64) {
    self.ports = ports
    self.random = random
  }

  @_noLocks @_noAllocation
  mutating func cycle(_ count: UInt32) {
    guard let out = jamd_port_buffer(ports.send, count), let midi = jamd_port_buffer(ports.receive, count),
      let clock = jamd_port_buffer(ports.clock, count), let audio = jamd_port_buffer(ports.listen, count)
    else { return }
    jamd_midi_clear(out)
    for offset in stride(from: 0, to: count, by: 64) where draw(8) == 0 { play(out, offset) }
    add(UInt64(jamd_midi_count(midi)), to: received)
    follow(clock)
    hear(audio.assumingMemoryBound(to: Float.self), count)
    add(UInt64(count), to: frames)
  }

  @_noLocks @_noAllocation
  private func add(_ count: UInt64, to counter: borrowing Atomic<UInt64>) {
    counter.store(counter.load(ordering: .relaxed) &+ count, ordering: .relaxed)
  }

  /// The clock, and the transport.
  @_noLocks @_noAllocation
  private func follow(_ buffer: UnsafeMutableRawPointer) {
    var (offset, status, data1, data2) = (UInt32(0), UInt8(0), UInt8(0), UInt8(0))
    for index in 0..<jamd_midi_count(buffer) {
      guard jamd_midi_get3(buffer, index, &offset, &status, &data1, &data2) > 0 else { continue }
      switch status {
      case 0xF8: add(1, to: ticks)
      case 0xFA, 0xFB: add(1, to: starts)
      case 0xFC: add(1, to: stops)
      default: break
      }
    }
    var transport = jamd_transport()
    jamd_transport_query(ports.client, &transport)
    if transport.is_rolling != 0, transport.has_bbt != 0 { add(1, to: ledCycles) }
  }

  /// Notes for the most part, of few pitches, so that they meet; also the pedal, controllers, bends and clocks.
  @_noLocks @_noAllocation
  private mutating func play(_ buffer: UnsafeMutableRawPointer, _ offset: UInt32) {
    let (pitch, value) = (UInt8(truncatingIfNeeded: 36 &+ draw(48)), UInt8(truncatingIfNeeded: draw(128)))
    let status: UInt8
    switch draw(16) {
    case 0...5: status = 0x90
    case 6...10: status = 0x80
    case 11: status = 0xB0
    case 12: status = 0xE0
    case 13: status = 0xD0
    case 14: status = 0xF8
    default: status = 0xC0
    }
    let data1 = status == 0xB0 ? (draw(2) == 0 ? 64 : UInt8(truncatingIfNeeded: draw(128))) : pitch
    _ = jamd_midi_write(buffer, offset, status, data1, value)
  }

  @_noLocks @_noAllocation
  private func hear(_ samples: UnsafeMutablePointer<Float>, _ count: UInt32) {
    var loudest = Float(bitPattern: peak.load(ordering: .relaxed))
    for index in 0..<Int(count) {
      let size = samples[index] < 0 ? -samples[index] : samples[index]
      if size > loudest { loudest = size }
    }
    peak.store(loudest.bitPattern, ordering: .relaxed)
  }

  /// 0..<limit, by xorshift64 (G. Marsaglia, JSS 2003).
  @_noLocks @_noAllocation
  private mutating func draw(_ limit: UInt64) -> UInt64 {
    random ^= random &<< 13
    random ^= random &>> 7
    random ^= random &<< 17
    return (random &>> 11) % limit
  }
}

@c @_noLocks @_noAllocation
func feed(_ count: UInt32, _ argument: UnsafeMutableRawPointer?) -> Int32 {
  argument?.assumingMemoryBound(to: FeederContext.self).pointee.cycle(count)
  return 0
}
