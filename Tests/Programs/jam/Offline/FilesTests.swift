// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jam: what is written where.
import Foundation
import Testing
import jam

@Suite struct FilesTests {
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "jam-files-\(UUID().uuidString)").path
    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func kind(_ name: String) -> mode_t {
      var status = stat()
      return lstat("\(path)/\(name)", &status) == 0 ? status.st_mode & S_IFMT : 0
    }
  }

  @Test("a link stays a link, and what it leads to is replaced, or made")
  func links() throws {
    let folder = try Folder()
    try Files.write([1], to: "\(folder.path)/old")
    symlink("old", "\(folder.path)/first")
    symlink("\(folder.path)/first", "\(folder.path)/second")
    symlink("new", "\(folder.path)/third")
    for name in ["second", "third"] {
      try Files.write([2, 3], to: "\(folder.path)/\(name)")
      #expect(folder.kind(name) == S_IFLNK)
    }
    for name in ["old", "new"] { #expect(try Files.read("\(folder.path)/\(name)") == [2, 3]) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 5)
  }

  @Test("a pipe gets the bytes, and stays a pipe")
  func pipes() throws {
    let folder = try Folder()
    let pipe = "\(folder.path)/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let reader = open(pipe, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try Files.write([1, 2, 3], to: pipe)
    var bytes = [UInt8](repeating: 0, count: 8)
    #expect(read(reader, &bytes, 8) == 3 && bytes[..<3] == [1, 2, 3])
    #expect(folder.kind("pipe") == S_IFIFO)
  }

  @Test("a device stays one")
  func devices() throws {
    let folder = try Folder()
    let null = "\(folder.path)/null"
    guard mknod(null, S_IFCHR | 0o600, 1 << 8 | 3) == 0, (try? Data().write(to: URL(filePath: null))) != nil else {
      return print("skipped: this test makes a device, for which it has to be root")
    }
    try Files.write([1, 2, 3], to: null)
    #expect(folder.kind("null") == S_IFCHR)
  }

  @Test("a folder is not written over")
  func folders() throws {
    let folder = try Folder()
    #expect(throws: FileFailure.self) { try Files.write([1], to: folder.path) }
  }
}
