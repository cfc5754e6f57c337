// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: the likeliest beats.
import Glibc

/// The likeliest row of beats through a stretch of music, by dynamic programming over the time of each beat, its length and
/// its division (in two or in three): a semi-Markov chain whose segments are beats. The tempo's part is after Raphael
/// ("Automated rhythm transcription", ISMIR 2001), the search after Ellis ("Beat tracking by dynamic programming", Journal
/// of New Music Research 36(1), 2007), widened by the length of the beat, so that tempo bends and its level is free.
/// O(frames x periods x (onsets a beat + changes)); a byte of memory for each frame and state.
struct BeatPath {
  struct Beat: Hashable, Sendable {
    /// Seconds, on the scale of the onsets.
    var time: Double
    /// Divided in three.
    var isTriple: Bool
  }

  /// Seconds.
  static let frame = 0.010
  /// Periods in frames, some 3.5 % apart: 270 to 33 beats a minute.
  static let periods: [Int] = {
    var periods: [Int] = []
    var period = 22.0
    while period <= 182 {
      if periods.last != Int(period.rounded()) { periods.append(Int(period.rounded())) }
      period *= 1.035
    }
    return periods
  }()
  /// How many periods up and down the next beat may have.
  private static let reach = 12
  /// States are periods, each with both divisions.
  private static let states = periods.count * 2
  /// An origin: the row of beats begins here.
  private static let beginning = UInt8.max
  /// Before the first onset, in seconds.
  private static let lead = 2.0

  private let parameters: BeatParameters
  private let times: [Double]
  /// What `OnsetNetwork` says of each onset.
  private let places: [Float]
  private let frames: Int
  /// First onset at or after each frame.
  private let following: [Int]

  /// `times` of onsets in order, in seconds; `places` as `OnsetNetwork.logarithms` gives them.
  init(_ times: [Double], _ places: [Float], _ parameters: BeatParameters = BeatParameters()) {
    self.parameters = parameters
    self.places = places
    let shift = Self.lead - (times.first ?? 0)
    let shifted = times.map { $0 + shift }
    self.times = shifted
    frames = Int((shifted.last ?? 0) / Self.frame) + 200
    var following: [Int] = []
    var next = 0
    for frame in 0...frames {
      while next < shifted.count, shifted[next] < Double(frame) * Self.frame { next += 1 }
      following.append(next)
    }
    self.following = following
  }

  /// From no later than the first onset to no earlier than the last; empty for none.
  func beats(from start: Double) -> [Beat] {
    guard let last = times.last else { return [] }
    var search = Search(states: Self.states, frames: frames, depth: Self.periods[Self.periods.count - 1] + 1)
    let costs = changeCosts()
    let habits = Self.periods.map(habit)
    var end: (score: Float, frame: Int, state: Int)?
    for frame in 0...frames {
      score(frame, habits, &search)
      enter(frame, costs, &search)
      guard Double(frame) * Self.frame >= last else { continue }
      for state in 0..<Self.states where Double(frame - Self.periods[state / 2]) * Self.frame <= last {
        if search.best[state] > end?.score ?? -.infinity { end = (search.best[state], frame, state) }
      }
    }
    guard let end else { return [] }
    return path(search.origins, end.frame, end.state).map {
      Beat(time: Double($0.frame) * Self.frame - Self.lead + start, isTriple: $0.state % 2 == 1)
    }
  }

  /// What the search keeps.
  private struct Search {
    /// Scores of the states at this frame, and whether the row of beats begins with them.
    var best: [Float]
    var begins: [Bool]
    /// Scores of entering each state, for the last `depth` frames.
    var entered: [Float]
    /// The state before each, for every frame.
    var origins: [UInt8]
    let depth: Int

    init(states: Int, frames: Int, depth: Int) {
      best = [Float](repeating: -.infinity, count: states)
      begins = [Bool](repeating: false, count: states)
      entered = [Float](repeating: -.infinity, count: states * depth)
      origins = [UInt8](repeating: beginning, count: states * (frames + 1))
      self.depth = depth
    }
  }

  // MARK: Scores

  private func habit(_ period: Int) -> Double {
    let octaves = log2(Double(period) * Self.frame / parameters.usual) / parameters.range
    return parameters.beat - 0.5 * parameters.habit * octaves * octaves
  }

  /// What it costs that one period follows another, from `reach` down to `reach` up.
  private func changeCosts() -> [[Float]] {
    Self.periods.indices.map { index in
      (-Self.reach...Self.reach).map { offset in
        guard Self.periods.indices.contains(index + offset) else { return -.infinity }
        let size = abs(log(Double(Self.periods[index]) / Double(Self.periods[index + offset]))) / parameters.rubato
        let bend = parameters.bend
        return Float(size < bend ? -0.5 * size * size : -0.5 * bend * bend - bend * (size - bend))
      }
    }
  }

  /// Scores of beats that end at `frame`.
  private func score(_ frame: Int, _ habits: [Double], _ search: inout Search) {
    for (index, period) in Self.periods.enumerated() {
      let begin = frame - period
      let row = (begin % search.depth) * Self.states + index * 2
      for division in 0..<2 {
        let before = begin < 0 ? -Float.infinity : search.entered[row + division]
        let isPossible = before > -.infinity
        search.best[index * 2 + division] =
          isPossible ? before + Float(segment(begin, period, division) + habits[index]) : before
      }
    }
    // Beats begin at any time up to the first few seconds.
    let isEarly = frame < Int((Self.lead + 3) / Self.frame)
    let skipped = Float(Double(following[frame]) * (parameters.astray - 1))
    for state in 0..<Self.states {
      search.begins[state] = isEarly && skipped > search.best[state]
      if search.begins[state] { search.best[state] = skipped }
    }
  }

  /// What each state can best follow at `frame`.
  private func enter(_ frame: Int, _ costs: [[Float]], _ search: inout Search) {
    let (row, origins) = ((frame % search.depth) * Self.states, frame * Self.states)
    let change = Float(parameters.change)
    let count = Self.periods.count
    for division in 0..<2 {
      // The better division of each period before.
      let candidates = (0..<count).map { index in
        let (same, other) = (search.best[index * 2 + division], search.best[index * 2 + 1 - division] + change)
        return same >= other ? (same, index * 2 + division) : (other, index * 2 + 1 - division)
      }
      for index in 0..<count {
        var (highest, source) = (-Float.infinity, 0)
        for other in max(0, index - Self.reach)...min(count - 1, index + Self.reach) {
          let score = candidates[other].0 + costs[index][other - index + Self.reach]
          if score > highest { (highest, source) = (score, candidates[other].1) }
        }
        search.entered[row + index * 2 + division] = highest
        search.origins[origins + index * 2 + division] = search.begins[source] ? Self.beginning : UInt8(source)
      }
    }
  }

  private static let duple: [(Double, OnsetNetwork.Place)] = [
    (0, .beat), (0.5, .half), (0.25, .quarter), (0.75, .quarter),
  ]
  private static let triple: [(Double, OnsetNetwork.Place)] = [(0, .beat), (1 / 3.0, .third), (2 / 3.0, .third)]

  /// The onsets of the beat of `period` frames from frame `start` on, without that of the next beat.
  private func segment(_ start: Int, _ period: Int, _ division: Int) -> Double {
    let length = Double(period) * Self.frame
    let loose = parameters.looseness * length
    let deviation = (parameters.jitter * parameters.jitter + loose * loose).squareRoot()
    let reach = min(0.12 * length, 3 * deviation)
    let begin = Double(start) * Self.frame
    let end = begin + length - reach
    var index = following[max(0, start - Int(reach / Self.frame))]
    var (score, isEmpty) = (0.0, true)
    while index < times.count, times[index] < end {
      let offset = times[index] - begin
      var highest = parameters.astray
      for (place, kind) in division == 0 ? Self.duple : Self.triple {
        let distance = (offset - place * length) / deviation
        let value = Double(places[index * OnsetNetwork.places + kind.rawValue]) - 0.5 * distance * distance
        guard value > highest else { continue }
        highest = value
        if kind == .beat { isEmpty = false }
      }
      score += highest
      index += 1
    }
    return isEmpty ? score + parameters.empty : score
  }

  private func path(_ origins: [UInt8], _ frame: Int, _ state: Int) -> [(frame: Int, state: Int)] {
    var path = [(frame: frame, state: state)]
    var (frame, state) = (frame, state)
    while frame >= Self.periods[state / 2] {
      frame -= Self.periods[state / 2]
      let origin = origins[frame * Self.states + state]
      guard origin != Self.beginning else {
        path.append((frame, state))
        break
      }
      state = Int(origin)
      path.append((frame, state))
    }
    return path.reversed()
  }
}
