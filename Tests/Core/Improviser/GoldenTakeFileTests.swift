// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: the six takes as files, for `make report`.
import Foundation
import Improviser
import Music
import Scores
import Testing

@Suite struct GoldenTakeFileTests {
  /// `JAMD_REGENERATE=1` writes the files.
  @Test("the takes that make report plays with are the golden ones", arguments: GoldenTake.all)
  func files(_ take: GoldenTake) throws {
    let events = take.inputs.compactMap { input -> Take.Event? in
      if case .midi(let message, _) = input.event { Take.Event(time: input.at - .zero, message) } else { nil }
    }
    let bytes = Take(title: take.name, tracks: [Take.Track(name: "Player", events: events)]).file.encoded()
    let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let file = root.appendingPathComponent("Tests/Takes/\(take.name).mid")
    if ProcessInfo.processInfo.environment["JAMD_REGENERATE"] != nil {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    }
    #expect(try Array(Data(contentsOf: file)) == bytes)
  }
}
