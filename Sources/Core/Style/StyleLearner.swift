// SPDX-License-Identifier: Apache-2.0
// Core/Style: learning a style.
import Music

/// Learns pieces and other styles. Learning is a fold: in whatever order and in however many shares pieces are learned
/// and merged, the style is the same, byte for byte, given the same information and viewpoints.
public struct StyleLearner: Sendable {
  private var information: StyleInformation
  private let walk: ContextWalk
  private var keys: [[ContextKey]]
  private var fingerprints: [UInt32] = []
  private var summary = StyleSummary()

  public init(information: StyleInformation, viewpoints: [Viewpoint] = Viewpoint.standard) {
    self.information = information
    walk = ContextWalk(viewpoints: viewpoints)
    keys = Array(repeating: [], count: Stores.count(viewpoints: viewpoints.count))
  }

  /// O(notes * viewpoints). Pieces without notes count as pieces and teach nothing.
  public mutating func learn(_ piece: Piece) {
    information.pieces += 1
    for sequence in EventReader(piece).sequences() {
      walk.walk(sequence) { keys[$0].append($1) }
      learnFingerprints(sequence)
      summary.count(sequence)
      information.events += sequence.bytes.count
      information.notes += sequence.bytes.count + sequence.gaps.count
    }
  }

  private mutating func learnFingerprints(_ sequence: EventSequence) {
    for (index, event) in sequence.bytes.enumerated() {
      if let print = Fingerprint.ending(at: index, with: event, after: sequence.bytes) { fingerprints.append(print) }
    }
  }

  /// Takes in all that `other` learned, or nothing and throws. O(n).
  public mutating func merge(_ other: Style) throws(StyleMergeError) {
    guard other.viewpoints == walk.viewpoints else {
      throw .otherViewpoints(ours: information.title, theirs: other.information.title)
    }
    let parts = try other.parts()
    information = information.merged(with: other.information)
    summary = summary.merged(with: other.summary)
    fingerprints.append(contentsOf: parts.fingerprints)
    for (store, learned) in parts.keys.enumerated() { keys[store].append(contentsOf: learned) }
  }

  /// What was learned so far. O(n log n).
  public func style() -> Style {
    let parts = StyleParts(
      information: information, summary: summary, viewpoints: walk.viewpoints,
      fingerprints: Self.distinct(fingerprints), keys: keys.map { $0.sorted() })
    return Style(parts)
  }

  private static func distinct(_ prints: [UInt32]) -> [UInt32] {
    var distinct: [UInt32] = []
    distinct.reserveCapacity(prints.count)
    for print in prints.sorted() where distinct.last != print { distinct.append(print) }
    return distinct
  }
}

/// Why two styles cannot be merged.
public enum StyleMergeError: Error, Hashable, Sendable {
  case otherViewpoints(ours: String, theirs: String)
  case outOfOrder(String)
}

extension StyleMergeError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .otherViewpoints(let ours, let theirs):
      "\"\(theirs)\" was learned with other viewpoints than \"\(ours)\"; learn it again with the same ones (jam learn --like)"
    case .outOfOrder(let title): "the contexts of \"\(title)\" are not in order; learn it again"
    }
  }
}
