// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: what the soak makes of the events that left late.
import Testing
import jam_soak

@Suite("the verdict on late events")
struct LatenessVerdictTests {
  /// An interval of ten seconds in which 500 events left.
  private func interval(
    late: Int = 0, latest: Double = 0, skips: [Double] = [], idle: Double = 100
  ) -> LatenessVerdict.Interval {
    var interval = LatenessVerdict.Interval()
    (interval.events, interval.lateEvents, interval.latest, interval.idleThread) = (500, late, latest, idle)
    (interval.skipped, interval.longestSkip) = (skips.reduce(0, +), skips.max() ?? 0)
    return interval
  }

  private func holds(_ intervals: LatenessVerdict.Interval...) -> Bool { LatenessVerdict(intervals, length: 10).holds }

  @Test("nothing late holds; anything late where nothing else was is jamd's")
  func plain() {
    #expect(holds(interval(), interval(), interval()) && LatenessVerdict([], length: 10).holds)
    #expect(!holds(interval(), interval(late: 1, latest: 4096), interval()))
  }

  @Test("what the server passed over may be late, in that interval and beside it, and nowhere else")
  func skips() {
    #expect(holds(interval(late: 3, latest: 4096, skips: [8000])))
    #expect(holds(interval(skips: [8000]), interval(late: 3, latest: 4096)))
    #expect(holds(interval(late: 3, latest: 4096), interval(skips: [8000])))
    #expect(!holds(interval(skips: [8000]), interval(), interval(late: 3, latest: 4096)))
  }

  @Test("a single xrun explains neither many events nor a late one of any size")
  func proportion() {
    #expect(!holds(interval(late: 100, latest: 4096, skips: [8000])))
    #expect(!holds(interval(late: 1, latest: 16384, skips: [8000])))
    // Half a second of silence holds 25 events, and by chance some more.
    #expect(holds(interval(late: 30, latest: 262_144, skips: [500_000])))
    #expect(!holds(interval(late: 400, latest: 262_144, skips: [500_000])))
  }

  @Test("what each interval may have by itself is not what all may have together")
  func together() {
    let some = interval(late: 15, latest: 4096, skips: [8000])
    #expect(holds(interval(), some, interval()))
    let all = LatenessVerdict(Array(repeating: some, count: 20), length: 10)
    #expect(all.findings.isEmpty && !all.holds && all.text.contains("300, where"), "\(all.text)")
  }

  @Test("a thread that only sleeps and woke as late explains what one such stretch holds")
  func sleepers() {
    #expect(holds(interval(late: 12, latest: 8192, idle: 9000)))
    #expect(!holds(interval(late: 12, latest: 8192, idle: 8000)))
    #expect(!holds(interval(late: 120, latest: 8192, idle: 9000)))
  }

  @Test("the text tells the first interval that does not hold, and by what")
  func text() {
    let verdict = LatenessVerdict([interval(), interval(late: 7, latest: 4096)], length: 10)
    #expect(verdict.findings.map(\.interval) == [1] && verdict.text.contains("7 where 0 may be"), "\(verdict.text)")
  }
}
