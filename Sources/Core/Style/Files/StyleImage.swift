// SPDX-License-Identifier: Apache-2.0
// Core/Style: the memory of a style.

/// The bytes of a style file, aligned to eight and kept for as long as a style uses them.
final class StyleImage: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer
  /// Whoever keeps `bytes`; nil where the image has its own.
  private let owner: (any AnyObject & Sendable)?

  /// A copy.
  init(copying bytes: UnsafeRawBufferPointer) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 16)
    copy.copyMemory(from: bytes)
    self.bytes = UnsafeRawBufferPointer(rebasing: copy[..<bytes.count])
    owner = nil
  }

  /// Memory of its own that `read` fills, piece by piece, until it is full or `read` returns nothing more.
  init(count: Int, reading read: (UnsafeMutableRawBufferPointer) -> Int) {
    let whole = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 16)
    var filled = 0
    while filled < count {
      let more = read(UnsafeMutableRawBufferPointer(rebasing: whole[filled..<count]))
      guard more > 0, more <= count - filled else { break }
      filled += more
    }
    bytes = UnsafeRawBufferPointer(rebasing: whole[..<filled])
    owner = nil
  }

  /// Memory that stays as it is for as long as `owner` lives. Nil unless it is aligned to eight.
  init?(_ bytes: UnsafeRawBufferPointer, keptBy owner: any AnyObject & Sendable) {
    guard let base = bytes.baseAddress, UInt(bitPattern: base) % 8 == 0 else { return nil }
    self.bytes = bytes
    self.owner = owner
  }

  deinit {
    if owner == nil { bytes.baseAddress?.deallocate() }
  }
}

/// The contents of a style, before they have a place in memory.
struct StyleParts {
  var information: StyleInformation
  var summary: StyleSummary
  var viewpoints: [Viewpoint]
  /// Ascending and distinct.
  var fingerprints: [UInt32]
  /// All occurrences, one list for each store, ascending.
  var keys: [[ContextKey]]
}
