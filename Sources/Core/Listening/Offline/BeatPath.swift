// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: the likeliest beats.
import Glibc

/// The likeliest row of beats through a stretch of music, by dynamic programming over the time of each beat, its length and
/// its division (in two or in three): a semi-Markov chain whose segments are beats. The tempo's part is after Raphael
/// ("Automated rhythm transcription", ISMIR 2001), the search after Ellis ("Beat tracking by dynamic programming", Journal
/// of New Music Research 36(1), 2007), widened by the length of the beat, so that tempo bends and its level is free.
/// O(frames x periods x (onsets a beat + changes)), both divisions or eight periods at a time; a byte of memory for each
/// frame and state.
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

  private typealias Places = BeatShape.Places
  private typealias Lanes = SIMD8<Float>
  /// Periods, filled up to whole lanes.
  private static let columns = (periods.count + Lanes.scalarCount - 1) / Lanes.scalarCount * Lanes.scalarCount

  private let parameters: BeatParameters
  private let times: [Double]
  /// What `OnsetNetwork` says of each onset, for the places of beats that are divided in two and in three.
  private let duple: [Places]
  private let triple: [Places]
  /// The same for the odd sixths, which beats that are divided in three have too.
  private let sixth: [Double]
  /// Seconds to the nearer of the onsets beside each.
  private let gaps: [Double]
  /// Of each period.
  private let shapes: [BeatShape]
  private let frames: Int
  /// First onset at or after each frame.
  private let following: [Int]

  /// `times` of onsets in order, in seconds; `places` as `OnsetNetwork.logarithms` gives them.
  init(_ times: [Double], _ places: [Float], _ parameters: BeatParameters = BeatParameters()) {
    self.parameters = parameters
    func place(_ onset: Int, _ kind: OnsetNetwork.Place) -> Double {
      Double(places[onset * OnsetNetwork.places + kind.rawValue])
    }
    duple = times.indices.map {
      Places(place($0, .beat), place($0, .half), place($0, .quarter), place($0, .quarter))
    }
    triple = times.indices.map { Places(place($0, .beat), place($0, .third), place($0, .third), -.infinity) }
    sixth = times.indices.map { place($0, .quarter) + parameters.sixth }
    let intervals = [.infinity] + zip(times.dropFirst(), times).map { $0 - $1 } + [.infinity]
    gaps = times.indices.map { min(intervals[$0], intervals[$0 + 1]) }
    shapes = Self.periods.map { BeatShape($0, parameters) }
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
    var end: (score: Float, frame: Int, state: Int)?
    for frame in 0...frames {
      score(frame, &search)
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
    /// The better division of each period, with `reach` impossible ones on both sides, and which state that is.
    var candidates: [Float]
    var sources: [Int]
    let depth: Int

    init(states: Int, frames: Int, depth: Int) {
      best = [Float](repeating: -.infinity, count: states)
      begins = [Bool](repeating: false, count: states)
      entered = [Float](repeating: -.infinity, count: states * depth)
      origins = [UInt8](repeating: beginning, count: states * (frames + 1))
      candidates = [Float](repeating: -.infinity, count: columns + 2 * reach)
      sources = [Int](repeating: 0, count: periods.count)
      self.depth = depth
    }
  }

  // MARK: Scores

  /// What it costs that one period (column) follows the one that is `reach` below it, and so on up to `reach` above (row).
  private func changeCosts() -> [Float] {
    (-Self.reach...Self.reach).flatMap { offset in
      (0..<Self.columns).map { index in
        guard Self.periods.indices.contains(index), Self.periods.indices.contains(index + offset) else {
          return -.infinity
        }
        let size = abs(log(Double(Self.periods[index]) / Double(Self.periods[index + offset]))) / parameters.rubato
        let bend = parameters.bend
        return Float(size < bend ? -0.5 * size * size : -0.5 * bend * bend - bend * (size - bend))
      }
    }
  }

  /// Scores of beats that end at `frame`.
  private func score(_ frame: Int, _ search: inout Search) {
    for (index, period) in Self.periods.enumerated() {
      let begin = frame - period
      let row = (begin % search.depth) * Self.states + index * 2
      let (two, three) = begin < 0 ? (-Float.infinity, -.infinity) : (search.entered[row], search.entered[row + 1])
      guard max(two, three) > -.infinity else {
        (search.best[index * 2], search.best[index * 2 + 1]) = (two, three)
        continue
      }
      let own = segment(begin, shapes[index])
      search.best[index * 2] = two + Float(own.duple + shapes[index].habit)
      search.best[index * 2 + 1] = three + Float(own.triple + shapes[index].habit)
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
  private func enter(_ frame: Int, _ costs: [Float], _ search: inout Search) {
    let (row, origins) = ((frame % search.depth) * Self.states, frame * Self.states)
    let change = Float(parameters.change)
    for division in 0..<2 {
      // The better division of each period before.
      for index in Self.periods.indices {
        let (same, other) = (search.best[index * 2 + division], search.best[index * 2 + 1 - division] + change)
        search.candidates[Self.reach + index] = max(same, other)
        search.sources[index] = same >= other ? index * 2 + division : index * 2 + 1 - division
      }
      for column in stride(from: 0, to: Self.columns, by: Lanes.scalarCount) {
        let (highest, offsets) = Self.best(column, search.candidates, costs)
        for lane in 0..<min(Lanes.scalarCount, Self.periods.count - column) {
          let index = column + lane
          let isPossible = highest[lane] > -.infinity
          let source = isPossible ? search.sources[index + Int(offsets[lane]) - Self.reach] : 0
          search.entered[row + index * 2 + division] = highest[lane]
          search.origins[origins + index * 2 + division] = search.begins[source] ? Self.beginning : UInt8(source)
        }
      }
    }
  }

  /// For eight periods, the best of those before, and how far above `-reach` it is.
  private static func best(_ column: Int, _ candidates: [Float], _ costs: [Float]) -> (Lanes, SIMD8<Int32>) {
    var (highest, offsets) = (Lanes(repeating: -.infinity), SIMD8<Int32>())
    candidates.withUnsafeBytes { candidates in
      costs.withUnsafeBytes { costs in
        for offset in 0...2 * reach {
          func lanes(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Lanes {
            bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Float>.stride, as: Lanes.self)
          }
          let score = lanes(candidates, column + offset) + lanes(costs, offset * columns + column)
          let isBetter = score .> highest
          highest.replace(with: score, where: isBetter)
          offsets.replace(with: SIMD8(repeating: Int32(offset)), where: isBetter)
        }
      }
    }
    return (highest, offsets)
  }

  /// The onsets of a beat from frame `start` on, without that of the next beat, at places in two and in three.
  private func segment(_ start: Int, _ shape: BeatShape) -> (duple: Double, triple: Double) {
    let begin = Double(start) * Self.frame
    let end = begin + shape.length - shape.reach
    var index = following[max(0, start - Int(shape.reach / Self.frame))]
    var (two, three, isStruck) = (0.0, 0.0, false)
    var thirds = SIMDMask<SIMD4<Int64>>(repeating: false)
    while index < times.count, times[index] < end {
      let offset = Places(repeating: times[index] - begin)
      let (twos, threes) = ((offset - shape.duple) / shape.deviation, (offset - shape.triple) / shape.deviation)
      var (inTwo, inThree) = (duple[index] - 0.5 * twos * twos, triple[index] - 0.5 * threes * threes)
      let gap = Places(repeating: gaps[index])
      inTwo.replace(with: inTwo + parameters.alone, where: gap .> shape.nearDuple)
      inThree.replace(with: inThree + parameters.alone, where: gap .> shape.nearTriple)
      let odd = (offset - shape.sixths) / shape.deviation
      let inSixths = sixth[index] - 0.5 * (odd * odd).min() + (gaps[index] > shape.nearSixth ? parameters.alone : 0)
      two += max(parameters.astray, inTwo.max())
      three += max(parameters.astray, inThree.max(), inSixths)
      if inTwo[0] > parameters.astray { isStruck = true }
      thirds .|= inThree .> parameters.astray
      index += 1
    }
    if shape.isSlow, thirds[1], thirds[2] { three += parameters.full }
    return isStruck ? (two, three) : (two + parameters.empty, three + parameters.empty)
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
