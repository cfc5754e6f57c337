// SPDX-License-Identifier: Apache-2.0
// Core/Style: the statistical model. The viewpoints that a selection chooses from.

extension PredictedProperty {
  /// What a style may predict this property with, the standard viewpoints among them. Of the event that is predicted a
  /// candidate uses only what is decided before this property when music is composed.
  public var candidates: [Viewpoint] {
    let all =
      switch self {
      case .rhythm: Self.rhythmCandidates
      case .pitch: Self.intervalCandidates + Self.tonalCandidates
      case .chord: Self.chordCandidates
      case .duration: Self.durationCandidates
      case .lowDuration: Self.lowDurationCandidates
      case .velocity: Self.velocityCandidates
      case .deviation: Self.deviationCandidates
      case .balance: Self.chordExpressionCandidates(.balance)
      case .spread: Self.chordExpressionCandidates(.spread)
      }
    return all + Viewpoint.standard.filter { targets.contains($0.target) && !all.contains($0) }
  }

  private typealias Steps = [(Attribute, UInt8)]

  private static func viewpoints(_ target: Viewpoint.Target, _ contexts: [Steps]) -> [Viewpoint] {
    contexts.map { context in Viewpoint(target, context.map { Viewpoint.Step($0.0, $0.1) }) }
  }

  /// `attribute` of the event before, of the one before that, and so on.
  private static func chain(_ attribute: Attribute, _ count: UInt8) -> Steps { (1...count).map { (attribute, $0) } }

  private static let rhythmCandidates = viewpoints(
    .interOnset,
    [
      chain(.interOnset, 7), chain(.interOnset, 3), [(.beat, 1)] + chain(.interOnset, 6),
      [(.bar, 1)] + chain(.interOnset, 6), [(.bar, 1), (.bar, 2), (.bar, 3), (.bar, 4)],
      [(.beat, 1), (.beat, 2), (.beat, 3), (.beat, 4)], [(.above, 1), (.beat, 1)] + chain(.interOnset, 3),
      [(.bar, 1), (.above, 1)] + chain(.interOnset, 2),
    ])

  private static let linked: Steps = [
    (.interval, 1), (.interOnset, 1), (.interval, 2), (.interOnset, 2), (.interval, 3), (.interOnset, 3),
  ]

  private static let intervalCandidates = viewpoints(
    .interval,
    [
      chain(.interval, 7), chain(.interval, 2), [(.degree, 1)] + chain(.interval, 6),
      [(.pitch, 1)] + chain(.interval, 6),
      [(.degree, 1), (.interOnset, 0)] + linked, [(.interOnset, 0)] + linked,
      [(.interOnset, 0), (.nextInterOnset, 0)] + linked,
      [(.degree, 1), (.nextInterOnset, 0), (.interOnset, 0)] + linked,
      [(.pitch, 1), (.interOnset, 0)] + linked, [(.degree, 1), (.beat, 0), (.interOnset, 0)] + linked,
      [(.degree, 1), (.bar, 0)] + chain(.interval, 5), [(.degree, 1), (.beat, 0)] + chain(.interval, 5),
      [(.bar, 0)] + chain(.interval, 5), [(.above, 0), (.degree, 1)] + chain(.interval, 3),
      [(.degree, 1), (.above, 0), (.beat, 0), (.interval, 1)],
      [(.degree, 1), (.contour, 1), (.contour, 2), (.contour, 3)],
      [(.degree, 1), (.degree, 2), (.degree, 3), (.degree, 4)],
      [(.degree, 1), (.shape, 1), (.interval, 1), (.shape, 2)],
      [(.degree, 1), (.duration, 1), (.interval, 1)], [(.degree, 1), (.velocity, 1), (.interval, 1)],
      [(.interval, 1), (.shape, 1), (.size, 1)], [(.key, 0), (.pitch, 1)] + chain(.interval, 4),
    ])

  private static let tonalCandidates =
    viewpoints(
      .tonal,
      [
        [(.beat, 0), (.bar, 0)], [(.bar, 0)], [(.contour, 1)], [(.above, 0), (.beat, 0)], chain(.tonal, 4),
        [(.bar, 0), (.tonal, 1)], [(.interOnset, 0), (.beat, 0), (.contour, 1)],
      ])
    + viewpoints(
      .pitch, [[(.key, 0)], chain(.pitch, 5), [(.key, 0), (.contour, 1)], [(.pitch, 1), (.interOnset, 0), (.bar, 0)]])

  private static let chordCandidates = viewpoints(
    .gap,
    [
      [(.gap, 0), (.shapeSoFar, 0), (.shape, 1), (.interval, 0), (.shape, 2), (.bar, 0)],
      [(.count, 0), (.size, 1), (.shapeSoFar, 0), (.degree, 0), (.shape, 1)],
      [(.degree, 0), (.shapeSoFar, 0), (.bar, 0), (.above, 0)], [(.shapeSoFar, 0), (.degree, 0), (.interOnset, 0)],
      [(.shapeSoFar, 0), (.nextInterOnset, 0), (.beat, 0), (.size, 1)],
      [(.shapeSoFar, 0), (.beat, 0), (.size, 1), (.size, 2)],
      [(.shapeSoFar, 0), (.shape, 1), (.degree, 0), (.interval, 0)], [(.shapeSoFar, 0), (.pitch, 0), (.key, 0)],
      [(.shapeSoFar, 0), (.above, 0), (.degree, 0), (.bar, 0)],
    ])

  private static let durationCandidates = viewpoints(
    .duration,
    [
      [(.nextInterOnset, 0), (.duration, 1), (.size, 0), (.beat, 0)],
      [(.nextInterOnset, 0), (.beat, 0), (.duration, 1)],
      [(.nextInterOnset, 0), (.interOnset, 0), (.duration, 1), (.duration, 2)],
      [(.nextInterOnset, 0), (.shape, 0), (.bar, 0)],
      [(.nextInterOnset, 0), (.interval, 0), (.duration, 1)],
      [(.nextInterOnset, 0), (.duration, 1), (.nextInterOnset, 1)],
    ])

  private static let lowDurationCandidates = viewpoints(
    .lowDuration,
    [
      [(.duration, 0), (.lowDuration, 1), (.nextInterOnset, 0)], [(.duration, 0), (.nextInterOnset, 0), (.beat, 0)],
      [(.duration, 0), (.shape, 0), (.lowDuration, 1)], [(.lowDuration, 1), (.lowDuration, 2), (.duration, 0)],
    ])

  private static let velocityCandidates = viewpoints(
    .velocity,
    [
      [(.velocity, 1), (.velocity, 2), (.velocity, 3)], [(.bar, 0), (.velocity, 1), (.contour, 0)],
      [(.beat, 0), (.velocity, 1), (.velocity, 2)], [(.velocity, 1), (.contour, 0), (.duration, 0)],
      [(.velocity, 1), (.size, 0), (.beat, 0)], [(.velocity, 1), (.interOnset, 0), (.nextInterOnset, 0)],
      [(.velocity, 1), (.interval, 0), (.velocity, 2)],
    ])

  private static let deviationCandidates = viewpoints(
    .deviation,
    [
      [(.beat, 0), (.size, 0), (.interOnset, 0)], [(.deviation, 1), (.beat, 0), (.interOnset, 0)],
      [(.deviation, 1), (.deviation, 2)], [(.bar, 0), (.velocity, 0)],
      [(.nextInterOnset, 0), (.interOnset, 0), (.beat, 0)],
    ])

  private static func chordExpressionCandidates(_ target: Viewpoint.Target) -> [Viewpoint] {
    let own: Attribute = target == .balance ? .balance : .spread
    return viewpoints(
      target,
      [
        [(.size, 0), (.beat, 0)], [(own, 1), (.size, 0), (.beat, 0)], [(.shape, 0), (own, 1)],
        [(.velocity, 0), (.size, 0)],
      ])
  }
}
