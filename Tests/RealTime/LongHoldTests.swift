// SPDX-License-Identifier: Apache-2.0
// Tests/RealTime: all keys of all channels, held for an hour of frames.
import Music
import RealTime
import Testing

@Suite struct LongHoldTests {
  @Test("all keys on all channels under the pedal for an hour: each note ends when it is let go, once, and none before")
  func hour() {
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
    var (frame, ons, offs, messages) = (UInt64(1) << 32, 0, 0, 0)
    /// Until everything in the ring has been played.
    func run(cycles: Int) {
      for _ in 0..<cycles {
        stage.run(start: Frames(frame), count: 1024)
        frame += 1024
        messages += stage.outputCount
        for index in 0..<stage.outputCount {
          switch stage.output(index).message.status & 0xF0 {
          case 0x90: ons += 1
          case 0x80: offs += 1
          default: break
          }
        }
      }
    }
    func send(_ status: UInt8, _ data1: UInt8, _ data2: UInt8) {
      let event = StageEvent(frame: .immediate, message: MIDIMessage(status, data1, data2), part: .player)
      #expect(ring.pointee.push(event) == true)
    }
    for channel in 0..<16 as Range<UInt8> {
      send(0xB0 | channel, 64, 127)
      for pitch in 0..<128 as Range<UInt8> { send(0x90 | channel, pitch, 100) }
    }
    run(cycles: 8)
    #expect(ons == 2048 && offs == 0)
    let before = messages
    run(cycles: 3600 * 48000 / 1024)
    #expect(messages == before, "something happened in an hour in which nothing was played")
    for channel in 0..<16 as Range<UInt8> {
      for pitch in 0..<128 as Range<UInt8> { send(0x80 | channel, pitch, 64) }
      send(0xB0 | channel, 64, 0)
    }
    run(cycles: 8)
    #expect(ons == 2048 && offs == 2048)
    control.pointee.panic()
    run(cycles: 2)
    #expect(offs == 2048, "a note was released twice")
  }
}
