// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: the table of pairs against a dictionary.
import Music
import Style
import Testing

@Suite struct PairCountsTests {
  /// Keys of few pairs collide and repeat, keys of many make the table grow.
  @Test("adding and removing in any order gives what a dictionary counts", arguments: [6, 40, 100_000])
  func agreement(range: UInt64) {
    var random = RandomSource(seed: range)
    var table = PairCounts()
    var truth: [UInt64: Int] = [:]
    for round in 0..<60_000 {
      let name = UInt64.random(in: 0..<range, using: &random) &* 0x9E37_79B1 & 0xFF_FFFF
      // The bytes in the middle do not count.
      let key = (name >> 8) << 48 | UInt64.random(in: 0..<256, using: &random) << 8 | name & 0xFF
      // It grows, shrinks to little, and grows again.
      let isAdded = random.uniform() < (round / 15_000 % 2 == 0 ? 0.8 : 0.1)
      if isAdded {
        truth[name, default: 0] += 1
        #expect(table.add(key) == truth[name])
      } else {
        let left = max(0, (truth[name] ?? 0) - 1)
        #expect(table.remove(key) == left)
        truth[name] = left
      }
    }
    table.removeAll()
    #expect(table.remove(0) == 0 && table.add(0) == 1)
  }
}
