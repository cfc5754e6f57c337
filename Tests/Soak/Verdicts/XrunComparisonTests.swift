// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: what the soak makes of the xruns that it saw.
import Testing
import jam_soak

@Suite("the verdict on xruns")
struct XrunComparisonTests {
  /// Readings so far, from what each interval had.
  private func readings(_ rises: [Int]) -> [Int] { rises.indices.map { rises[...$0].reduce(0, +) } }

  /// The computing client has what the first idle one has, where nothing else is said.
  private func holds(_ ours: [Int], _ first: [Int], _ second: [Int], computing: [Int]? = nil) -> Bool {
    XrunComparison(
      ours: readings(ours), idle: readings(first), readings(second), computing: readings(computing ?? first)
    ).holds
  }

  private func quiet(_ count: Int = 180) -> [Int] { [Int](repeating: 0, count: count) }

  @Test("on a machine that disturbs nobody, jamd may have no xrun at all")
  func quietMachine() {
    #expect(holds(quiet(), quiet(), quiet()))
    #expect(!holds([1] + quiet(179), quiet(), quiet()))
  }

  @Test("bursts that are all jamd's excuse nothing, however large and rare they are")
  func ownBursts() {
    var ours = quiet()
    for index in stride(from: 5, to: 180, by: 30) { ours[index] = 50 }
    #expect(!holds(ours, quiet(), quiet()))
    var (first, second) = (quiet(), quiet())
    (first[3], second[90]) = (2, 3)
    #expect(!holds(ours, first, second))
  }

  @Test(
    "bursts of the machine, which meet each server at other moments, are chance; four more in each interval are not")
  func bursts() {
    var random = Steps()
    var passed = 0
    for _ in 0..<200 {
      let runs = (0..<3).map { _ in (0..<180).map { _ in random.next() % 20 == 0 ? Int(random.next() % 30) : 0 } }
      passed += holds(runs[0], runs[1], runs[2]) ? 1 : 0
      #expect(!holds(runs[0].map { $0 + 4 }, runs[1], runs[2]))
    }
    #expect(passed >= 194)
  }

  @Test("as many as a client has that only computes as long are the machine's; more are not")
  func computing() {
    let (idle, some) = ([Int](repeating: 3, count: 180), [Int](repeating: 4, count: 180))
    #expect(holds(some, idle, idle, computing: some))
    #expect(!holds(some, idle, idle, computing: idle))
    #expect(!holds([5] + some.dropFirst(), idle, idle, computing: some))
  }

  @Test("a computing client that fares better than the idle ones takes nothing from jamd")
  func luckyComputing() {
    let idle = [Int](repeating: 3, count: 180)
    #expect(holds(idle, idle, idle, computing: quiet()))
  }

  @Test("only the readings that all have are compared")
  func lengths() {
    let comparison = XrunComparison(ours: [1, 2, 9], idle: [1, 2], [3, 4, 5, 6], computing: [1, 1, 7])
    #expect(comparison.ours == 2 && comparison.idle == [2, 4] && comparison.computing == 1 && comparison.holds)
    #expect(XrunComparison(ours: [], idle: [], [], computing: []).holds)
  }

  /// A generator with a seed of its own.
  private struct Steps {
    private var state: UInt64 = 9
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
  }
}
