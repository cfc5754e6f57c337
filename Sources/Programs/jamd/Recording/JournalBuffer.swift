// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: entries on their way to the disk.
import Scores

/// The bytes of a journal that are not written yet. Bounded: while the disk takes nothing, entries beyond `limit` bytes
/// are dropped and counted, and the count goes into the journal. Pure.
package struct JournalBuffer {
  /// More than an hour of dense playing.
  package static let standardLimit = 8 << 20

  private let limit: Int
  private var bytes: [UInt8] = []
  private var written = 0
  private var lost: UInt32 = 0

  package init(limit: Int = standardLimit) { self.limit = limit }

  package var pending: ArraySlice<UInt8> { bytes[written...] }
  package var isEmpty: Bool { written == bytes.count && lost == 0 }

  package mutating func begin() {
    (bytes, written, lost) = (Journal.start, 0, 0)
  }

  package mutating func append(_ entry: JournalEntry) {
    let record = entry.encoded()
    guard pending.count + record.count + 64 <= limit else {
      lost = lost == .max ? lost : lost + 1
      return
    }
    if lost > 0 {
      bytes += JournalEntry(time: entry.time, .lost(lost)).encoded()
      lost = 0
    }
    bytes += record
  }

  /// The first `count` pending bytes are on their way: a record may be written in two parts, as long as they follow one
  /// another.
  package mutating func wrote(_ count: Int) {
    written = min(bytes.count, written + count)
    guard written == bytes.count || written > 1 << 16 else { return }
    bytes.removeFirst(written)
    written = 0
  }
}
