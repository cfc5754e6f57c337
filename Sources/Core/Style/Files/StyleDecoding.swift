// SPDX-License-Identifier: Apache-2.0
// Core/Style: bytes to styles.

/// The checked contents of a style's memory; large tables are views into it.
struct StyleContents {
  let information: StyleInformation
  let summary: StyleSummary
  let viewpoints: [Viewpoint]
  let counts: [SortedCounts]
  let fingerprints: StyleView<UInt32>

  init(_ bytes: UnsafeRawBufferPointer) throws(StyleFileError) {
    let sections = try SectionTable(bytes)
    information = try Self.information(try sections.reader(.information))
    summary = try Self.summary(try sections.reader(.summary))
    viewpoints = try Self.viewpoints(try sections.reader(.viewpoints))
    fingerprints = try Self.fingerprints(try sections.reader(.fingerprints))
    counts = try Self.counts(sections, stores: Stores.count(viewpoints: viewpoints.count))
  }

  private static func information(_ given: ByteReader) throws(StyleFileError) -> StyleInformation {
    var reader = given
    let title = try reader.readText()
    let artist = try reader.readText()
    let licence = try reader.readText()
    var sources: [String] = []
    for _ in 0..<(try reader.readCount(of: 4)) { sources.append(try reader.readText()) }
    var information = StyleInformation(title: title, artist: artist, licence: licence, sources: sources)
    guard information.sources == sources else {
      throw StyleFileError(.malformed("the sources are not in order"), at: reader.offset)
    }
    information.pieces = try number(&reader)
    information.notes = try number(&reader)
    information.events = try number(&reader)
    try reader.finish(.information)
    return information
  }

  private static func number(_ reader: inout ByteReader) throws(StyleFileError) -> Int {
    let start = reader.offset
    let value = try reader.read(UInt64.self)
    guard value < 1 << 48 else { throw StyleFileError(.malformed("a count is out of bounds"), at: start) }
    return Int(value)
  }

  private static func summary(_ given: ByteReader) throws(StyleFileError) -> StyleSummary {
    var reader = given
    var summary = StyleSummary()
    summary.pitchClassTransitions = try reader.read(summary.pitchClassTransitions.count, UInt32.self)
    summary.interOnsets = try reader.read(summary.interOnsets.count, UInt32.self)
    summary.pitches = try reader.read(summary.pitches.count, UInt32.self)
    try reader.finish(.summary)
    return summary
  }

  private static func viewpoints(_ given: ByteReader) throws(StyleFileError) -> [Viewpoint] {
    var reader = given
    var viewpoints: [Viewpoint] = []
    for _ in 0..<(try reader.readCount(of: 2)) { viewpoints.append(try viewpoint(&reader)) }
    try reader.finish(.viewpoints)
    guard viewpoints.count <= StyleFile.highestViewpointCount else {
      throw StyleFileError(.malformed("too many viewpoints"), at: given.offset)
    }
    return viewpoints
  }

  private static func viewpoint(_ reader: inout ByteReader) throws(StyleFileError) -> Viewpoint {
    let start = reader.offset
    let target = Viewpoint.Target(rawValue: try reader.read(UInt8.self))
    let order = Int(try reader.read(UInt8.self))
    guard let target, order <= Viewpoint.highestOrder else {
      throw StyleFileError(.malformed("an unknown kind of viewpoint"), at: start)
    }
    var steps: [Viewpoint.Step] = []
    for _ in 0..<order {
      guard let attribute = Attribute(rawValue: try reader.read(UInt8.self)) else {
        throw StyleFileError(.malformed("an unknown attribute"), at: reader.offset - 1)
      }
      steps.append(Viewpoint.Step(attribute, try reader.read(UInt8.self)))
    }
    return Viewpoint(target, steps)
  }

  private static func fingerprints(_ given: ByteReader) throws(StyleFileError) -> StyleView<UInt32> {
    var reader = given
    let view = StyleView(base: try reader.view(reader.remaining / 4, UInt32.self))
    try reader.finish(.fingerprints)
    return view
  }

  private static func counts(_ sections: SectionTable, stores: Int) throws(StyleFileError) -> [SortedCounts] {
    var keys = try sections.reader(.keys)
    var repeats = try sections.reader(.repeats)
    let sizes = try (0..<stores).map { _ throws(StyleFileError) in try number(&keys) }
    var counts: [SortedCounts] = []
    for (size, tree) in zip(sizes, try trees(sections, stores: stores)) {
      let keys = try keys.view(size, UInt64.self)
      counts.append(SortedCounts(keys: keys, repeats: try repeats.view(size, UInt8.self), tree: tree))
    }
    try keys.finish(.keys)
    try repeats.finish(.repeats)
    return counts
  }

  private static func trees(_ sections: SectionTable, stores: Int) throws(StyleFileError) -> [ContextTree] {
    var reader = try sections.reader(.tree)
    var bytes = try sections.reader(.bytes)
    var sizes: [(nodes: Int, entries: Int)] = []
    for _ in 0..<stores { sizes.append((try number(&reader), try number(&reader))) }
    var trees: [ContextTree] = []
    for size in sizes {
      let entries = try reader.view(size.entries, ContextTree.Entry.self)
      let nodes = try reader.view(size.nodes > 0 ? size.nodes + 1 : 0, ContextTree.Node.self)
      trees.append(ContextTree(nodes: nodes, bytes: try bytes.view(size.nodes, UInt8.self), entries: entries))
    }
    try reader.finish(.tree)
    try bytes.finish(.bytes)
    return trees
  }
}

/// Where the sections are; the header is checked.
struct SectionTable {
  private let bytes: UnsafeRawBufferPointer
  private var ranges: [UInt32: Range<Int>] = [:]

  init(_ bytes: UnsafeRawBufferPointer) throws(StyleFileError) {
    self.bytes = bytes
    guard bytes.count >= 8, bytes.prefix(8).elementsEqual(StyleFile.magic) else {
      throw StyleFileError(.notAStyle, at: 0)
    }
    var reader = ByteReader(bytes, 8..<bytes.count)
    let version = try reader.read(UInt32.self)
    guard version <= StyleFile.version else { throw StyleFileError(.newer(version: version), at: 8) }
    guard version == StyleFile.version else { throw StyleFileError(.older(version: version), at: 8) }
    let count = Int(try reader.read(UInt32.self))
    let checksum = try reader.read(UInt64.self)
    guard checksum == Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[StyleFile.headerSize...])) else {
      throw StyleFileError(.checksum, at: 16)
    }
    guard count <= reader.remaining / StyleFile.entrySize else {
      throw StyleFileError(.truncated(needed: count), at: 12)
    }
    for _ in 0..<count { try readEntry(&reader) }
  }

  private mutating func readEntry(_ reader: inout ByteReader) throws(StyleFileError) {
    let start = reader.offset
    let identifier = try reader.read(UInt32.self)
    _ = try reader.read(UInt32.self)
    let offset = try reader.read(UInt64.self)
    let length = try reader.read(UInt64.self)
    guard offset >= UInt64(StyleFile.headerSize), offset <= UInt64(bytes.count),
      length <= UInt64(bytes.count) - offset
    else { throw StyleFileError(.malformed("a section lies outside the file"), at: start) }
    guard ranges.updateValue(Int(offset)..<Int(offset + length), forKey: identifier) == nil else {
      throw StyleFileError(.malformed("a section occurs twice"), at: start)
    }
  }

  func reader(_ section: StyleFile.Section) throws(StyleFileError) -> ByteReader {
    guard let range = ranges[section.rawValue] else { throw StyleFileError(.missingSection(section.name), at: 12) }
    return ByteReader(bytes, range)
  }
}
