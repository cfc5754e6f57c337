// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: real music to learn.
import FoundationEssentials
import Music
import Scores

enum Corpus {
  /// The MIDI files in `folder`, searched to the bottom, in order of their paths; those that cannot be read are left out.
  static func pieces(in folder: String) -> [Piece] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.lowercased().hasSuffix(".mid") || $0.lowercased().hasSuffix(".midi") }.sorted()
      .compactMap { name in
        guard let data = try? Data(contentsOf: URL(filePath: "\(folder)/\(name)")),
          let file = try? StandardMIDIFile(parsing: [UInt8](data))
        else { return nil }
        return Piece(file)
      }
  }
}
