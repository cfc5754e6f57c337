// SPDX-License-Identifier: Apache-2.0
// Core/Style: styles to bytes.

extension StyleParts {
  private typealias EncodedStore = (runs: KeyRuns, tree: ContextTreeBuilder)

  /// As docs/style-format.md describes. O(n).
  func encoded() -> [UInt8] {
    let stores = keys.enumerated().map { store, keys in
      let runs = KeyRuns(keys)
      let orders = viewpoints[store / Role.allCases.count].context.count
      return (runs: runs, tree: ContextTreeBuilder(runs, orders: orders))
    }
    let sections = StyleFile.Section.allCases.map { ($0, encoded($0, stores)) }
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

  private func encoded(_ section: StyleFile.Section, _ stores: [EncodedStore]) -> [UInt8] {
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
      for store in stores { writer.write(UInt64(store.runs.keys.count)) }
      for store in stores { writer.write(store.runs.keys) }
    case .repeats: for store in stores { writer.write(store.runs.repeats) }
    case .tree: write(stores.map(\.tree), to: &writer)
    case .bytes: for store in stores { writer.write(store.tree.bytes) }
    }
    return writer.bytes
  }

  private func write(_ trees: [ContextTreeBuilder], to writer: inout ByteWriter) {
    for tree in trees {
      writer.write(UInt64(tree.bytes.count))
      writer.write(UInt64(tree.entries.count))
    }
    for tree in trees {
      writer.write(tree.entries)
      for node in tree.starts.indices {
        writer.write(tree.starts[node])
        writer.write(tree.ends[node])
        writer.write(tree.firstEntries[node])
        writer.write(tree.firstChildren[node])
      }
    }
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
