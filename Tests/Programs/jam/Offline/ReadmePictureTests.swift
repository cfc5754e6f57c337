// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jam, offline: the picture of README is what the commands beside it draw.
import Foundation
import Testing
import jam

@Suite struct ReadmePictureTests {
  private static let root = URL(filePath: #filePath).appending(path: "../../../../..").standardized

  /// The words of README's command that begins like this, as a shell would read them.
  private static func words(of beginning: String) throws -> [String] {
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let line = try #require(readme.split(separator: "\n").first { $0.hasPrefix(beginning) })
    return line.matches(of: #/"([^"]*)"|[^ ]+/#).map { String($0.output.1 ?? $0.output.0) }
  }

  @Test("README's two commands draw README's picture; JAMD_REGENERATE=1 draws it anew")
  func picture() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "jam-readme-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let image = "docs/images/call-and-answer.svg"
    for beginning in ["jam replay ", "jam roll "] {
      let words = try Self.words(of: beginning).dropFirst().map { word in
        switch word {
        case "session.mid", image: folder.appending(path: word.replacing("/", with: "-")).path
        case _ where word.hasPrefix("Tests/") || word.hasPrefix("Styles/"): Self.root.appending(path: word).path
        default: word
        }
      }
      try CommandTree.run(words)
    }
    let drawn = try Data(contentsOf: folder.appending(path: image.replacing("/", with: "-")))
    let file = Self.root.appending(path: image)
    if ProcessInfo.processInfo.environment["JAMD_REGENERATE"] == "1" { try drawn.write(to: file) }
    #expect(try Data(contentsOf: file) == drawn, "the picture is not what the commands draw")
  }
}
