// SPDX-License-Identifier: Apache-2.0
// Core/Style: leading a melody to its ending.
import Music

/// How well each pitch leads to an ending in so many steps: a backward pass over the first-order projection of the
/// mixture's melodic intervals (Pachet, Roy and Barbieri, "Finite-length Markov processes with constraints", IJCAI
/// 2011, section 4). For the last note it is the constraint itself, so the ending is exact; before, it steers.
struct EndingGuide {
  /// Steps ahead that are looked at; further away every pitch leads to an ending about as well.
  private static let horizon = 8

  private let request: ContinuationRequest
  private let low: Int
  private let high: Int
  private let isWanted: Bool
  private var tables: [[Double]] = []

  init(request: ContinuationRequest, isHighest: Bool) {
    self.request = request
    low = Int(request.range.lowerBound.number)
    high = Int(request.range.upperBound.number)
    isWanted = isHighest && !request.endings.isEmpty
    if isWanted {
      let goal = (low...high).map { pitch in
        request.endings.firstIndex(of: PitchClass(pitch)).map { 1 / Double($0 + 1) } ?? 0
      }
      if goal.contains(where: { $0 > 0 }) { tables = [goal] }
    }
  }

  /// Whether an ending was asked for that no pitch of the range is.
  var isImpossible: Bool { tables.isEmpty && isWanted }

  /// O(horizon * range * intervals).
  mutating func prepare(_ predictor: inout Predictor, player: borrowing PlayerModel, steps: Int) {
    guard !tables.isEmpty else { return }
    let place = Predictor.Place(event: EventBytes(), index: 0, events: [], former: 60, role: .highest)
    predictor.predict([.interval], place, outcomes: 49, player: player) { $1 - 24 + 128 }
    let intervals = Array(predictor.probabilities.prefix(49))
    for step in 1..<max(2, min(steps, Self.horizon)) {
      let next = tables[step - 1]
      var table = [Double](repeating: 0, count: high - low + 1)
      for index in table.indices {
        for interval in max(-24, -index)...min(24, high - low - index) {
          table[index] += intervals[interval + 24] * next[index + interval]
        }
      }
      let highest = table.max() ?? 0
      tables.append(highest > 0 ? table.map { $0 / highest } : table)
    }
  }

  func weight(of pitch: Int, remaining: Int) -> Double {
    remaining < tables.count ? tables[remaining][pitch - low] : 1
  }
}
