// SPDX-License-Identifier: Apache-2.0
// Core/Listening: what is assumed about beats, as tables.
import Glibc

/// The figures of `BeatLattice`; probabilities as logarithms. Those that `BeatPath` has too mean the same there.
struct LatticeParameters: Sendable {
  /// How far onsets are played from where they are meant: in seconds, and as a share of the beat.
  var jitter = 0.02
  var looseness = 0.02
  /// Change of a beat's length from one to the next, as standard deviation of its logarithm; beyond `bend` deviations it
  /// costs linearly.
  var rubato = 0.07
  var bend = 0.8
  /// The usual length of a beat, in seconds, its deviation in octaves, and what that weighs a beat.
  var usual = 0.6
  var range = 1.14
  var habit = 0.57
  /// An onset that stands nowhere, a beat without an onset, a beat at all, a change of division.
  var astray = -4.3
  var empty = -0.8
  var beat = -0.21
  var change = -5.1

}

/// What of the lattice does not change: some 100 kB, made once.
struct LatticeTables: Sendable {
  typealias Lanes = SIMD8<Float>
  static let lanes = 8

  /// Seconds.
  static let frame = 0.016
  static let shared = LatticeTables(LatticeParameters())

  let parameters: LatticeParameters
  /// In frames, 4 % apart: 250 to 37 beats a minute.
  let periods: [Int]
  /// Where each period's slots begin, and how many slots there are: each period's are filled up to whole lanes.
  let starts: [Int]
  let slots: Int
  /// How near a place is, for each age, twice over: `twice[k] + age` for ages up to twice the period. Beat, half, quarter,
  /// third.
  let near: [Float]
  /// How many of them there are of each kind.
  let places: Int
  /// 1 for the slots that a period has, 0 for those that fill up its lanes.
  let inside: [Float]
  let twice: [Int]
  /// How likely each period (column) follows each (row), rows filled up to whole lanes; with what a beat of that length is
  /// worth.
  let follows: [Float]
  let columns: Int
  let worth: [Float]
  let (empty, change, astray): (Float, Float, Float)

  init(_ parameters: LatticeParameters) {
    self.parameters = parameters
    let periods = Self.periods()
    self.periods = periods
    func filled(_ count: Int) -> Int { (count + Self.lanes - 1) / Self.lanes * Self.lanes }
    starts = periods.indices.map { index in periods[..<index].reduce(0) { $0 + filled($1) } }
    slots = periods.reduce(0) { $0 + filled($1) }
    twice = periods.indices.map { index in periods[..<index].reduce(0) { $0 + 2 * $1 + Self.lanes } }
    let (jitter, looseness) = (parameters.jitter, parameters.looseness)
    near = [[0.0, 1], [0.5], [0.25, 0.75], [1 / 3.0, 2 / 3.0]].flatMap { places in
      periods.flatMap { Self.nearness(of: places, $0, jitter, looseness) }
    }
    places = periods.reduce(0) { $0 + 2 * $1 + Self.lanes }
    inside = periods.flatMap { period in (0..<filled(period)).map { $0 < period ? 1 : 0 } }
    let worth = periods.map { period in
      let octaves = log2(Double(period) * Self.frame / parameters.usual) / parameters.range
      return Float(exp(parameters.beat - 0.5 * parameters.habit * octaves * octaves))
    }
    columns = filled(periods.count)
    follows = Self.follows(periods, worth, filled(periods.count), parameters)
    self.worth = worth
    (empty, change) = (Float(exp(parameters.empty)), Float(exp(parameters.change)))
    astray = Float(exp(parameters.astray))
  }

  private static func periods() -> [Int] {
    var (periods, period): ([Int], Double) = ([], 0.24 / frame)
    while period <= 1.6 / frame {
      if periods.last != Int(period.rounded()) { periods.append(Int(period.rounded())) }
      period *= 1.04
    }
    return periods
  }

  private static func nearness(
    of places: [Double], _ period: Int, _ jitter: Double, _ looseness: Double
  ) -> [Float] {
    let loose = looseness * Double(period) * frame
    let deviation = (jitter * jitter + loose * loose).squareRoot() / frame
    return (0..<2 * period + lanes).map { twice in
      let age = Double(twice % period)
      let distance = places.map { abs(age - $0 * Double(period)) }.min() ?? 0
      return Float(exp(-0.5 * distance * distance / (deviation * deviation)))
    }
  }

  private static func follows(
    _ periods: [Int], _ worth: [Float], _ columns: Int, _ parameters: LatticeParameters
  ) -> [Float] {
    periods.flatMap { former in
      var row = periods.map { period in
        let size = abs(log(Double(period) / Double(former))) / parameters.rubato
        let bend = parameters.bend
        return size > 7 ? 0 : Float(exp(size < bend ? -0.5 * size * size : -0.5 * bend * bend - bend * (size - bend)))
      }
      let sum = row.reduce(0, +)
      for index in row.indices { row[index] *= worth[index] / sum }
      return row + [Float](repeating: 0, count: columns - row.count)
    }
  }
}
