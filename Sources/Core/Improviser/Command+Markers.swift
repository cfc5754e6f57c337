// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: commands as a take's markers tell them, so that a replay gives them again.
import Music
import Scores

extension Command {
  /// In words that give the very same command back; nil for changes of style and of player, which `StyleChange` tells.
  public var marker: String? {
    switch self {
    case .panic: Take.Marker.panic
    case .mode(let mode): "mode \(mode.rawValue)"
    case .role(let role): "role \(role?.rawValue ?? "auto")"
    case .bars(let bars): "bars \(bars)"
    case .countIn(let isOn): "count-in \(isOn ? "on" : "off")"
    case .variation(let choice): "variation \(choice.rawValue)"
    case .chart(let chart): "chart \(chart?.line ?? "none")"
    case .move(let parameter, let share): "set-\(parameter.rawValue) \(share)"
    case .morph(let share, let length): "morph \(share) over \(length.seconds)"
    case .tap: "tap"
    case .clock(let state): "clock \(state)"
    case .answer: "answer"
    case .stop: "stop"
    case .learn(let parameter): "learn-\(parameter.rawValue)"
    case .controls(let assignments): "controls \(assignments)"
    case .keys(let keys): "keys \(keys.lowerBound.number)-\(keys.upperBound.number)"
    case .keyboards(let use): "keyboards \(use.rawValue)"
    case .use, .mix, .player, .playerAt, .nothing: nil
    }
  }

  /// The marker as it has to be told `duration` later for the same effect: a clock has gone on.
  public static func marker(_ text: String, later duration: Duration) -> String {
    guard case .clock(let state) = Command(marker: text) else { return text }
    return Command.clock(state.later(by: duration)).marker ?? text
  }

  /// Nil for any other marker.
  public init?(marker: String) {
    let words = marker.split(separator: " ", maxSplits: 1).map(String.init)
    guard let word = words.first else { return nil }
    let rest = words.count > 1 ? words[1] : ""
    switch (word, words.count) {
    case (Take.Marker.panic, 1): self = .panic
    case ("tap", 1): self = .tap
    case ("answer", 1): self = .answer
    case ("stop", 1): self = .stop
    case ("mode", 2):
      guard let mode = PlayingMode(rawValue: rest) else { return nil }
      self = .mode(mode)
    case ("role", 2):
      guard rest == "auto" || Role(rawValue: rest) != nil else { return nil }
      self = .role(Role(rawValue: rest))
    case ("bars", 2):
      guard let bars = Int(rest) else { return nil }
      self = .bars(bars)
    case ("chart", 2):
      if rest == "none" {
        self = .chart(nil)
      } else if let chart = try? ChordChart(line: rest) {
        self = .chart(chart)
      } else {
        return nil
      }
    case ("count-in", 2):
      guard rest == "on" || rest == "off" else { return nil }
      self = .countIn(rest == "on")
    case ("variation", 2):
      guard let choice = VariationChoice(rawValue: rest) else { return nil }
      self = .variation(choice)
    case ("controls", 2):
      guard let assignments = ControlAssignments(rest) else { return nil }
      self = .controls(assignments)
    case ("keyboards", 2):
      guard let use = KeyboardUse(rawValue: rest) else { return nil }
      self = .keyboards(use)
    case ("keys", 2):
      guard let keys = Self.keys(rest) else { return nil }
      self = .keys(keys)
    case ("clock", 2):
      guard let state = ClockState(rest) else { return nil }
      self = .clock(state)
    default:
      guard let command = Self.moved(word, rest) else { return nil }
      self = command
    }
  }

  private static func keys(_ text: String) -> ClosedRange<Pitch>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0).flatMap(Pitch.init) }
    guard ends.count == 2, let lowest = ends[0], let highest = ends[1], lowest <= highest else { return nil }
    return lowest...highest
  }

  private static func moved(_ word: String, _ rest: String) -> Command? {
    if word == "morph" {
      let words = rest.split(separator: " ")
      guard words.count == 3, words[1] == "over", let share = Double(words[0]), let seconds = Double(words[2]),
        (0...86400).contains(seconds)
      else { return nil }
      return .morph(share, over: .seconds(seconds))
    }
    let name = word.split(separator: "-", maxSplits: 1).map(String.init)
    guard name.count == 2, let parameter = Parameter(rawValue: name[1]) else { return nil }
    switch name[0] {
    case "learn": return .learn(parameter)
    case "set": return Double(rest).map { .move(parameter, $0) }
    default: return nil
    }
  }

  /// What is asked for once, and not a state that lasts.
  public var isMomentary: Bool {
    switch self {
    case .panic, .tap, .answer, .stop, .learn, .nothing: true
    case .move(let parameter, _): parameter.isButton
    default: false
    }
  }
}
