// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: how much memory a style file can make its reader take.
import Foundation
import Music
import Style
import Testing

/// In processes of their own, whose memory the system limits: what nobody else allocates, and what cannot be missed.
@Suite struct StyleMemoryTests {
  /// A file of N bytes never makes `Style(decoding:)` hold more than 24 N + 1 MiB, the copy of the file included. What
  /// comes nearest is a file of short source names, each a string of 16 bytes in a list, a set and a sorted list.
  private static let factor = 24
  private static let constant = 1 << 20

  /// From now on this process can have that much for a file of `count` bytes. RLIMIT_DATA counts what is writable.
  private static func limit(for count: Int) {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmData:") } ?? ""
    guard let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ UInt($0) }) else {
      return
    }
    let most = kilobytes * 1024 + UInt(factor * count + constant)
    var limit = rlimit(rlim_cur: most, rlim_max: most)
    setrlimit(__rlimit_resource_t(2), &limit)
  }

  @Test("no mutated file makes the loader take more than the stated multiple of its length")
  func fuzz() async {
    await #expect(processExitsWith: .success) {
      let rounds = ProcessInfo.processInfo.environment["JAMD_FUZZ"].flatMap { Int($0) } ?? 3_000
      let sound = syntheticStyle(seeds: 0..<1).encoded()
      var random = RandomSource(seed: 17)
      var mutated = (0..<200).map { FileMutation.mutated(sound, behindTables: $0 % 2 == 1, using: &random) }
      _ = mutated.map { try? Style(decoding: $0) }
      StyleMemoryTests.limit(for: sound.count)
      for round in 0..<rounds {
        mutated[round % 200] = []
        mutated[round % 200] = FileMutation.mutated(sound, behindTables: round % 2 == 1, using: &random)
        _ = try? Style(decoding: mutated[round % 200])
      }
    }
  }

  @Test("nor does the file that makes most of its bytes")
  func worst() async {
    await #expect(processExitsWith: .success) {
      let bytes = StyleMemoryTests.manySources()
      StyleMemoryTests.limit(for: bytes.count)
      guard let style = try? Style(decoding: bytes), style.information.sources.count == 100_000 else { exit(3) }
    }
  }

  @Test("the limit is one: a loader that took twice as much would have ended the process")
  func control() async {
    await #expect(processExitsWith: .failure) {
      let bytes = StyleMemoryTests.manySources()
      StyleMemoryTests.limit(for: bytes.count)
      let greedy = [UInt8](repeating: 1, count: 2 * (StyleMemoryTests.factor * bytes.count + StyleMemoryTests.constant))
      if greedy.allSatisfy({ $0 == 1 }) { exit(0) }
    }
  }

  private static func manySources() -> [UInt8] {
    let names = (0..<100_000).map { String($0, radix: 36) }
    return StyleLearner(information: StyleInformation(title: "", sources: names)).style().encoded()
  }
}
