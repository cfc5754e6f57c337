// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: the rows of the table that say how to play together.
import Music

extension CommandName {
  /// The row of a command about the way of playing.
  var playing: CommandDescription {
    switch self {
    case .mode:
      row(.play, "Play in another way from now on", [Self.modeName], result: "an empty object")
    case .role:
      row(.play, "Say who is in front", [Self.roleName], result: "an empty object")
    case .bars:
      row(.play, "Say how many bars a turn has in the mode trade", [Self.barCount], result: "an empty object")
    case .variation:
      row(.play, "Say how the mode transform chooses", [Self.variationChoice], result: "an empty object")
    case .chart:
      row(
        .play, "Play these chords from your next note on, round and round", [Self.chartLine], result: "an empty object")
    case .morph:
      row(
        .play, "Move the mode morph between the style and you",
        [Self.share("to", "0 is the style, 1 is you"), Self.over],
        result: "an empty object")
    case .setParameter:
      row(
        .play, "Move what a wheel or a knob could move",
        [Self.parameter, Self.share("value", "the share of its range")],
        result: "an empty object")
    case .answer:
      row(.play, "Answer what has been played so far, at once", result: "an empty object")
    case .stop:
      row(.play, "Be silent until the next phrase begins", result: "an empty object")
    case .tap:
      row(.play, "Tap the beat; from the third tap on it is the tempo", result: "an empty object")
    case .midiLearn:
      row(
        .play, "Give a parameter to the next controller that moves", [Self.parameter], result: "an empty object")
    default: preconditionFailure("\(rawValue) is no command about the way of playing")
    }
  }

  private static let modeName = ArgumentDescription(
    name: "name", kind: .choice(PlayingMode.allCases.map(\.rawValue)), isRequired: true,
    explanation: PlayingMode.allCases.map { "`\($0.rawValue)` \($0.explanation)" }.joined(separator: "; "))

  private static let roleName = ArgumentDescription(
    name: "name", kind: .choice(Role.allCases.map(\.rawValue) + ["auto"]), isRequired: true,
    explanation: "auto: as the mode would have it")

  private static let barCount = ArgumentDescription(
    name: "count", kind: .number(1...64), isRequired: true, explanation: "whole bars")

  private static let variationChoice = ArgumentDescription(
    name: "choice", kind: .choice(VariationChoice.allCases.map(\.rawValue)), isRequired: true,
    explanation: VariationChoice.allCases.map { "`\($0.rawValue)`: \($0.explanation)" }.joined(separator: "; "))

  private static let chartLine = ArgumentDescription(
    name: "chart", kind: .text(longest: 16384), isRequired: true,
    explanation: "metre and bars in one line, like a chart's with the metre in front; `none`: what is heard counts")

  private static let parameter = ArgumentDescription(
    name: "parameter", kind: .choice(Parameter.allCases.map(\.rawValue)), isRequired: true,
    explanation: "what is moved; answer, stop, tap and panic are pressed at 1")

  private static func share(_ name: String, _ explanation: String) -> ArgumentDescription {
    ArgumentDescription(name: name, kind: .number(0...1), isRequired: true, explanation: explanation)
  }
}
