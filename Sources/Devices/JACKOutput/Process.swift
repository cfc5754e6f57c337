// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: code of the real-time thread. Its data and set-up are in ProcessContext.swift.
import CJACK
import Music
import RealTime
import Synchronization
import Synthesis

/// JACK's process callback; `argument` is a `ProcessContext`.
@c @_noLocks @_noAllocation
func jamdProcess(_ count: UInt32, _ argument: UnsafeMutableRawPointer?) -> Int32 {
  guard let argument else { return 0 }
  let start = jamd_monotonic_nanoseconds()
  let context = argument.assumingMemoryBound(to: ProcessContext.self)
  context.pointee.cycle(count)
  let cost = jamd_monotonic_nanoseconds() &- start
  context.pointee.cost.pointee.record(UInt64(truncatingIfNeeded: cost > 0 ? cost : 0))
  return 0
}

extension ProcessContext {
  @_noLocks @_noAllocation
  mutating func cycle(_ count: UInt32) {
    guard let client, let ports, let midiIn = jamd_port_buffer(ports.midiIn, count),
      let midiOut = jamd_port_buffer(ports.midiOut, count), let clockOut = jamd_port_buffer(ports.clockOut, count),
      let left = jamd_port_buffer(ports.left, count), let right = jamd_port_buffer(ports.right, count)
    else { return }
    let start = findStart(client, count)
    publishClock(client, start, count)
    readInputs(midiIn, start)
    stage.run(start: start, count: count)
    writeMessages(midiOut, start)
    runClock(client, clockOut, start, count)
    render(count, left.assumingMemoryBound(to: Float.self), right.assumingMemoryBound(to: Float.self))
    stage.acknowledgeClose()
    words.pointee.cycles.store(words.pointee.cycles.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
  }

  /// The cycle's first frame.
  @_noLocks @_noAllocation
  private mutating func findStart(_ client: OpaquePointer, _ count: UInt32) -> Frames {
    let start = frames.begin(counter: jamd_last_frame_time(client), count: count, sampleRate: sampleRate)
    words.pointee.nextFrame.store(frames.next.count, ordering: .relaxed)
    return start
  }

  @_noLocks @_noAllocation
  private mutating func publishClock(_ client: OpaquePointer, _ start: Frames, _ count: UInt32) {
    cycleClock.add(
      frame: start, count: count, framesSince: jamd_frames_since_cycle(client), now: jamd_monotonic_nanoseconds(),
      sampleRate: sampleRate)
    clock.pointee.publish(
      frame: start, nanoseconds: cycleClock.nanoseconds, sampleRate: sampleRate, period: count, rate: cycleClock.rate)
  }

  // MARK: MIDI

  @_noLocks @_noAllocation
  private mutating func readInputs(_ buffer: UnsafeMutableRawPointer, _ start: Frames) {
    var bytes: (UInt8, UInt8, UInt8) = (0, 0, 0)
    var offset: UInt32 = 0
    for index in 0..<jamd_midi_count(buffer) {
      let length = jamd_midi_get3(buffer, index, &offset, &bytes.0, &bytes.1, &bytes.2)
      let least = Self.length(of: bytes.0)
      guard least > 0, length >= least, length <= 3, bytes.1 < 0x80, bytes.2 < 0x80 else { continue }
      let message = MIDIMessage(bytes.0, bytes.1, bytes.2)
      let frame = start + UInt64(offset)
      if !take(StageInput(frame: frame, message: message)) { lose(message) }
      guard passesInputThrough, !message.isSystem, isMusic(message) else { continue }
      if !stage.insert(StageEvent(frame: frame, message: message, part: .player)) { count(words.pointee.lostInputs) }
    }
  }

  @_noLocks @_noAllocation
  private func lose(_ message: MIDIMessage) {
    count(words.pointee.lostInputs)
    if message.isRelease { words.pointee.isInputBroken.store(true, ordering: .releasing) }
  }

  /// False for a channel that is not heard and for a key of the split that is pressed; what is let go of may have been
  /// music when it was pressed.
  @_noLocks @_noAllocation
  private func isMusic(_ message: MIDIMessage) -> Bool {
    guard !message.isRelease else { return true }
    let channels = words.pointee.channels.load(ordering: .relaxed)
    guard channels & 1 &<< UInt16(message.status & 15) != 0 else { return false }
    guard message.status & 0xF0 == 0x90 else { return true }
    let keys = words.pointee.music.load(ordering: .relaxed)
    return message.data1 >= UInt8(keys & 0xFF) && message.data1 <= UInt8(keys >> 8)
  }

  /// Of a whole message that is heard: of a channel, or song position, tick, start, continue and stop; 0 for any other.
  @_noLocks @_noAllocation
  private static func length(of status: UInt8) -> UInt32 {
    switch status {
    case 0x80..<0xC0, 0xE0..<0xF0, 0xF2: 3
    case 0xC0..<0xE0: 2
    case 0xF8, 0xFA...0xFC: 1
    default: 0
    }
  }

  /// Into the ring for the loop. When it fills, other messages are left out at half, note-ons at seven eighths, so that
  /// a flood of controllers costs no note and a note that was let in has room for its note-off.
  @_noLocks @_noAllocation
  private func take(_ input: StageInput) -> Bool {
    let free = inputs.pointee.free
    let needed = input.message.isRelease ? 1 : input.message.status & 0xF0 == 0x90 ? 512 : 2048
    return free >= needed && inputs.pointee.push(input)
  }

  @_noLocks @_noAllocation
  private func count(_ counter: borrowing Atomic<UInt64>) {
    counter.store(counter.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
  }

  @_noLocks @_noAllocation
  private mutating func writeMessages(_ buffer: UnsafeMutableRawPointer, _ start: Frames) {
    jamd_midi_clear(buffer)
    let xruns = words.pointee.xruns.load(ordering: .relaxed)
    if xruns != xrunsSeen { releases.repeatLatest(since: start.count &- min(start.count, UInt64(sampleRate))) }
    xrunsSeen = xruns
    releases.writeOwed(to: buffer)
    for index in 0..<stage.outputCount {
      let output = stage.output(index)
      guard output.isForPort else { continue }
      let message = output.message
      releases.note(message, at: start)
      guard jamd_midi_write(buffer, output.offset, message.status, message.data1, message.data2) != 0 else { continue }
      count(words.pointee.refusedMessages)
      releases.owe(message)
    }
  }

  // MARK: Audio

  @_noLocks @_noAllocation
  private mutating func render(
    _ count: UInt32, _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>
  ) {
    if isSilent || synthesizer == nil || count > 8192 {
      for frame in 0..<Int(count) { (left[frame], right[frame]) = (0, 0) }
    } else {
      synthesize(count, left, right)
    }
    if stage.isClosing, !isSilent { fade(count, left, right) }
    audioRing?.pointee.write(left, right, count: Int(count))
  }

  @_noLocks @_noAllocation
  private mutating func synthesize(
    _ count: UInt32, _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>
  ) {
    if stage.didPanic { synthesizer?.silence() }
    synthesizer?.begin(count: count)
    for index in 0..<stage.outputCount {
      let output = stage.output(index)
      guard output.isForSynthesizer else { continue }
      synthesizer?.play(output.message, part: output.part, offset: output.offset, count: count, left, right)
    }
    synthesizer?.end(count: count, left, right)
    words.pointee.shedVoices.store(synthesizer?.shedVoices ?? 0, ordering: .relaxed)
  }

  /// The last cycle that sounds ends in silence, without a step.
  @_noLocks @_noAllocation
  private mutating func fade(
    _ count: UInt32, _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>
  ) {
    isSilent = true
    for frame in 0..<Int(count) {
      let share = 1 - Float(frame &+ 1) / Float(count)
      left[frame] *= share
      right[frame] *= share
    }
  }
}
