// SPDX-License-Identifier: Apache-2.0
// Core/Style: the statistical model. What the pitches of melodies are predicted from.

/// The viewpoints of melodies, in order of their targets.
enum MelodyViewpoints {
  static func of(_ model: MelodyModel) -> [Viewpoint] {
    model == .full ? melodic + rhythmic + absolute : melodic + absolute
  }

  /// What a selection chooses from, those of `of` among them.
  static func candidates(_ model: MelodyModel) -> [Viewpoint] {
    let all = of(model) + furtherMelodic + (model == .full ? furtherRhythmic : [])
    return Viewpoint.Target.allCases.flatMap { target in all.filter { $0.target == target } }
  }

  private static func viewpoint(_ target: Viewpoint.Target, _ steps: (Attribute, UInt8)...) -> Viewpoint {
    Viewpoint(target, steps.map { Viewpoint.Step($0.0, $0.1) })
  }

  private static let melodic = [
    Viewpoint(.interval, (1...7).map { Viewpoint.Step(.interval, $0) }),
    viewpoint(.interval, (.pitch, 1), (.interval, 1), (.interval, 2), (.interval, 3), (.interval, 4), (.interval, 5)),
    viewpoint(.interval, (.degree, 1), (.interval, 1), (.interval, 2), (.interval, 3), (.interval, 4), (.interval, 5)),
    viewpoint(.interval, (.sinceFirst, 1), (.interval, 1)),
  ]

  private static let rhythmic = [
    viewpoint(
      .interval, (.interOnset, 0), (.interval, 1), (.interOnset, 1), (.interval, 2), (.interOnset, 2), (.interval, 3)),
    viewpoint(.interval, (.degree, 1), (.interOnset, 0), (.interval, 1), (.interOnset, 1), (.interval, 2)),
    viewpoint(.interval, (.degree, 1), (.bar, 0), (.interval, 1), (.interval, 2)),
    viewpoint(.interval, (.pitch, 1), (.interOnset, 0), (.interval, 1), (.interOnset, 1), (.interval, 2)),
    viewpoint(.tonal, (.bar, 0)),
  ]

  private static let absolute = [
    viewpoint(.tonal, (.contour, 1)),
    viewpoint(.pitch, (.key, 0), (.contour, 1)),
  ]

  private static let furtherMelodic = [
    viewpoint(.interval, (.interval, 1), (.interval, 2)),
    viewpoint(.interval, (.degree, 1), (.degree, 2), (.degree, 3), (.degree, 4)),
    viewpoint(.interval, (.degree, 1), (.contour, 1), (.contour, 2), (.contour, 3)),
    viewpoint(.interval, (.key, 0), (.pitch, 1), (.interval, 1), (.interval, 2)),
    viewpoint(.interval, (.sinceFirst, 1), (.degree, 1), (.interval, 1), (.interval, 2)),
    viewpoint(.interval, (.contour, 1), (.contour, 2), (.contour, 3), (.contour, 4), (.contour, 5)),
    viewpoint(.tonal, (.tonal, 1), (.tonal, 2), (.tonal, 3), (.tonal, 4)),
    viewpoint(.pitch, (.pitch, 1), (.pitch, 2), (.pitch, 3), (.pitch, 4), (.pitch, 5)),
  ]

  private static let furtherRhythmic = [
    viewpoint(.interval, (.bar, 0), (.interval, 1), (.interval, 2), (.interval, 3)),
    viewpoint(.interval, (.beat, 0), (.interOnset, 0), (.interval, 1), (.interval, 2), (.interval, 3)),
    viewpoint(.interval, (.degree, 1), (.beat, 0), (.interOnset, 0), (.interval, 1), (.interOnset, 1)),
    viewpoint(.interval, (.degree, 1), (.bar, 0), (.interOnset, 0), (.interval, 1)),
    viewpoint(.interval, (.sinceFirst, 1), (.bar, 0)),
    viewpoint(.interval, (.interOnset, 0), (.interOnset, 1), (.interOnset, 2), (.interval, 1)),
    viewpoint(.tonal, (.bar, 0), (.tonal, 1), (.tonal, 2)),
    viewpoint(.tonal, (.interOnset, 0), (.beat, 0), (.contour, 1)),
    viewpoint(.pitch, (.bar, 0), (.pitch, 1)),
  ]
}
