// SPDX-License-Identifier: Apache-2.0
// Core/Listening: how likely each beat is, at each tempo.
import Glibc

/// How likely it is that the beat began so many frames ago and lasts so many, and is divided in two or in three: a hidden
/// semi-Markov chain whose segments are beats, filtered forwards (Rabiner, "A tutorial on hidden Markov models", Proceedings
/// of the IEEE 77(2), 1989, sections III and IV.D), over the states of Krebs, Böck and Widmer ("An efficient state-space
/// model for joint tempo and meter tracking", ISMIR 2015): tempo changes only from beat to beat, so that within a beat
/// nothing but its age changes, and a frame costs no more than what begins in it. It is the running counterpart of
/// `BeatPath`. A frame costs O(periods that may end in it x periods), an onset O(states); memory is fixed.
struct BeatLattice: Sendable {
  /// A beat that lasts, in seconds on the scale of the onsets.
  struct Reading: Hashable, Sendable {
    var beat: Double
    var period: Double
  }

  /// After such a silence, in frames, beats are counted on without change.
  private static let patience = Int(2.5 / LatticeTables.frame)
  /// Less likely than this beside the likeliest is as good as impossible, and no less likely than `floor` is anything:
  /// so that what was wrong can be mended.
  private static let negligible: Float = 1e-7
  private static let floor: Float = 1e-9
  /// Onsets that belong to a beat may be so many frames late.
  private static let late = Int(0.06 / LatticeTables.frame)

  private let tables: LatticeTables
  /// Slots of each period: the one of age 0 is at its head, older ones follow, cyclically.
  private var duple: [Float]
  private var triple: [Float]
  private var heads: [Int]
  private var entering: [Float]
  /// The highest slot of each period, of both divisions together.
  private var peaks: [Float]
  private var sum: Float = 0
  private var frame = 0
  private var latest = 0

  init(_ tables: LatticeTables = .shared) {
    self.tables = tables
    duple = [Float](repeating: 0, count: tables.slots)
    triple = duple
    heads = [Int](repeating: 0, count: tables.periods.count)
    peaks = [Float](repeating: 0, count: tables.periods.count)
    entering = [Float](repeating: 0, count: 2 * tables.columns)
  }

  /// The first onset, in seconds; `usual` is the period that is expected. O(states).
  mutating func begin(_ onset: Double, usual: Double?) {
    frame = Int((onset / LatticeTables.frame).rounded())
    latest = frame
    for (index, period) in tables.periods.enumerated() {
      heads[index] = 0
      let prior = prior(index, usual)
      let start = tables.starts[index]
      for age in 0..<period {
        let (slot, place) = (tables.starts[index] + age, tables.twice[index] + age)
        func near(_ kind: Int) -> Float { tables.near[kind * tables.places + place] }
        duple[slot] = prior * (0.01 + 0.75 * near(0) + 0.15 * near(1) + 0.05 * near(2))
        triple[slot] = 0.2 * prior * (0.01 + 0.75 * near(0) + 0.2 * near(3))
      }
      peaks[index] = (start..<start + period).reduce(0) { max($0, duple[$1] + triple[$1]) }
    }
    normalize()
  }

  private func prior(_ index: Int, _ usual: Double?) -> Float {
    let general = tables.worth[index] * tables.worth[index]
    guard let usual else { return general }
    let octaves = log2(Double(tables.periods[index]) * LatticeTables.frame / usual) / 0.12
    return 0.05 * general + Float(exp(-0.5 * octaves * octaves))
  }

  // MARK: Time

  /// To which time has passed, in seconds.
  var now: Double { Double(frame) * LatticeTables.frame }

  /// After long silence time costs nothing.
  var isIdle: Bool { frame - latest >= Self.patience }

  /// Time passes to `now`, in seconds, without an onset. It does not matter in how many steps.
  mutating func advance(to now: Double) {
    let target = Int((now / LatticeTables.frame).rounded())
    while frame < target {
      guard !isIdle else {
        rotate(by: target - frame)
        frame = target
        return
      }
      step()
    }
  }

  /// Every beat that ends begins anew with the same length.
  private mutating func rotate(by frames: Int) {
    for (index, period) in tables.periods.enumerated() {
      let head = (heads[index] - frames) % period
      heads[index] = head < 0 ? head + period : head
    }
  }

  private mutating func step() {
    frame += 1
    enter()
    for index in heads.indices {
      heads[index] = (heads[index] == 0 ? tables.periods[index] : heads[index]) - 1
      let slot = tables.starts[index] + heads[index]
      duple[slot] = entering[index]
      triple[slot] = entering[tables.columns + index]
    }
    guard frame - latest > 2 * Self.late else { return }
    // Beats on which nothing was struck.
    for (index, period) in tables.periods.enumerated() {
      let place = heads[index] + Self.late
      let slot = tables.starts[index] + (place < period ? place : place - period)
      duple[slot] *= tables.empty
      triple[slot] *= tables.empty
    }
  }

  /// What ends in this frame goes over into what begins in it.
  private mutating func enter() {
    let columns = tables.columns
    for index in entering.indices { entering[index] = 0 }
    for index in tables.periods.indices {
      let period = tables.periods[index]
      let slot = tables.starts[index] + (heads[index] == 0 ? period : heads[index]) - 1
      let (two, three) = (duple[slot] + tables.change * triple[slot], triple[slot] + tables.change * duple[slot])
      guard two + three > Self.negligible else { continue }
      let row = index * columns
      tables.follows.withUnsafeBufferPointer { follows in
        entering.withUnsafeMutableBufferPointer { entering in
          for column in stride(from: 0, to: columns, by: LatticeTables.lanes) {
            let share = Self.lanes(follows, row + column)
            let former = UnsafeBufferPointer(entering)
            Self.store(Self.lanes(former, column) + two * share, entering, column)
            Self.store(Self.lanes(former, columns + column) + three * share, entering, columns + column)
          }
        }
      }
    }
    for index in tables.periods.indices {
      entering[index] = max(Self.floor, entering[index])
      entering[columns + index] = max(Self.floor, entering[columns + index])
    }
  }

  // MARK: Onsets

  /// An onset at `instant`, in seconds, to which time has passed; `places` as `CueNetwork` gives them.
  mutating func hear(_ instant: Double, _ places: SIMD4<Float>) {
    advance(to: instant)
    latest = frame
    let (tables, heads) = (tables, heads)
    peaks = duple.withUnsafeMutableBufferPointer { duple in
      triple.withUnsafeMutableBufferPointer { triple in
        tables.periods.indices.map { Self.weigh($0, head: heads[$0], places, tables, duple, triple) }
      }
    }
    normalize()
  }

  /// Multiplies the slots of a period by how well the onset stands in each; returns the highest. Lanes beyond the period
  /// are zero and stay so.
  private static func weigh(
    _ index: Int, head: Int, _ places: SIMD4<Float>, _ tables: LatticeTables,
    _ duple: UnsafeMutableBufferPointer<Float>, _ triple: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    typealias Lanes = LatticeTables.Lanes
    let (period, start) = (tables.periods[index], tables.starts[index])
    let offset = tables.twice[index] + (head == 0 ? 0 : period - head)
    var highest = Lanes()
    tables.near.withUnsafeBufferPointer { near in
      for lane in stride(from: 0, to: period, by: LatticeTables.lanes) {
        func at(_ place: Int) -> Lanes { lanes(near, place * tables.places + offset + lane) }
        let beat = tables.astray + places[0] * at(0)
        let two = lanes(UnsafeBufferPointer(duple), start + lane) * (beat + places[1] * at(1) + places[2] * at(2))
        let three = lanes(UnsafeBufferPointer(triple), start + lane) * (beat + places[3] * at(3))
        store(two, duple, start + lane)
        store(three, triple, start + lane)
        let both = two + three
        highest.replace(with: both, where: both .> highest)
      }
    }
    return highest.max()
  }

  /// In the unit of the highest, and nothing below the floor.
  private mutating func normalize() {
    let scale = 1 / max(.leastNormalMagnitude, peaks.max() ?? 1)
    for index in peaks.indices { peaks[index] *= scale }
    let inside = tables.inside
    sum = duple.withUnsafeMutableBufferPointer { Self.raise($0, scale, inside) }
    sum += triple.withUnsafeMutableBufferPointer { Self.raise($0, scale, inside) }
  }

  private static func raise(
    _ values: UnsafeMutableBufferPointer<Float>, _ scale: Float, _ inside: [Float]
  ) -> Float {
    var sums = LatticeTables.Lanes()
    inside.withUnsafeBufferPointer { inside in
      for slot in stride(from: 0, to: values.count, by: LatticeTables.lanes) {
        let (least, scaled) = (floor * lanes(inside, slot), lanes(UnsafeBufferPointer(values), slot) * scale)
        let value = scaled.replacing(with: least, where: scaled .< least)
        store(value, values, slot)
        sums += value
      }
    }
    return sums.sum()
  }

  private static func lanes(_ values: UnsafeBufferPointer<Float>, _ index: Int) -> LatticeTables.Lanes {
    UnsafeRawPointer(values.baseAddress! + index).loadUnaligned(as: LatticeTables.Lanes.self)
  }

  private static func store(_ lanes: LatticeTables.Lanes, _ values: UnsafeMutableBufferPointer<Float>, _ index: Int) {
    UnsafeMutableRawPointer(values.baseAddress! + index).storeBytes(of: lanes, as: LatticeTables.Lanes.self)
  }

  // MARK: Readings

  private func weight(_ index: Int, age: Int) -> Float {
    let period = tables.periods[index]
    let place = (heads[index] + age) % period
    let slot = tables.starts[index] + (place < 0 ? place + period : place)
    return duple[slot] + triple[slot]
  }

  /// The likeliest beat; where one near `expected` is no less likely than `hold` times it, that one.
  func reading(expected: Reading?, hold: Float) -> Reading {
    if let expected, let (index, age) = nearest(to: expected), weight(index, age: age) > hold {
      return mean(index, age)
    }
    let index = peaks.indices.max { peaks[$0] < peaks[$1] } ?? 0
    let age = (0..<tables.periods[index]).max { weight(index, age: $0) < weight(index, age: $1) } ?? 0
    return mean(index, age)
  }

  /// How likely a beat is beside the likeliest.
  func weight(of reading: Reading) -> Double {
    nearest(to: reading).map { Double(weight($0.index, age: $0.age)) } ?? 0
  }

  /// The likeliest state within two periods and three frames.
  private func nearest(to expected: Reading) -> (index: Int, age: Int)? {
    let length = expected.period / LatticeTables.frame
    guard let first = tables.periods.firstIndex(where: { Double($0) >= length * 0.97 }) else { return nil }
    let age = Int((Double(frame) - expected.beat / LatticeTables.frame).rounded())
    var best: (index: Int, age: Int, weight: Float)?
    for index in max(0, first - 2)...min(tables.periods.count - 1, first + 2) {
      for shift in -3...3 {
        let weight = weight(index, age: age + shift)
        if weight > best?.weight ?? 0 { best = (index, age + shift, weight) }
      }
    }
    return best.map { ($0.index, $0.age) }
  }

  /// Finer than the lattice: the mean of what lies around.
  private func mean(_ index: Int, _ age: Int) -> Reading {
    var (all, ages, periods) = (Float(0), Float(0), Float(0))
    for other in max(0, index - 2)...min(tables.periods.count - 1, index + 2) {
      for shift in -2...2 {
        let weight = weight(other, age: age + shift)
        all += weight
        ages += weight * Float(age + shift)
        periods += weight * Float(tables.periods[other])
      }
    }
    let seconds = LatticeTables.frame
    return Reading(
      beat: (Double(frame) - Double(ages / all)) * seconds, period: Double(periods / all) * seconds)
  }

  /// The share of what is likely that has beats where `told` has, or the other way round.
  func agreement(with told: Reading) -> Double {
    let (length, age) = (told.period / LatticeTables.frame, Double(frame) - told.beat / LatticeTables.frame)
    var agreeing: Float = 0
    for (index, period) in tables.periods.enumerated() where peaks[index] > 1e-4 {
      let ratio = Double(period) / length
      let count = max(1, (ratio > 1 ? ratio : 1 / ratio).rounded())
      guard count <= 4, abs((ratio > 1 ? ratio : 1 / ratio) / count - 1) < 0.12 else { continue }
      let width = max(1, Int(0.2 * min(length, Double(period))))
      for beat in 0..<(ratio > 1 ? Int(count) : 1) {
        let middle = Int((age + Double(beat) * length).rounded())
        for place in middle - width...middle + width { agreeing += weight(index, age: place) }
      }
    }
    return Double(min(1, agreeing / sum))
  }
}
