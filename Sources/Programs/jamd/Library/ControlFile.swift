// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: what wheels, pedals and knobs have learned, kept between sessions.
import Dispatch
import Glibc
import Improviser

/// The file of the assignments of controllers, replaced at once.
package struct ControlFile: Sendable {
  private static let header = "jamd controllers 1"
  private static let largest = 1 << 16
  private static let queue = DispatchQueue(label: "jamd.library.controls", target: .global(qos: .utility))

  package let path: String

  /// In the folder of what jamd keeps.
  package init(in folder: String) { path = "\(folder)/controllers" }

  /// Nil where nothing was ever learned. Throws the reason, and the way out, where it cannot be read.
  package func read() throws(ControlFileProblem) -> ControlAssignments? {
    let bytes: [UInt8]
    do throws(FileProblem) {
      bytes = try WholeFile.read(path, largest: Self.largest)
    } catch {
      if error.code == ENOENT { return nil }
      throw ControlFileProblem(description: "\(error)")
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    guard lines.count == 2, lines[0] == Self.header, let assignments = ControlAssignments(lines[1]) else {
      throw ControlFileProblem(
        description: "\(path) does not hold what controllers have learned; they start anew: remove it, or learn again")
    }
    return assignments
  }

  /// In the background; what fails is told to `onProblem` there.
  package func write(_ assignments: ControlAssignments, onProblem: @escaping @Sendable (FileProblem) -> Void) {
    Self.queue.async {
      do throws(FileProblem) {
        try WholeFile.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try WholeFile.write(Array("\(Self.header)\n\(assignments)\n".utf8), to: path)
      } catch {
        onProblem(error)
      }
    }
  }

  /// Waits for what is being written.
  package static func finish() { queue.sync {} }
}

package struct ControlFileProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
}
