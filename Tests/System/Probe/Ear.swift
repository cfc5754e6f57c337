// SPDX-License-Identifier: Apache-2.0
// Tests/System: a JACK client that says when a message and when a sound arrived.
import CJACK
import Music
import RealTime
import Synchronization

/// Listens to one MIDI and one audio port. A moment is when the cycle began for this client, on JACK's clock, and the
/// frame's place in the cycle: the server's own estimate of a frame's time is off for seconds after an xrun.
/// All methods are for one thread; cycles run on JACK's.
final class Ear {
  private let handle: OpaquePointer
  private let name: String
  private let context: UnsafeMutablePointer<EarContext>

  /// `server` nil: the one that the environment names.
  init?(_ name: String, server: String? = nil) {
    var status = jack_status_t(0)
    let input = UInt(JackPortIsInput.rawValue)
    guard let handle = jamd_client_open(name, server, &status),
      let audio = jack_port_register(handle, "listen", jamd_audio_type(), input, 0),
      let midi = jack_port_register(handle, "receive", jamd_midi_type(), input, 0)
    else { return nil }
    self.handle = handle
    self.name = name
    context = .allocate(capacity: 1)
    let frame = 1e6 / Double(jack_get_sample_rate(handle))
    context.initialize(to: EarContext(audio: audio, midi: midi, microsecondsPerFrame: frame))
    guard jack_set_process_callback(handle, earProcess, context) == 0,
      jack_set_xrun_callback(handle, earXrun, context) == 0, jack_activate(handle) == 0
    else { return nil }
  }

  deinit {
    jack_client_close(handle)
    context.deinitialize(count: 1)
    context.deallocate()
  }

  /// False until there is a port whose name contains `part`.
  func listen(to part: String, isMIDI: Bool) -> Bool {
    guard let names = jack_get_ports(handle, part, nil, UInt(JackPortIsOutput.rawValue)) else { return false }
    defer { jack_free(names) }
    guard let source = names[0] else { return false }
    return jack_connect(handle, source, "\(name):\(isMIDI ? "receive" : "listen")") == 0
  }

  /// What arrived since the last call, in order, with its moment.
  func takeMessages() -> [(at: UInt64, message: MIDIMessage)] {
    var messages: [(at: UInt64, message: MIDIMessage)] = []
    while let input = context.pointee.arrivals.pop() { messages.append((input.frame.count, input.message)) }
    return messages
  }

  /// That the server has told of.
  var xruns: UInt64 { context.pointee.xruns.load(ordering: .relaxed) }

  /// By how many microseconds the server's estimate of a frame's time (`jack_frame_time`) is ahead of the frames that it
  /// plays: whoever stamps a message by it now stamps it with a frame that comes so much later.
  func clockAhead() -> Int64 {
    while true {
      let cycle = jack_last_frame_time(handle)
      let ahead = jack_frame_time(handle) &- cycle &- jack_frames_since_cycle_start(handle)
      // Else a cycle has begun meanwhile.
      guard cycle == jack_last_frame_time(handle) else { continue }
      return Int64(Double(Int32(bitPattern: ahead)) * context.pointee.microsecondsPerFrame)
    }
  }

  /// Note messages that were not kept because they were not taken in time.
  var lost: UInt64 { context.pointee.lost.load(ordering: .relaxed) }

  /// Frames since the last sample that was no silence.
  var silence: UInt64 { context.pointee.silence.load(ordering: .acquiring) }

  /// From now on the moment of the next sound is kept.
  func arm() { context.pointee.onset.store(0, ordering: .releasing) }

  /// When the first sound since `arm` began; nil before it.
  var onset: UInt64? {
    let moment = context.pointee.onset.load(ordering: .acquiring)
    return moment == 0 ? nil : moment
  }
}

struct EarContext: ~Copyable {
  let audio: OpaquePointer
  let midi: OpaquePointer
  let microsecondsPerFrame: Double
  let arrivals = InputRing(capacity: 4096)
  let lost = Atomic<UInt64>(0)
  let xruns = Atomic<UInt64>(0)
  let silence = Atomic<UInt64>(0)
  /// In microseconds; 0 while armed.
  let onset = Atomic<UInt64>(1)

  init(audio: OpaquePointer, midi: OpaquePointer, microsecondsPerFrame: Double) {
    self.audio = audio
    self.midi = midi
    self.microsecondsPerFrame = microsecondsPerFrame
  }

  @_noLocks @_noAllocation
  func cycle(_ count: UInt32) {
    let start = jamd_jack_microseconds()
    if let buffer = jamd_port_buffer(midi, count) { receive(buffer, start) }
    if let buffer = jamd_port_buffer(audio, count) { hear(buffer.assumingMemoryBound(to: Float.self), count, start) }
  }

  @_noLocks @_noAllocation
  private func moment(_ start: UInt64, _ frame: UInt32) -> UInt64 {
    start &+ UInt64(Double(frame) * microsecondsPerFrame)
  }

  @_noLocks @_noAllocation
  private func receive(_ buffer: UnsafeMutableRawPointer, _ start: UInt64) {
    var (offset, status, data1, data2) = (UInt32(0), UInt8(0), UInt8(0), UInt8(0))
    for index in 0..<jamd_midi_count(buffer) {
      guard jamd_midi_get3(buffer, index, &offset, &status, &data1, &data2) > 0 else { continue }
      // Note-offs of velocity 0 are releases that an xrun has repeated.
      guard status & 0xE0 == 0x80, status & 0xF0 == 0x90 || data2 > 0 else { continue }
      let message = MIDIMessage(status, data1, data2)
      if arrivals.push(StageInput(frame: Frames(moment(start, offset)), message: message)) { continue }
      lost.store(lost.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
    }
  }

  @_noLocks @_noAllocation
  private func hear(_ samples: UnsafeMutablePointer<Float>, _ count: UInt32, _ start: UInt64) {
    var silent = silence.load(ordering: .relaxed)
    for index in 0..<count {
      let sample = samples[Int(index)]
      let isSound = sample > 2e-6 || sample < -2e-6
      if isSound, onset.load(ordering: .relaxed) == 0 { onset.store(moment(start, index), ordering: .releasing) }
      silent = isSound ? 0 : silent &+ 1
    }
    silence.store(silent, ordering: .releasing)
  }
}

@c @_noLocks @_noAllocation
func earProcess(_ count: UInt32, _ argument: UnsafeMutableRawPointer?) -> Int32 {
  argument?.assumingMemoryBound(to: EarContext.self).pointee.cycle(count)
  return 0
}

@c
func earXrun(_ argument: UnsafeMutableRawPointer?) -> Int32 {
  argument?.assumingMemoryBound(to: EarContext.self).pointee.xruns.add(1, ordering: .relaxed)
  return 0
}
