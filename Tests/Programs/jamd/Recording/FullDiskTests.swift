// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jamd: the recorder on a disk that is full, or read-only. A disk of its own is mounted for it.
import Foundation
import Improviser
import Scores
import Testing
import jamd

/// A small disk in memory; nil where this process may not mount one.
private final class SmallDisk {
  let path: String

  init?() {
    path = FileManager.default.temporaryDirectory.appending(path: "jamd-disk-\(UUID().uuidString)").path
    mkdir(path, 0o755)
    guard mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0 else {
      rmdir(path)
      print("skipped: this test mounts a disk, for which it has to be root")
      return nil
    }
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
    rmdir(path)
  }

  func fill() throws {
    let file = try Descriptor(opening: "\(path)/ballast", O_WRONLY | O_CREAT, mode: 0o600)
    #expect(throws: FileProblem.self) {
      while true { _ = try file.write([UInt8](repeating: 1, count: 512)[...]) }
    }
  }

  func empty() { unlink("\(path)/ballast") }

  func setReadOnly(_ isReadOnly: Bool) {
    let flags = UInt(MS_REMOUNT) | (isReadOnly ? UInt(MS_RDONLY) : 0)
    #expect(mount("tmpfs", path, "tmpfs", flags, "size=64k") == 0)
  }
}

@Suite(.serialized) struct FullDiskTests {
  private static func events(in folder: String) throws -> Int {
    let name = try #require(SessionFiles.names(folder).first)
    let take = Take(try StandardMIDIFile(parsing: try WholeFile.read("\(folder)/\(name)")))
    return take.tracks[0].events.count
  }

  private enum SessionFiles {
    static func names(_ folder: String) -> [String] { Folder.names(in: folder).filter { $0.hasSuffix(".mid") } }
  }

  @Test("a disk that becomes full in mid-session is told of, and gets everything when there is room again")
  func full() throws {
    guard let disk = SmallDisk() else { return }
    let rig = Rig("\(disk.path)/sessions")
    for pitch in 40..<60 { rig.note(pitch) }
    try disk.fill()
    for _ in 0..<4 { for pitch in 40..<80 { rig.note(pitch) } }
    #expect(rig.states.all.last?.problem?.contains("make room") == true)
    disk.empty()
    rig.advance(.seconds(6))
    #expect(rig.states.all.last?.problem == nil)
    rig.journals.finish(at: rig.now)
    #expect(try Self.events(in: "\(disk.path)/sessions") == 2 * (20 + 160))
  }

  @Test("on a disk that is full at the end the journal stays, and the next start makes it a MIDI file")
  func fullAtTheEnd() throws {
    guard let disk = SmallDisk() else { return }
    let rig = Rig("\(disk.path)/sessions")
    for pitch in 40..<60 { rig.note(pitch) }
    rig.advance(.seconds(1))
    try disk.fill()
    rig.journals.finish(at: rig.now)
    #expect(SessionFiles.names("\(disk.path)/sessions").isEmpty)
    disk.empty()
    Rig("\(disk.path)/sessions").journals.start()
    #expect(try Self.events(in: "\(disk.path)/sessions") == 40)
  }

  @Test("a disk that is read-only when the session begins gets it when it can be written again")
  func readOnly() throws {
    guard let disk = SmallDisk() else { return }
    let rig = Rig("\(disk.path)/sessions")
    disk.setReadOnly(true)
    for pitch in 40..<60 { rig.note(pitch) }
    rig.advance(.seconds(20))
    #expect(rig.states.all.last?.problem?.contains("read-only") == true)
    #expect(rig.states.all.count == 1)
    disk.setReadOnly(false)
    rig.advance(.seconds(6))
    rig.journals.finish(at: rig.now)
    #expect(try Self.events(in: "\(disk.path)/sessions") == 40)
  }
}
