// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: what the soak makes of the memory that it saw.
import Testing
import jam_soak

@Suite("the verdict on memory")
struct MemoryVerdictTests {
  /// As the soak takes them: every two seconds and a little, for `seconds`.
  private func samples(_ seconds: Int, _ bytes: (Double) -> Double) -> [MemoryVerdict.Sample] {
    stride(from: 0.013, to: Double(seconds), by: 2.02).map { ($0, bytes($0)) }
  }

  /// 50 MB that grow by so many megabytes an hour, and pools that fill within the first minutes.
  private func growing(_ megabytes: Double) -> (Double) -> Double {
    { (50 + min(20, $0 / 20) + megabytes * $0 / 3600) * 1_048_576 }
  }

  @Test("half an hour of each period is judged by the hour: 0.9 MB/h hold, 1.1 do not, however the pools fill")
  func rule() throws {
    for (rise, holds) in [(0.0, true), (0.9, true), (1.1, false), (5, false)] {
      let verdict = MemoryVerdict(samples(1800, growing(rise)), seconds: 1800)
      let line = try #require(verdict.line)
      #expect(line.span >= MemoryVerdict.ruledSpan && line.span < 1200)
      #expect(abs(verdict.megabytesAnHour - rise) < 0.01 && verdict.holds == holds, "\(verdict.text)")
    }
  }

  @Test("an hour of one period, too, from its tenth minute on")
  func hour() {
    #expect(MemoryVerdict(samples(3600, growing(0.9)), seconds: 3600).holds)
    #expect(!MemoryVerdict(samples(3600, growing(1.1)), seconds: 3600).holds)
  }

  @Test("a run of minutes may rise by 2 MB in all behind its first third, whatever that is by the hour")
  func short() {
    let page = samples(120) { $0 < 80 ? 50e6 : 51e6 }
    #expect(MemoryVerdict(page, seconds: 120).megabytesAnHour > 1 && MemoryVerdict(page, seconds: 120).holds)
    let leak = samples(120) { 50e6 + $0 * 40_000 }
    #expect(!MemoryVerdict(leak, seconds: 120).holds)
  }

  @Test("memory that falls holds; a run without samples holds only where there was no time for any")
  func edges() {
    #expect(MemoryVerdict(samples(1800) { 1e9 - $0 * 1000 }, seconds: 1800).holds)
    #expect(MemoryVerdict([], seconds: 15).holds && !MemoryVerdict([], seconds: 1800).holds)
  }
}
