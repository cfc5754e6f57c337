// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jamd: the folder of sessions and the way of bytes into it.
import Foundation
import Music
import Scores
import Testing
import jamd

@Suite struct SessionFolderTests {
  private static func put(_ folder: TemporaryFolder, _ name: String, bytes: Int) throws {
    let url = URL(fileURLWithPath: "\(folder.path)/\(name)")
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    try Data(count: bytes).write(to: url)
  }

  @Test("what is too old by its own date goes, then the oldest of what is too much, and never the current session")
  func retention() throws {
    let folder = TemporaryFolder()
    // Written just now, all of them: copied from another box.
    for hour in 10..<20 { try Self.put(folder, "2026-11-21T\(hour)-00-00.mid", bytes: 100) }
    try Self.put(folder, "2026-11-21T09-00-00.journal", bytes: 100)
    try Self.put(folder, "notes.txt", bytes: 10_000)
    let sessions = SessionFolder(folder.path)
    let now = try #require(SessionFolder.time(of: "2026-11-21T20-00-00.mid"))
    let removed = sessions.clean(
      SessionFolder.Retention(age: 7 * 3600 + 1, bytes: 450), now: now, except: "2026-11-21T09-00-00")
    #expect(removed == (10...15).map { "2026-11-21T\($0)-00-00.mid" })
    #expect(
      folder.names == ["2026-11-21T09-00-00.journal"] + (16..<20).map { "2026-11-21T\($0)-00-00.mid" } + ["notes.txt"])
    #expect(sessions.clean(SessionFolder.Retention(), now: 1 << 40, except: nil).isEmpty)
    #expect(sessions.clean(SessionFolder.Retention(age: 86400), now: now + 365 * 86400, except: nil).count == 5)
    #expect(folder.names == ["notes.txt"])
  }

  @Test("a session's name tells when it began, whatever the time zone and the season")
  func dates() throws {
    for seconds in stride(from: 1_700_000_000, to: 1_800_000_000, by: 86_400 * 17 + 3607) {
      // An hour that a clock shows twice in autumn may be taken for the other.
      let told = try #require(SessionFolder.time(of: SessionFolder.name(at: seconds)))
      #expect(abs(told - seconds) <= 3600)
    }
    #expect(SessionFolder.time(of: "2026-11-21") == nil)
  }

  @Test("two sessions of the same second have different names")
  func names() throws {
    let folder = TemporaryFolder()
    let sessions = SessionFolder(folder.path)
    let first = try sessions.open(at: 1_000_000)
    let second = try sessions.open(at: 1_000_000)
    #expect(second.id == "\(first.id)-2")
    #expect(folder.names.allSatisfy(SessionFolder.isSession) && folder.names.count == 2)
  }

  @Test("only names that jamd gives are sessions")
  func pattern() {
    for name in [
      "song.mid", "2026-11-21.mid", "2026-11-21T10-00-00.mid.new", "x2026-11-21T10-00-00.mid",
      "2026-11-21T10-00-00.txt",
    ] {
      #expect(!SessionFolder.isSession(name))
    }
    #expect(SessionFolder.isSession("2026-11-21T10-00-00-12.journal"))
  }

  @Test("a buffer that may not grow counts what it drops and says so when there is room again")
  func bounded() throws {
    var buffer = JournalBuffer(limit: 1000)
    var written: [UInt8] = []
    buffer.begin()
    func entry(_ index: Int) -> JournalEntry { JournalEntry(time: .seconds(index), .gone(keyboard: UInt32(index))) }
    for index in 0..<100 { buffer.append(entry(index)) }
    #expect(buffer.pending.count <= 1000)
    while let byte = buffer.pending.first {
      written.append(byte)
      buffer.wrote(1)
    }
    buffer.append(entry(100))
    written += buffer.pending
    let entries = try Journal.read(written).entries
    let kept = entries.count - 2
    #expect(entries[..<kept].map(\.time) == (0..<kept).map { .seconds($0) })
    #expect(entries.suffix(2).map(\.event) == [.lost(UInt32(100 - kept)), .gone(keyboard: 100)])
  }

  @Test("a file is replaced whole, and a refusal names the file and the way out")
  func wholeFile() throws {
    let folder = TemporaryFolder()
    let path = "\(folder.path)/deep/er/file"
    try WholeFile.makeFolder("\(folder.path)/deep/er")
    try WholeFile.write([1, 2, 3], to: path)
    try WholeFile.write([4], to: path)
    #expect(try WholeFile.read(path) == [4])
    #expect(throws: FileProblem.self) { try WholeFile.write([1], to: "\(path)/file") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/deep/er") == ["file"])
    #expect(throws: FileProblem("/dev/full", ENOSPC)) {
      try Descriptor(opening: "/dev/full", O_WRONLY).writeAll([1])
    }
    #expect(FileProblem("/x", ENOSPC).description.contains("make room"))
    #expect(throws: FileProblem.self) { try WholeFile.read("/dev/zero", largest: 1 << 20) }
  }
}
