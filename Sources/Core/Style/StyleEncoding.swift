// SPDX-License-Identifier: Apache-2.0
// Core/Style: styles to bytes.

extension StyleParts {
  /// As docs/style-format.md describes. O(n).
  func encoded() -> [UInt8] {
    let tallies = keys.enumerated().map { store, keys in
      TallyBuilder(keys, orders: viewpoints[store / Role.allCases.count].context.count)
    }
    let sections = StyleFile.Section.allCases.map { ($0, encoded($0, tallies)) }
    var body = ByteWriter()
    body.bytes.reserveCapacity(sections.reduce(256) { $0 + $1.1.count + 32 })
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

  private func encoded(_ section: StyleFile.Section, _ tallies: [TallyBuilder]) -> [UInt8] {
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
      for keys in keys { writer.write(UInt64(keys.count)) }
      for keys in keys { writer.write(keys) }
    case .landmarks:
      for keys in keys {
        writer.write(stride(from: 0, to: keys.count, by: SortedCounts.landmarkDistance).map { keys[$0] })
      }
    case .tallies:
      for tally in tallies {
        writer.write(UInt64(tally.spans.count))
        writer.write(UInt64(tally.entries.count))
      }
      for tally in tallies {
        writer.write(tally.spans)
        writer.write(tally.starts)
        writer.write(tally.entries)
      }
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
