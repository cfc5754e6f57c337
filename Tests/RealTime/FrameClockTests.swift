// SPDX-License-Identifier: Apache-2.0
// Tests/RealTime: frames, and the mapping between real time and frames.
import Foundation
import Music
import RealTime
import Testing

private func snapshot(_ frame: UInt64, _ seconds: Double, rate: UInt32 = 48000, period: UInt32 = 256) -> ClockSnapshot {
  ClockSnapshot(
    frame: Frames(frame), time: Instant(nanoseconds: Int64(seconds * 1e9)), sampleRate: rate, period: period,
    rate: Double(rate) * 1e-9)
}

private final class CellBox: @unchecked Sendable {
  let cell = ClockCell()
}

@Suite("The audio clock")
struct FrameClockTests {
  @Test("a 32-bit counter is followed through its wraps, forwards and backwards")
  func wraps() {
    var frames = Frames(restarting: 4_294_960_000, after: Frames(17))
    #expect(frames == Frames((1 << 32) + 4_294_960_000))
    var expected = frames.count
    var counter: UInt32 = 4_294_960_000
    for step in [256, 4096, 8192, 1_000_000_000, 2_000_000_000, 2_000_000_000] as [UInt32] {
      counter &+= step
      expected += UInt64(step)
      frames = Frames(extending: counter, near: frames)
      #expect(frames.count == expected)
    }
    #expect(Frames(extending: counter &- 500, near: frames).count == expected - 500)
  }

  @Test("frames of a restarted counter lie after all frames before")
  func restarts() {
    for last in [0, 5, 1 << 32, (7 << 32) - 1] as [UInt64] {
      #expect(Frames(restarting: 0, after: Frames(last)) > Frames(last))
    }
  }

  @Test("frame to instant and back is the same frame", arguments: [44100, 48000, 96000, 192_000] as [UInt32])
  func roundTrip(rate: UInt32) {
    let clock = FrameClock(snapshot(1 << 33, 1000, rate: rate))
    for offset in stride(from: 0, to: 10_000_000, by: 977) as StrideTo<UInt64> {
      let frame = Frames((1 << 33) + offset)
      #expect(clock.frames(at: clock.instant(of: frame)) == frame)
    }
  }

  @Test("under jittering snapshots time never runs backwards, and stays within the jitter")
  func monotone() {
    var random = RandomSource(seed: 3)
    var clock = FrameClock(snapshot(1000, 10))
    var last = Frames(0)
    for cycle in 1..<5000 {
      let time = 10 + Double(cycle) * 256 / 48000
      clock.update(snapshot(1000 + UInt64(cycle) * 256, time + (random.uniform() - 0.5) * 0.0004))
      for part in 0..<8 {
        let instant = Instant(nanoseconds: Int64((time + 0.0003 + Double(part) * 0.0006) * 1e9))
        let frames = clock.frames(at: instant)
        #expect(frames >= last)
        last = frames
        let truth = 1000 + (Double(instant.nanoseconds) * 1e-9 - 10) * 48000
        #expect(abs(Double(frames.count) - truth) < 48)
      }
    }
  }

  @Test("a small lasting error is gone after two seconds; a large one, at once")
  func corrections() {
    var clock = FrameClock(snapshot(0, 0))
    let shift = 0.002
    for cycle in 1..<400 { clock.update(snapshot(UInt64(cycle) * 256, Double(cycle) * 256 / 48000 + shift)) }
    let at = Instant(nanoseconds: Int64((400 * 256 / 48000.0 + shift) * 1e9))
    #expect(abs(Int64(clock.frames(at: at).count) - 400 * 256) <= 2)
    clock.update(snapshot(1_000_000, 2.5))
    #expect(clock.frames(at: Instant(nanoseconds: 2_500_000_000)) == Frames(1_000_000))
  }

  @Test("a change of period changes nothing, a change of sample rate is followed at once")
  func changes() {
    var clock = FrameClock(snapshot(0, 0))
    clock.update(snapshot(256, 256 / 48000.0, period: 1024))
    #expect(clock.frames(at: Instant(nanoseconds: 1_000_000_000)) == Frames(48000))
    #expect(clock.period == 1024)
    clock.update(snapshot(44100, 1, rate: 44100, period: 512))
    #expect(clock.frames(at: Instant(nanoseconds: 2_000_000_000)) == Frames(88200))
    #expect(clock.cycle == .nanoseconds(11_609_977))
  }

  @Test("instants before all frames and absurd rates do no harm")
  func extremes() {
    let wild = ClockSnapshot(frame: Frames(100), time: .zero, sampleRate: 0, period: 0, rate: .nan)
    let clock = FrameClock(wild)
    for nanoseconds in [Int64.min, -1, 0, 1, Int64.max] {
      _ = clock.frames(at: Instant(nanoseconds: nanoseconds))
    }
    #expect(FrameClock(snapshot(100, 1)).frames(at: .zero) == Frames(0))
    _ = clock.instant(of: Frames(.max))
  }

  @Test("a reader never sees half of a snapshot while the writer writes")
  func cell() {
    let box = CellBox()
    #expect(box.cell.latest() == nil)
    let writer = Thread {
      for number in 1...2_000_000 as ClosedRange<UInt32> {
        box.cell.publish(
          frame: Frames(UInt64(number)), nanoseconds: Int64(number) * 3, sampleRate: number, period: number &* 7,
          rate: Double(number))
      }
    }
    writer.start()
    var (torn, seen) = (0, 0)
    var last: UInt32 = 0
    while last < 2_000_000 {
      guard let snapshot = box.cell.latest() else { continue }
      seen += 1
      let number = snapshot.sampleRate
      let isWhole =
        snapshot.frame.count == UInt64(number) && snapshot.time.nanoseconds == Int64(number) * 3
        && snapshot.period == number &* 7 && snapshot.rate == Double(number)
      if !isWhole || number < last { torn += 1 }
      last = number
    }
    #expect(torn == 0 && seen > 0)
  }
}
