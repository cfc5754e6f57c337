// SPDX-License-Identifier: Apache-2.0
// Tests/RealTime: whatever three bytes reach the stage, nothing hangs.
import Music
import RealTime
import Testing

/// A listener at the end of the port, without an expectation a message: there are millions.
private struct Listener {
  var sounding = [Bool](repeating: false, count: 2 * 16 * 128)
  var violations = 0
  var notes = 0
  var others = 0
  var count: Int { sounding.lazy.filter { $0 }.count }

  mutating func hear(_ output: StageOutput, last: inout UInt32, period: UInt32) {
    let message = output.message
    if output.offset < last || output.offset >= period || message.status < 0x80 || message.status >= 0xF0
      || message.data1 > 127 || message.data2 > 127
    {
      violations += 1
      return
    }
    last = output.offset
    let key = (output.part.isAnswer ? 2048 : 0) + Int(message.status & 15) * 128 + Int(message.data1)
    switch message.status & 0xF0 {
    case 0x90:
      if sounding[key] || message.data2 == 0 { violations += 1 }
      (sounding[key], notes) = (true, notes + 1)
    case 0x80:
      if !sounding[key] { violations += 1 }
      sounding[key] = false
    default: others += 1
    }
  }

  func sounds(like rules: Rules, _ part: StagePart) -> Bool {
    sounding[(part.isAnswer ? 2048 : 0)..<(part.isAnswer ? 4096 : 2048)].elementsEqual(rules.sounding)
  }
}

/// What sounds by the rules alone, of one part: a key from its note-on to its note-off, or to what silences its channel.
private struct Rules {
  private(set) var sounding = [Bool](repeating: false, count: 16 * 128)
  /// Messages that are no notes: each leaves as it came.
  private(set) var others = 0
  private(set) var notes = 0

  mutating func take(_ message: MIDIMessage) {
    let (kind, channel) = (message.status & 0xF0, Int(message.status & 15))
    guard message.status >= 0x80, kind < 0xF0, message.data1 < 128, message.data2 < 128 else { return }
    let key = channel * 128 + Int(message.data1)
    switch kind {
    case 0x90 where message.data2 > 0: (sounding[key], notes) = (true, notes + 1)
    case 0x80, 0x90: sounding[key] = false
    default:
      others += 1
      let silences = kind == 0xB0 && (message.data1 == 120 || message.data1 >= 123)
      if silences { for key in channel * 128..<(channel + 1) * 128 { sounding[key] = false } }
    }
  }

  mutating func silence() { sounding = sounding.map { _ in false } }
}

@Suite("Every message")
struct EveryMessageTests {
  private static let period: UInt32 = 64

  /// Where in the cycle, before it, and in the next the message with that second byte is to leave.
  private static func place(_ second: UInt8) -> UInt64 { UInt64(second) * 7 % 96 }
  /// The second bytes in the order in which their messages leave.
  private static let order = (0...255 as ClosedRange<UInt8>).sorted { (place($0), $0) < (place($1), $1) }

  /// All pairs of data bytes after each of `statuses`, as `part`, and whatever `end` asks for after each status. What is to
  /// sound by the rules has to sound after each first byte, before anything silences it.
  private func play(
    _ statuses: ClosedRange<UInt8>, _ part: StagePart, end: (UnsafeMutablePointer<StageControl>) -> Void
  ) -> (listener: Listener, sent: Int) {
    let control = UnsafeMutablePointer<StageControl>.allocate(capacity: 1)
    let ring = UnsafeMutablePointer<EventRing>.allocate(capacity: 1)
    control.initialize(to: StageControl())
    ring.initialize(to: EventRing(capacity: StageLimits.ring))
    defer {
      ring.deinitialize(count: 1)
      ring.deallocate()
      control.deinitialize(count: 1)
      control.deallocate()
    }
    var stage = Stage(control: control, ring: ring, routing: StageRouting(playerToPort: true))
    stage.reset(sampleRate: 48000)
    var (listener, rules, frame, sent) = (Listener(), Rules(), UInt64(1) << 32, 0)
    func cycle(_ stage: inout Stage) {
      stage.run(start: Frames(frame), count: Self.period)
      var last: UInt32 = 0
      for index in 0..<stage.outputCount { listener.hear(stage.output(index), last: &last, period: Self.period) }
      sent += stage.outputCount
      frame += UInt64(Self.period)
    }
    for status in statuses {
      // A key on every channel: only what means it may end it.
      for channel in 0..<16 as Range<UInt8> {
        let key = MIDIMessage(0x90 | channel, 60, 100)
        _ = ring.pointee.push(StageEvent(frame: .immediate, message: key, part: part, generation: 1))
        rules.take(key)
      }
      cycle(&stage)
      for first in 0...255 as ClosedRange<UInt8> {
        for second in 0...255 as ClosedRange<UInt8> {
          let at = frame &+ Self.place(second) &- 16
          let message = MIDIMessage(status, first, second)
          _ = ring.pointee.push(StageEvent(frame: Frames(at), message: message, part: part, generation: 1))
        }
        cycle(&stage)
        // A controller that means "all notes off" may fill a cycle: the rest comes in the next ones.
        for _ in 0..<2 { cycle(&stage) }
        for second in Self.order { rules.take(MIDIMessage(status, first, second)) }
        if !listener.sounds(like: rules, part) || listener.notes != rules.notes { listener.violations += 1 }
      }
      if listener.others != rules.others { listener.violations += 1 }
      end(control)
      cycle(&stage)
      // What a panic sends beside releases is not asked for.
      rules.silence()
      listener.others = rules.others
    }
    return (listener, sent)
  }

  @Test("all sequences of three bytes, and a panic: messages that are MIDI, each note released once, then silence")
  func panic() {
    for part in StagePart.allCases {
      let (listener, sent) = play(0...255, part) { $0.pointee.panic() }
      #expect(listener.violations == 0 && listener.count == 0)
      #expect(sent > 16 * 128 * 127)
    }
  }

  @Test("and cancelling the answer leaves as little of it behind")
  func cancel() {
    for status in [0x90, 0x9F] as [UInt8] {
      let (listener, sent) = play(status...status, .answer) { $0.pointee.cancel(before: 2) }
      #expect(listener.violations == 0 && listener.count == 0 && sent > 128 * 127)
    }
  }

  @Test("and closing")
  func close() {
    for status in [0x90, 0x9F, 0xB0] as [UInt8] {
      let (listener, _) = play(status...status, .player) { $0.pointee.close() }
      #expect(listener.violations == 0 && listener.count == 0)
    }
  }
}
