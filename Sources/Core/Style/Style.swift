// SPDX-License-Identifier: Apache-2.0
// Core/Style: what was learned from an artist.

/// What was learned from pieces: statistics, not the pieces. Immutable, and safe to use from any thread. Its memory is
/// the file's: a mapped file is used where it lies.
public final class Style: Sendable {
  public let information: StyleInformation
  public let summary: StyleSummary
  public let viewpoints: [Viewpoint]
  /// By `Stores`.
  let counts: [SortedCounts]
  private let fingerprints: StyleView<UInt32>
  /// Of each target, by raw value, the viewpoints that predict it.
  private let numbersByTarget: [[Int]]
  private let image: StyleImage

  init(_ image: StyleImage) throws(StyleFileError) {
    let contents = try StyleContents(image.bytes)
    self.image = image
    information = contents.information
    summary = contents.summary
    viewpoints = contents.viewpoints
    counts = contents.counts
    fingerprints = contents.fingerprints
    numbersByTarget = Viewpoint.Target.allCases.map { target in
      contents.viewpoints.indices.filter { contents.viewpoints[$0].target == target }
    }
  }

  convenience init(_ parts: StyleParts) {
    let bytes = parts.encoded()
    let image = bytes.withUnsafeBytes(StyleImage.init(copying:))
    do {
      try self.init(image)
    } catch {
      preconditionFailure("a style cannot read what it wrote: \(error)")
    }
  }

  /// Reads a style file from a copy of `bytes`. Any bytes give a style or an error; nothing beyond 24 times
  /// `bytes.count` and 1 MiB is held, and no style that was accepted makes prediction fail. O(bytes).
  public convenience init(decoding bytes: [UInt8]) throws(StyleFileError) {
    try self.init(bytes.withUnsafeBytes(StyleImage.init(copying:)))
  }

  /// Reads a style file of `count` bytes without a copy on the way: `read` puts what comes next into the memory it is
  /// given, as much as it likes, and returns how many bytes that were; with 0 or less the file ends there. O(bytes).
  public convenience init(
    count: Int, reading read: (UnsafeMutableRawBufferPointer) -> Int
  ) throws(StyleFileError) {
    try self.init(StyleImage(count: count, reading: read))
  }

  /// Reads a style file where it lies, for example mapped: `owner` must keep `bytes` as they are for as long as it
  /// lives, and lives as long as the style. Copies only what is not aligned to eight. O(bytes) for the checksum.
  public convenience init(
    mapping bytes: UnsafeRawBufferPointer, keptBy owner: any AnyObject & Sendable
  ) throws(StyleFileError) {
    try self.init(StyleImage(bytes, keptBy: owner) ?? StyleImage(copying: bytes))
  }

  /// The style as a file (docs/style-format.md). Canonical: equal styles give equal bytes.
  public func encoded() -> [UInt8] { [UInt8](image.bytes) }

  /// Occurrences that each viewpoint has learned.
  public var occurrences: [Int] {
    viewpoints.indices.map { number in
      Role.allCases.reduce(0) { $0 + counts[Stores.index(viewpoint: number, $1)].total }
    }
  }

  func numbers(of target: Viewpoint.Target) -> [Int] { numbersByTarget[Int(target.rawValue)] }

  /// What it was made of; an error where keys or fingerprints are not in order. O(bytes).
  func parts() throws(StyleMergeError) -> StyleParts {
    let prints = fingerprints.values
    let keys = counts.compactMap { $0.occurrences() }
    guard keys.count == counts.count, zip(prints, prints.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw .outOfOrder(information.title)
    }
    return StyleParts(
      information: information, summary: summary, viewpoints: viewpoints, fingerprints: prints,
      keys: keys)
  }

  /// O(log n).
  func contains(fingerprint: UInt32) -> Bool {
    var low = 0
    var high = fingerprints.count
    while low < high {
      let middle = (low + high) / 2
      if fingerprints[middle] < fingerprint { low = middle + 1 } else { high = middle }
    }
    return low < fingerprints.count && fingerprints[low] == fingerprint
  }
}

/// Little-endian values in the memory of a style.
struct StyleView<Value: FixedWidthInteger & Sendable>: @unchecked Sendable {
  let base: UnsafeBufferPointer<Value>

  var count: Int { base.count }
  var values: [Value] { base.map { Value(littleEndian: $0) } }
  subscript(index: Int) -> Value { Value(littleEndian: base[index]) }
}
