// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: the styles that come with jamd.
import Foundation
import Style
import Testing

@Suite("The shipped styles") struct ShippedStylesTests {
  @Test("each is in the present format, named, licensed and learned from something")
  func present() throws {
    let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let folder = root.appendingPathComponent("Styles")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "style" }
    #expect(files.count >= 3)
    for file in files {
      let style = try Style(decoding: Array(Data(contentsOf: file)))
      #expect(!style.information.artist.isEmpty && !style.information.licence.isEmpty, "\(file.lastPathComponent)")
      #expect(style.information.notes > 1000 && style.information.pieces > 1, "\(file.lastPathComponent)")
    }
  }
}
