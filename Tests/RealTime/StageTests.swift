// SPDX-License-Identifier: Apache-2.0
// Tests/RealTime: the stage, without JACK.
import Music
import RealTime
import Testing

/// A stage with its ring and its control, fed and read cycle by cycle.
private final class Fixture {
  let control: UnsafeMutablePointer<StageControl>
  let ring: UnsafeMutablePointer<EventRing>
  let stage: UnsafeMutablePointer<Stage>
  var frame: UInt64 = 1 << 32
  let period: UInt32 = 64
  var sent: [(frame: UInt64, message: MIDIMessage, part: StagePart)] = []
  /// Keys of `StageFixture.key` and what sounds on each, as a listener at the port hears it.
  var sounding: [Int: Int] = [:]

  init(routing: StageRouting = StageRouting(playerToPort: true)) {
    control = .allocate(capacity: 1)
    control.initialize(to: StageControl())
    ring = .allocate(capacity: 1)
    ring.initialize(to: EventRing(capacity: StageLimits.ring))
    stage = .allocate(capacity: 1)
    stage.initialize(to: Stage(control: control, ring: ring, routing: routing))
    stage.pointee.reset(sampleRate: 48000)
  }

  deinit {
    stage.deinitialize(count: 1)
    stage.deallocate()
    ring.deinitialize(count: 1)
    ring.deallocate()
    control.deinitialize(count: 1)
    control.deallocate()
  }

  var didPanic: Bool { stage.pointee.didPanic }
  var isClosing: Bool { stage.pointee.isClosing }
  var hasClosed: Bool { control.pointee.hasClosed }
  var waiting: Int { ring.pointee.count }

  func push(_ at: UInt64, _ message: MIDIMessage, _ generation: UInt32 = 0, part: StagePart = .answer) {
    let event = StageEvent(frame: Frames(at), message: message, part: part, generation: generation)
    #expect(ring.pointee.push(event) == true)
  }

  /// As if it had come by JACK.
  func insert(_ at: UInt64, _ message: MIDIMessage) -> Bool {
    stage.pointee.insert(StageEvent(frame: Frames(at), message: message, part: .player))
  }

  /// One cycle; its messages, checked for their order and for the pairing of note-ons and note-offs.
  @discardableResult
  func cycle() -> [StageOutput] {
    stage.pointee.run(start: Frames(frame), count: period)
    stage.pointee.acknowledgeClose()
    let outputs = (0..<stage.pointee.outputCount).map { stage.pointee.output($0) }
    var last: UInt32 = 0
    for output in outputs {
      #expect(output.offset >= last && output.offset < period)
      last = output.offset
      sent.append((frame + UInt64(output.offset), output.message, output.part))
      follow(output)
    }
    frame += UInt64(period)
    return outputs
  }

  private func follow(_ output: StageOutput) {
    let message = output.message
    let key = (output.part == .answer ? 2048 : 0) + Int(message.status & 15) * 128 + Int(message.data1)
    switch message.status & 0xF0 {
    case 0x90:
      #expect(message.data2 > 0 && sounding[key] == nil, "a note-on on a key that sounds")
      sounding[key] = 1
    case 0x80:
      #expect(sounding[key] != nil, "a note-off on a silent key")
      sounding[key] = nil
    default: break
    }
  }

  func pitches(_ kind: UInt8) -> [UInt8] { sent.filter { $0.message.status & 0xF0 == kind }.map(\.message.data1) }
}

private func on(_ pitch: UInt8, channel: UInt8 = 0) -> MIDIMessage { MIDIMessage(0x90 | channel, pitch, 64) }
private func off(_ pitch: UInt8, channel: UInt8 = 0) -> MIDIMessage { MIDIMessage(0x80 | channel, pitch, 64) }

@Suite("The stage")
struct StageTests {
  @Test("an event leaves on its frame, whatever the order of pushing")
  func frames() {
    let fixture = Fixture()
    let start = fixture.frame
    for offset in [130, 5, 64, 63, 127, 0] as [UInt64] { fixture.push(start + offset, on(UInt8(offset % 128))) }
    for _ in 0..<4 { fixture.cycle() }
    #expect(fixture.sent.map { $0.frame - start } == [0, 5, 63, 64, 127, 130])
  }

  @Test("a late event is played at once and counted with its lateness; one for `immediate` is never late")
  func late() {
    let fixture = Fixture()
    fixture.push(fixture.frame - 480, on(60))
    fixture.push(0, on(61), part: .player)
    #expect(fixture.cycle().map(\.offset) == [0, 0])
    let counters = fixture.control.pointee.counters
    #expect(counters.lateEvents == 1)
    #expect(fixture.control.pointee.lateness.summary().maximum == 480 * 20833)
    #expect(fixture.control.pointee.lateness.summary().total == 1)
  }

  @Test("every event with a frame is in the histogram of lateness, those in time as zero")
  func punctual() {
    let fixture = Fixture()
    for offset in 0..<20 as Range<UInt64> { fixture.push(fixture.frame + 3 * offset, on(60)) }
    fixture.push(0, on(61), part: .player)
    fixture.cycle()
    let lateness = fixture.control.pointee.lateness.summary()
    #expect(lateness.total == 20 && lateness.maximum == 0 && fixture.control.pointee.counters.lateEvents == 0)
  }

  @Test("an answer's note that comes too late is not started, and leaves no note-off either; a player's always is")
  func stale() {
    let fixture = Fixture()
    fixture.push(fixture.frame - 12_001, on(60))
    fixture.push(fixture.frame - 12_001, on(61), part: .player)
    fixture.push(fixture.frame + 3, off(60))
    fixture.cycle()
    #expect(fixture.pitches(0x90) == [61] && fixture.pitches(0x80).isEmpty)
    #expect(fixture.control.pointee.counters.staleNotes == 1)
  }

  @Test("a cancelled answer is released in the very next cycle, and nothing of it starts any more")
  func cancel() {
    let fixture = Fixture()
    let start = fixture.frame
    fixture.push(start, on(60), 4)
    fixture.push(start, on(64), 5)
    fixture.push(start, on(70), part: .player)
    fixture.push(start + 100, on(62), 4)
    fixture.push(start + 100, on(65), 5)
    fixture.push(start + 120, off(60), 4)
    fixture.cycle()
    fixture.control.pointee.cancel(before: 5)
    let outputs = fixture.cycle()
    #expect(outputs.first?.message == MIDIMessage(0x80, 60, 64) && outputs.first?.offset == 0)
    #expect(fixture.pitches(0x90) == [70, 60, 64, 65] || fixture.pitches(0x90) == [60, 64, 70, 65])
    #expect(fixture.sounding.count == 3)
    fixture.control.pointee.cancel(before: 3)
    fixture.cycle()
    #expect(fixture.sounding.count == 3, "an older cancel takes nothing back and releases nothing")
  }

  @Test("a stale note-off does not cut a note that a newer answer has struck")
  func retrigger() {
    let fixture = Fixture()
    let start = fixture.frame
    fixture.push(start, on(60), 1)
    fixture.push(start + 10, on(60), 2)
    fixture.push(start + 20, off(60), 1)
    fixture.cycle()
    #expect(fixture.sent.map(\.message) == [on(60), off(60), on(60)])
    #expect(fixture.sounding.count == 1)
    fixture.push(fixture.frame, off(60), 2)
    fixture.cycle()
    #expect(fixture.sounding.isEmpty)
  }

  @Test("overlapping strokes of one pitch in one answer end with the last note-off")
  func overlap() {
    let fixture = Fixture()
    let start = fixture.frame
    for (offset, message) in [(0, on(60)), (10, on(60)), (20, off(60)), (40, off(60))] as [(UInt64, MIDIMessage)] {
      fixture.push(start + offset, message, 1)
    }
    fixture.cycle()
    #expect(fixture.sent.map { $0.frame - start } == [0, 10, 10, 40])
    #expect(fixture.sounding.isEmpty)
  }

  @Test("panic releases everything, lifts the pedals, forgets what waits, and plays on afterwards")
  func panic() {
    let fixture = Fixture()
    let start = fixture.frame
    fixture.push(start, on(60), 1)
    fixture.push(start, on(50, channel: 3), part: .player)
    fixture.push(start, MIDIMessage(0xB3, 64, 127), part: .player)
    fixture.push(start + 100, on(61), 1)
    fixture.cycle()
    fixture.control.pointee.panic()
    fixture.push(start + 70, on(62), 1)
    fixture.cycle()
    #expect(fixture.didPanic && fixture.sounding.isEmpty)
    #expect(fixture.sent.contains { $0.message == MIDIMessage(0xB3, 64, 0) })
    fixture.cycle()
    #expect(!fixture.didPanic)
    #expect(!fixture.pitches(0x90).contains(61) && !fixture.pitches(0x90).contains(62))
    fixture.push(fixture.frame, on(63), 1)
    fixture.cycle()
    #expect(fixture.pitches(0x90).contains(63))
  }

  @Test("closing leaves silence, says so, and nothing sounds afterwards")
  func close() {
    let fixture = Fixture()
    fixture.push(fixture.frame, on(60), 1)
    fixture.push(fixture.frame + 200, on(61), 1)
    fixture.cycle()
    #expect(!fixture.hasClosed)
    fixture.control.pointee.close()
    fixture.cycle()
    #expect(fixture.hasClosed && fixture.isClosing && fixture.sounding.isEmpty)
    for _ in 0..<5 {
      fixture.push(fixture.frame, on(70), 9)
      #expect(fixture.cycle().isEmpty)
    }
  }

  @Test("2,048 notes of an answer are released in one cycle")
  func everyKey() {
    let fixture = Fixture()
    for channel in 0..<16 as Range<UInt8> {
      for pitch in 0..<128 as Range<UInt8> { fixture.push(fixture.frame, on(pitch, channel: channel), 1) }
    }
    while fixture.waiting > 0 || fixture.sounding.count < 2048 { fixture.cycle() }
    #expect(fixture.control.pointee.counters.fullCycles > 0)
    fixture.control.pointee.cancel(before: 2)
    fixture.cycle()
    #expect(fixture.sounding.isEmpty)
  }

  @Test("the synthesizer, which has one channel a part, keeps a pitch until the last channel lets go")
  func sharedPitch() {
    let fixture = Fixture()
    fixture.push(fixture.frame, on(60, channel: 0), part: .player)
    fixture.push(fixture.frame, on(60, channel: 5), part: .player)
    fixture.push(fixture.frame + 1, off(60, channel: 0), part: .player)
    fixture.push(fixture.frame + 2, off(60, channel: 5), part: .player)
    let outputs = fixture.cycle()
    #expect(outputs.map(\.isForSynthesizer) == [true, true, false, true])
    #expect(outputs.allSatisfy { $0.isForPort })
  }

  @Test("what ends the notes or lifts the pedal of one channel ends nothing that another holds in the synthesizer")
  func sharedControllers() {
    let fixture = Fixture()
    func control(_ number: UInt8, _ value: UInt8, _ channel: UInt8) -> MIDIMessage {
      MIDIMessage(0xB0 | channel, number, value)
    }
    func isForSynthesizer(_ messages: [MIDIMessage]) -> [Bool] {
      for message in messages { fixture.push(fixture.frame, message, part: .player) }
      let outputs = fixture.cycle()
      #expect(outputs.allSatisfy { $0.isForPort })
      return outputs.map(\.isForSynthesizer)
    }
    #expect(isForSynthesizer([control(64, 127, 0), control(64, 127, 5)]) == [true, true])
    #expect(isForSynthesizer([control(64, 0, 0), control(64, 0, 5)]) == [false, true])
    #expect(isForSynthesizer([control(64, 127, 0), control(121, 0, 5), control(121, 0, 0)]) == [true, false, true])
    #expect(isForSynthesizer([on(60, channel: 0), on(64, channel: 5)]) == [true, true])
    #expect(isForSynthesizer([control(123, 0, 5)]) == [true, false], "the release of 64, and the message")
    #expect(isForSynthesizer([control(123, 0, 0)]) == [true, true], "the last")
    #expect(isForSynthesizer([control(64, 127, 0), control(120, 0, 5), control(120, 0, 0)]) == [true, false, true])
  }

  @Test("the sticks' channel shares no pitch with the answer's others")
  func percussion() {
    let fixture = Fixture()
    fixture.push(fixture.frame, on(37, channel: 0))
    fixture.push(fixture.frame, on(37, channel: 9))
    fixture.push(fixture.frame + 1, off(37, channel: 0))
    fixture.push(fixture.frame + 2, off(37, channel: 9))
    #expect(fixture.cycle().map(\.isForSynthesizer) == [true, true, true, true])
  }

  @Test("a flood that comes by itself costs controllers first, then note-ons, and no release")
  func floodOfInputs() {
    let fixture = Fixture()
    let far = fixture.frame + 1_000_000
    #expect(fixture.insert(fixture.frame, on(60)))
    fixture.cycle()
    #expect((0..<4096).count { _ in fixture.insert(far, MIDIMessage(0xB0, 1, 5)) } == StageLimits.pending / 2)
    #expect((0..<4096).count { _ in fixture.insert(far, on(70)) } == StageLimits.pending * 3 / 8)
    #expect(fixture.insert(fixture.frame, off(60)))
    fixture.cycle()
    #expect(fixture.sounding.isEmpty && !fixture.didPanic)
  }

  @Test("a release that finds no room leaves silence, not a hung note")
  func lostRelease() {
    let fixture = Fixture()
    #expect(fixture.insert(fixture.frame, on(60)))
    fixture.cycle()
    let far = fixture.frame + 1_000_000
    #expect((0..<5000).count { _ in fixture.insert(far, off(61)) } == StageLimits.pending)
    #expect(!fixture.insert(fixture.frame, off(60)))
    fixture.cycle()
    #expect(fixture.sounding.isEmpty && fixture.didPanic)
    #expect(fixture.insert(fixture.frame, on(62)))
    fixture.cycle()
    #expect(fixture.sounding.count == 1 && !fixture.didPanic, "and it plays on")
  }

  @Test("each part goes only where the routing sends it")
  func routing() {
    let fixture = Fixture(routing: StageRouting())
    fixture.push(fixture.frame, on(60), part: .player)
    fixture.push(fixture.frame, on(61), part: .answer)
    let outputs = fixture.cycle()
    #expect(outputs.map(\.isForPort) == [false, true] && outputs.map(\.isForSynthesizer) == [true, true])
  }

  @Test("every three bytes, from either part, leave nothing hanging after a panic and no malformed message ever leaves")
  func anyBytes() {
    var random = RandomSource(seed: 8)
    let fixture = Fixture()
    for _ in 0..<20_000 {
      let bits = random.next()
      let message = MIDIMessage(
        UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits >> 16))
      fixture.push(
        fixture.frame + (bits >> 24) % 64, message, UInt32(bits >> 32) % 4, part: bits >> 60 > 7 ? .player : .answer)
      for output in fixture.cycle() {
        #expect((0x80..<0xF0).contains(output.message.status))
        #expect(output.message.data1 < 0x80 && output.message.data2 < 0x80)
      }
    }
    fixture.control.pointee.panic()
    fixture.cycle()
    #expect(fixture.sounding.isEmpty)
  }

  @Test(
    "under random schedules, cancels and panics every note-on gets exactly one note-off",
    arguments: 0..<20 as Range<UInt64>)
  func random(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let fixture = Fixture()
    var generation: UInt32 = 1
    var minimum: UInt32 = 0
    for _ in 0..<1500 {
      for _ in 0..<random.next() % 4 { pushNote(fixture, &random, generation) }
      switch random.next() % 100 {
      case 0..<4 where generation < 126:
        generation += 1
        fixture.control.pointee.cancel(before: generation)
        minimum = generation
      case 4: fixture.control.pointee.panic()
      case 5 where generation < 126: generation += 1
      default: break
      }
      let outputs = fixture.cycle()
      let stale = outputs.filter { $0.part == .answer && $0.message.status == 0x90 && $0.message.data2 < minimum }
      #expect(stale.isEmpty, "a cancelled answer starts a note")
    }
    for _ in 0..<20 { fixture.cycle() }
    #expect(fixture.pitches(0x90).count > 1000 && fixture.pitches(0x90).count == fixture.pitches(0x80).count)
    #expect(fixture.sounding.isEmpty)
    #expect(zip(fixture.sent, fixture.sent.dropFirst()).allSatisfy { $0.frame <= $1.frame })
  }

  /// A note-on and its note-off somewhere within the next ten cycles; an answer's velocity tells its generation.
  private func pushNote(_ fixture: Fixture, _ random: inout RandomSource, _ generation: UInt32) {
    let part: StagePart = random.next() % 3 == 0 ? .player : .answer
    let pitch = UInt8(60 + random.next() % 6)
    let start = fixture.frame &+ random.next() % 300 &- 20
    let velocity = UInt8(max(1, part == .answer ? generation : 64))
    fixture.push(start, MIDIMessage(0x90, pitch, velocity), generation, part: part)
    fixture.push(start + 1 + random.next() % 300, off(pitch), generation, part: part)
  }
}
