// SPDX-License-Identifier: Apache-2.0
// JamTestKit: another JACK client, which plays and records MIDI on exact frames.
import CJACK
import Music
import RealTime
import Synchronization

/// A JACK client with the ports `send` and `receive`: it sends messages on the frames asked for and records what it
/// receives with its frames, and the peak of what it hears on `listen`. For tests; set-up calls block.
///
/// When its server has died it must be dropped before this process opens any client again: libjack then frees the clients
/// that are left, and dropping it later would free it twice.
public final class JACKTestClient {
  public enum Failure: Error, Hashable {
    case noServer
    case refused(String)
  }

  public let handle: OpaquePointer
  public let name: String
  private let context: UnsafeMutablePointer<TestContext>

  /// Opens and activates; `capacity` is how many messages it keeps until they are taken.
  public init(_ name: String = "jam-test", server: String, capacity: Int = 65536) throws(Failure) {
    var status = jack_status_t(0)
    jack_set_error_function { _ in }
    jack_set_info_function { _ in }
    guard let handle = jamd_client_open(name, server, &status) else { throw .noServer }
    self.handle = handle
    self.name = name
    guard let send = jack_port_register(handle, "send", jamd_midi_type(), UInt(JackPortIsOutput.rawValue), 0),
      let receive = jack_port_register(handle, "receive", jamd_midi_type(), UInt(JackPortIsInput.rawValue), 0),
      let listen = jack_port_register(handle, "listen", jamd_audio_type(), UInt(JackPortIsInput.rawValue), 0)
    else { throw .refused("ports") }
    context = .allocate(capacity: 1)
    context.initialize(to: TestContext(handle, send, receive, listen, capacity: capacity))
    guard jack_set_process_callback(handle, jamTestProcess, context) == 0,
      jack_set_xrun_callback(handle, jamTestXrun, context) == 0, jack_activate(handle) == 0
    else { throw .refused("activation") }
  }

  deinit {
    jack_client_close(handle)
    context.deinitialize(count: 1)
    context.deallocate()
  }

  // MARK: Connections

  /// Connects `send` to a port by its full name (`jamd:midi_in`); false where there is no such port.
  public func connectSend(to port: String) -> Bool { connect("\(name):send", port) }
  public func connectReceive(from port: String) -> Bool { connect(port, "\(name):receive") }
  public func connectListen(from port: String) -> Bool { connect(port, "\(name):listen") }

  private func connect(_ source: String, _ destination: String) -> Bool {
    let result = jack_connect(handle, source, destination)
    return result == 0 || result == 17  // EEXIST
  }

  /// The full names of all ports whose name contains `part`.
  public func ports(containing part: String) -> [String] {
    guard let names = jack_get_ports(handle, part, nil, 0) else { return [] }
    defer { jack_free(names) }
    var result: [String] = []
    var index = 0
    while let name = names[index] {
      result.append(String(cString: name))
      index += 1
    }
    return result
  }

  // MARK: Music

  /// The frame that plays now, on the server's own counter. Not as JACK reckons, whose clock is wrong for seconds after an
  /// xrun or after the server stood still.
  public var now: UInt32 {
    guard let snapshot = context.pointee.clock.latest() else { return jack_frame_time(handle) }
    let now = Instant(nanoseconds: jamd_monotonic_nanoseconds())
    return UInt32(truncatingIfNeeded: FrameClock(snapshot).frames(at: now).count)
  }
  /// The first frame of the latest cycle: what is sent on it leaves in the next.
  public var latestCycle: UInt32 { jack_last_frame_time(handle) }
  public var sampleRate: UInt32 { jack_get_sample_rate(handle) }
  public var period: UInt32 { jack_get_buffer_size(handle) }

  /// Sends a message on `frame` of the server's counter; one whose frame has passed leaves in the next cycle. In order of
  /// frame. False when 65,536 wait already.
  public func send(_ message: MIDIMessage, at frame: UInt32) -> Bool {
    context.pointee.outgoing.push(StageEvent(frame: Frames(UInt64(frame)), message: message, part: .player))
  }

  /// What was received since the last call. Frames are the server's counter.
  public func received() -> [(frame: UInt32, message: MIDIMessage)] {
    var result: [(frame: UInt32, message: MIDIMessage)] = []
    while let input = context.pointee.incoming.pop() {
      result.append((UInt32(truncatingIfNeeded: input.frame.count), input.message))
    }
    return result
  }

  /// The loudest sample heard on `listen` since the last call.
  public func takePeak() -> Float { Float(bitPattern: context.pointee.peak.exchange(0, ordering: .relaxed)) }

  public var xruns: UInt64 { context.pointee.xruns.load(ordering: .relaxed) }
  public var cycles: UInt64 { context.pointee.cycles.load(ordering: .relaxed) }
  /// Messages that were not recorded because nobody took them in time.
  public var lost: UInt64 { context.pointee.lost.load(ordering: .relaxed) }
  /// The stretches that the server, or this client of it, passed over, in order, from the first on that is not in
  /// `known`: what was due in them left late.
  public func skips(after known: Int = 0) -> [FrameSkip] { context.pointee.skips.all(after: known) }

  /// Has every cycle compute for about `nanoseconds`, in registers: always the same arithmetic, measured now (2 ms).
  public func setWork(nanoseconds: Double) {
    let count = 100_000
    let costs = (0..<10).map { _ in
      let start = jamd_monotonic_nanoseconds()
      context.pointee.compute(count)
      return Double(jamd_monotonic_nanoseconds() - start) / Double(count)
    }
    context.pointee.work.store(Int(nanoseconds / max(0.01, costs.min() ?? 1)), ordering: .relaxed)
  }

  /// Makes the server use another period. False when it refuses.
  public func setPeriod(_ frames: UInt32) -> Bool { jack_set_buffer_size(handle, frames) == 0 }
  /// Switches the server's freewheel mode. False when it refuses.
  public func setFreewheel(_ isOn: Bool) -> Bool { jack_set_freewheel(handle, isOn ? 1 : 0) == 0 }
}

/// What the test client's cycles touch.
struct TestContext: ~Copyable {
  let client: OpaquePointer
  let send: OpaquePointer
  let receive: OpaquePointer
  let listen: OpaquePointer
  let outgoing = EventRing(capacity: 65536)
  let incoming: InputRing
  let peak = Atomic<UInt32>(0)
  let xruns = Atomic<UInt64>(0)
  let cycles = Atomic<UInt64>(0)
  let lost = Atomic<UInt64>(0)
  let clock = ClockCell()
  let skips = SkipLog()
  /// Rounds of arithmetic in each cycle.
  let work = Atomic(0)
  /// What they came to, so that nobody may leave them out.
  private let sum = Atomic<UInt64>(1)
  let sampleRate: UInt32
  var cycleClock = CycleClock()
  var next: StageEvent?
  /// The frame after the latest cycle.
  var end: UInt32?

  init(_ client: OpaquePointer, _ send: OpaquePointer, _ receive: OpaquePointer, _ listen: OpaquePointer, capacity: Int)
  {
    self.client = client
    self.send = send
    self.receive = receive
    self.listen = listen
    incoming = InputRing(capacity: capacity)
    sampleRate = jack_get_sample_rate(client)
  }

  @_noLocks @_noAllocation
  mutating func cycle(_ count: UInt32) {
    let start = jamd_last_frame_time(client)
    publishClock(start, count)
    if let end { skips.note(from: end, to: start) }
    end = start &+ count
    compute(work.load(ordering: .relaxed))
    if let buffer = jamd_port_buffer(receive, count) { record(buffer, start) }
    if let buffer = jamd_port_buffer(send, count) { play(buffer, start, count) }
    if let buffer = jamd_port_buffer(listen, count) { hear(buffer.assumingMemoryBound(to: Float.self), count) }
    cycles.store(cycles.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
  }

  /// Marsaglia's xorshift (Journal of Statistical Software 8/14, 2003), `count` times.
  @_noLocks @_noAllocation
  fileprivate func compute(_ count: Int) {
    var state = sum.load(ordering: .relaxed)
    for _ in 0..<count {
      state ^= state &<< 13
      state ^= state &>> 7
      state ^= state &<< 17
    }
    sum.store(state, ordering: .relaxed)
  }

  @_noLocks @_noAllocation
  private mutating func publishClock(_ start: UInt32, _ count: UInt32) {
    let frame = Frames(UInt64(start))
    cycleClock.add(
      frame: frame, count: count, framesSince: jamd_frames_since_cycle(client), now: jamd_monotonic_nanoseconds(),
      sampleRate: sampleRate)
    clock.publish(
      frame: frame, nanoseconds: cycleClock.nanoseconds, sampleRate: sampleRate, period: count, rate: cycleClock.rate)
  }

  @_noLocks @_noAllocation
  private func record(_ buffer: UnsafeMutableRawPointer, _ start: UInt32) {
    var (offset, status, data1, data2) = (UInt32(0), UInt8(0), UInt8(0), UInt8(0))
    for index in 0..<jamd_midi_count(buffer) {
      guard jamd_midi_get3(buffer, index, &offset, &status, &data1, &data2) > 0 else { continue }
      let input = StageInput(frame: Frames(UInt64(start &+ offset)), message: MIDIMessage(status, data1, data2))
      if !incoming.push(input) { lost.store(lost.load(ordering: .relaxed) &+ 1, ordering: .relaxed) }
    }
  }

  @_noLocks @_noAllocation
  private mutating func play(_ buffer: UnsafeMutableRawPointer, _ start: UInt32, _ count: UInt32) {
    jamd_midi_clear(buffer)
    while let event = next ?? outgoing.pop() {
      next = event
      let distance = Int32(bitPattern: UInt32(truncatingIfNeeded: event.frame.count) &- start)
      guard distance < Int32(count) else { return }
      let offset = distance < 0 ? 0 : UInt32(distance)
      let message = event.message
      guard jamd_midi_write(buffer, offset, message.status, message.data1, message.data2) == 0 else { return }
      next = nil
    }
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
}

@c @_noLocks @_noAllocation
func jamTestProcess(_ count: UInt32, _ argument: UnsafeMutableRawPointer?) -> Int32 {
  argument?.assumingMemoryBound(to: TestContext.self).pointee.cycle(count)
  return 0
}

@c func jamTestXrun(_ argument: UnsafeMutableRawPointer?) -> Int32 {
  argument?.assumingMemoryBound(to: TestContext.self).pointee.xruns.wrappingAdd(1, ordering: .relaxed)
  return 0
}
