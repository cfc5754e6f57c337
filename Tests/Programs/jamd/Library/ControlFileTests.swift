// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jamd: what controllers have learned, kept in a file.
import Foundation
import Improviser
import Music
import Testing
import jamd

@Suite struct ControlFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "jamd-controls-\(UUID().uuidString)").path

  @Test("what was learned is read again, also by the next jamd; nothing is known before")
  func kept() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = ControlFile(in: folder)
    #expect(try file.read() == nil)
    for assignments in [ControlAssignments([20: .mode, 1: .stop]), ControlAssignments([:]), ControlMap.standard] {
      file.write(assignments) { Issue.record("\($0)") }
      ControlFile.finish()
      #expect(try ControlFile(in: folder).read() == assignments)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["controllers"])
  }

  @Test("a file that holds something else is refused with its path and the way out")
  func refused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = ControlFile(in: folder)
    for text in [
      "", "x", "jamd controllers 2\n1=morph\n", "jamd controllers 1\n1=morf\n", "jamd controllers 1\nnone\nx\n",
    ] {
      try text.write(toFile: file.path, atomically: true, encoding: .utf8)
      let problem = #expect(throws: ControlFileProblem.self) { try file.read() }
      #expect(problem?.description.contains(file.path) ?? false)
    }
  }

  @Test("a folder that cannot be written is told, and nothing else happens")
  func unwritable() {
    let told = Told()
    ControlFile(in: "/proc/none").write(ControlMap.standard) { _ in told.count += 1 }
    ControlFile.finish()
    #expect(told.count == 1)
  }

  /// Written on the file's queue, read after it is done.
  private final class Told: @unchecked Sendable { var count = 0 }
}
