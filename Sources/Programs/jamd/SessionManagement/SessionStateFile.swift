// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: the folder that a session manager gives jamd for a session.
import Glibc

/// `state.jsonl` and, where no other folder is configured, `sessions`. Blocks on the disk.
package struct SessionStateFile: Sendable {
  private static let largest = 1 << 20

  package let folder: String

  package init(in folder: String) { self.folder = folder }

  package var path: String { "\(folder)/state.jsonl" }

  /// Nil where nothing was ever saved.
  package func read() throws(SessionState.Unreadable) -> SessionState? {
    let bytes: [UInt8]
    do throws(FileProblem) {
      bytes = try WholeFile.read(path, largest: Self.largest)
    } catch {
      if error.code == ENOENT { return nil }
      throw SessionState.Unreadable(description: "\(error)")
    }
    do throws(SessionState.Unreadable) {
      return try SessionState(parsing: bytes)
    } catch {
      throw SessionState.Unreadable(description: "\(path), \(error); remove the file, and the session begins anew")
    }
  }

  package func write(_ state: SessionState) throws(FileProblem) {
    try WholeFile.makeFolder(folder)
    try WholeFile.write(state.encoded, to: path)
  }
}
