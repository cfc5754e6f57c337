// SPDX-License-Identifier: Apache-2.0
// Core/Style: viewpoints: what is predicted from what.

/// Predicts one property of the next event from a chain of others, the most telling first (Conklin and Witten,
/// "Multiple viewpoint systems for music prediction", JNMR 1995). Order `k` of its model uses the first `k` of them.
public struct Viewpoint: Hashable, Sendable {
  /// What is predicted, as a byte.
  public enum Target: UInt8, Hashable, Sendable, CaseIterable {
    /// `Attribute.interOnset`.
    case interOnset = 0
    /// `Attribute.interval`.
    case interval = 1
    /// `Attribute.tonal`.
    case tonal = 2
    /// `Attribute.pitch`.
    case pitch = 3
    /// Semitones to the next note down of the onset group; 0 ends it.
    case gap = 4
    case duration = 5
    case lowDuration = 6
    case velocity = 7
    case deviation = 8
    case spread = 9
    case balance = 10

    /// Of what scores do not write.
    var isExpressive: Bool {
      switch self {
      case .velocity, .deviation, .spread, .balance: true
      case .interOnset, .interval, .tonal, .pitch, .gap, .duration, .lowDuration: false
      }
    }
  }

  /// `attribute` of the event `lag` events back; lag 0 is the event that is being predicted.
  public struct Step: Hashable, Sendable {
    public var attribute: Attribute
    public var lag: UInt8

    public init(_ attribute: Attribute, _ lag: UInt8) {
      self.attribute = attribute
      self.lag = lag
    }
  }

  /// A context and its symbol fill eight bytes.
  public static let highestOrder = 7

  public let target: Target
  public let context: [Step]

  /// At most `highestOrder` steps count.
  public init(_ target: Target, _ context: [Step]) {
    self.target = target
    self.context = Array(context.prefix(Self.highestOrder))
  }
}

extension Viewpoint {
  private static func steps(_ list: (Attribute, UInt8)...) -> [Step] { list.map { Step($0.0, $0.1) } }

  /// The viewpoints of a style unless it says otherwise.
  public static let standard: [Viewpoint] = rhythmic + melodic + vertical + expressive

  static let rhythmic = [
    Viewpoint(.interOnset, (1...7).map { Step(.interOnset, $0) }),
    Viewpoint(
      .interOnset, steps((.beat, 1), (.interOnset, 1), (.interOnset, 2), (.interOnset, 3), (.interOnset, 4))
    ),
    Viewpoint(
      .interOnset, steps((.bar, 1), (.interOnset, 1), (.interOnset, 2), (.interOnset, 3), (.interOnset, 4))),
  ]

  static let melodic = [
    Viewpoint(.interval, (1...7).map { Step(.interval, $0) }),
    Viewpoint(
      .interval,
      steps(
        (.degree, 1), (.interval, 1), (.interval, 2), (.interval, 3), (.interval, 4), (.interval, 5))),
    Viewpoint(
      .interval,
      steps(
        (.interOnset, 0), (.interval, 1), (.interOnset, 1), (.interval, 2), (.interOnset, 2), (.interval, 3)
      )),
    Viewpoint(
      .interval, steps((.degree, 1), (.beat, 0), (.interOnset, 0), (.interval, 1), (.interOnset, 1))),
    Viewpoint(.interval, steps((.degree, 1), (.bar, 0), (.interval, 1), (.interval, 2))),
    Viewpoint(.interval, steps((.above, 0), (.degree, 1), (.interval, 1))),
    Viewpoint(.tonal, steps((.beat, 0), (.bar, 0))),
    Viewpoint(.pitch, steps((.key, 0))),
  ]

  static let vertical = [
    Viewpoint(
      .gap, steps((.gap, 0), (.shapeSoFar, 0), (.shape, 1), (.interval, 0), (.shape, 2), (.bar, 0))),
    Viewpoint(.gap, steps((.count, 0), (.size, 1), (.shapeSoFar, 0), (.degree, 0), (.shape, 1))),
    Viewpoint(.gap, steps((.degree, 0), (.shapeSoFar, 0), (.bar, 0), (.above, 0))),
  ]

  static let expressive = [
    Viewpoint(.duration, steps((.nextInterOnset, 0), (.duration, 1), (.size, 0), (.beat, 0))),
    Viewpoint(.lowDuration, steps((.duration, 0), (.lowDuration, 1), (.nextInterOnset, 0))),
    Viewpoint(.velocity, steps((.velocity, 1), (.bar, 0), (.contour, 0), (.velocity, 2))),
    Viewpoint(.deviation, steps((.beat, 0), (.size, 0), (.interOnset, 0))),
    Viewpoint(.spread, steps((.size, 0), (.beat, 0))),
    Viewpoint(.balance, steps((.size, 0), (.beat, 0))),
  ]
}
