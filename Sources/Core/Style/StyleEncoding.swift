// SPDX-License-Identifier: Apache-2.0
// Core/Style: styles to bytes.

extension Style {
  /// The style as a file (docs/style-format.md). Canonical: equal styles give equal bytes. O(n).
  public func encoded() -> [UInt8] {
    let sections = StyleFile.Section.allCases.map { ($0, encoded($0)) }
    var body = ByteWriter()
    var offset = StyleFile.headerSize + sections.count * StyleFile.entrySize
    for (section, bytes) in sections {
      body.write(section.rawValue)
      body.write(UInt32(0))
      body.write(UInt64(offset))
      body.write(UInt64(bytes.count))
      offset += Self.padded(bytes.count)
    }
    for (_, bytes) in sections {
      body.bytes.append(contentsOf: bytes)
      body.bytes.append(contentsOf: repeatElement(0, count: Self.padded(bytes.count) - bytes.count))
    }
    var file = ByteWriter(bytes: StyleFile.magic)
    file.write(StyleFile.version)
    file.write(UInt32(sections.count))
    file.write(body.bytes.withUnsafeBytes(Checksum.of))
    file.bytes.append(contentsOf: body.bytes)
    return file.bytes
  }

  /// Sections begin at multiples of eight.
  private static func padded(_ count: Int) -> Int { (count + 7) / 8 * 8 }

  private func encoded(_ section: StyleFile.Section) -> [UInt8] {
    var writer = ByteWriter()
    switch section {
    case .information: write(information, to: &writer)
    case .summary:
      writer.write(summary.pitchClassTransitions)
      writer.write(summary.interOnsets)
      writer.write(summary.pitches)
    case .viewpoints: write(viewpoints, to: &writer)
    case .fingerprints: writer.write(fingerprints)
    case .keys:
      for counts in counts { writer.write(UInt64(counts.count)) }
      for counts in counts { writer.write(counts.keys) }
    }
    return writer.bytes
  }

  private func write(_ information: StyleInformation, to writer: inout ByteWriter) {
    writer.write(information.title)
    writer.write(information.artist)
    writer.write(information.licence)
    writer.write(UInt32(information.sources.count))
    for source in information.sources { writer.write(source) }
    writer.write(UInt64(information.pieces))
    writer.write(UInt64(information.notes))
    writer.write(UInt64(information.events))
  }

  private func write(_ viewpoints: [Viewpoint], to writer: inout ByteWriter) {
    writer.write(UInt32(viewpoints.count))
    for viewpoint in viewpoints {
      writer.write(viewpoint.target.rawValue)
      writer.write(UInt8(viewpoint.context.count))
      for step in viewpoint.context {
        writer.write(step.attribute.rawValue)
        writer.write(step.lag)
      }
    }
  }
}
