// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jamd: files that are there whole or not at all.
import Foundation
import Testing
import jamd

@Suite struct WholeFileTests {
  private static func kind(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }

  @Test("a link stays a link, and what it leads to is replaced, or made")
  func links() throws {
    let folder = TemporaryFolder()
    try WholeFile.makeFolder("\(folder.path)/below")
    try WholeFile.write([1], to: "\(folder.path)/below/old")
    symlink("below/old", "\(folder.path)/first")
    symlink("first", "\(folder.path)/second")
    symlink("\(folder.path)/below/new", "\(folder.path)/third")
    for name in ["second", "third"] {
      try WholeFile.write([2, 3], to: "\(folder.path)/\(name)")
      #expect(Self.kind("\(folder.path)/\(name)") == S_IFLNK)
    }
    #expect(folder.names == ["below", "first", "second", "third"])
    #expect(Folder.names(in: "\(folder.path)/below").filter { !$0.hasPrefix(".") } == ["new", "old"])
    for name in ["old", "new"] { #expect(try WholeFile.read("\(folder.path)/below/\(name)") == [2, 3]) }
  }

  @Test("a pipe gets the bytes and stays a pipe; without a reader, or with one that does not read, nobody waits long")
  func pipes() throws {
    let folder = TemporaryFolder()
    try WholeFile.makeFolder(folder.path)
    let pipe = "\(folder.path)/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: FileProblem(pipe, ENXIO)) { try WholeFile.write([1, 2], to: pipe) }
    let reader = open(pipe, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try WholeFile.write([1, 2, 3], to: pipe)
    var bytes = [UInt8](repeating: 0, count: 8)
    #expect(read(reader, &bytes, 8) == 3 && bytes[..<3] == [1, 2, 3])
    #expect(throws: FileProblem(pipe, EAGAIN)) { try WholeFile.write([UInt8](repeating: 0, count: 1 << 20), to: pipe) }
    #expect(Self.kind(pipe) == S_IFIFO && folder.names == ["pipe"])
  }

  @Test("a device stays one")
  func devices() throws {
    let folder = TemporaryFolder()
    try WholeFile.makeFolder(folder.path)
    let null = "\(folder.path)/null"
    guard mknod(null, S_IFCHR | 0o600, 1 << 8 | 3) == 0, access(null, W_OK) == 0,
      (try? Descriptor(opening: null, O_WRONLY)) != nil
    else { return print("skipped: this test makes a device, for which it has to be root") }
    try WholeFile.write([1, 2, 3], to: null)
    #expect(Self.kind(null) == S_IFCHR && folder.names == ["null"])
  }
}
