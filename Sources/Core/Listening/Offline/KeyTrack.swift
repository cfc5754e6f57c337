// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: keys and where they change.
import Glibc
import Music

/// The likeliest row of keys, by the Viterbi algorithm over spans of music: each key gives each pitch class a probability
/// of being there, and keys rarely change (Temperley, Music and Probability, 2007, ch. 6). O(spans x 24 x 24).
enum KeyTrack {
  private static let keys = Mode.allCases.flatMap { mode in PitchClass.all.map { Key(tonic: $0, mode: mode) } }
  /// That the key changes at all, and more for each fifth that it moves.
  private static let change = -5.0
  private static let fifth = -0.6

  /// `spans` holds the pitch-class weights of each span; nil for no notes at all.
  static func keys(of spans: [[Double]]) -> [Key]? {
    guard let first = spans.first, spans.contains(where: { $0.contains { $0 > 0 } }) else { return nil }
    var scores = keys.map { likelihood(first, $0) }
    var sources: [[Int]] = []
    for span in spans.dropFirst() {
      var next: [Double] = []
      var from: [Int] = []
      for (index, key) in keys.enumerated() {
        var (highest, source) = (scores[index], index)
        for (other, former) in keys.enumerated() where other != index {
          let score = scores[other] + change + fifth * Double(distance(former, key))
          if score > highest { (highest, source) = (score, other) }
        }
        next.append(highest + likelihood(span, key))
        from.append(source)
      }
      scores = next
      sources.append(from)
    }
    var state = scores.indices.max { scores[$0] < scores[$1] } ?? 0
    var path = [keys[state]]
    for from in sources.reversed() {
      state = from[state]
      path.append(keys[state])
    }
    return path.reversed()
  }

  /// How far two keys' signatures are from each other, in fifths.
  private static func distance(_ a: Key, _ b: Key) -> Int {
    func signature(_ key: Key) -> Int { (Int(key.tonic.number) + (key.mode == .minor ? 3 : 0)) * 7 % 12 }
    let steps = (signature(a) - signature(b) + 12) % 12
    return min(steps, 12 - steps)
  }

  /// Of a span in which each pitch class sounds so many seconds: it is there, hardly there, or not.
  private static func likelihood(_ span: [Double], _ key: Key) -> Double {
    let most = span.max() ?? 0
    guard most > 0 else { return 0 }
    return span.indices.reduce(0) { sum, number in
      let share = min(1, span[number] / (0.25 * most))
      let expected = KeyProfile.presence(of: PitchClass(number).semitones(above: key.tonic), in: key.mode)
      return sum + share * log(expected) + (1 - share) * log(1 - expected)
    }
  }
}
