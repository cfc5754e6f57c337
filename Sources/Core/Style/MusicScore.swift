// SPDX-License-Identifier: Apache-2.0
// Core/Style: how well music fits a style.
import Glibc
import Music

/// What music costs in bits when a mixture predicts it: the fewer a note, the more it is in style.
public struct MusicScore: Hashable, Sendable {
  /// Inter-onset intervals.
  public var rhythmBits = 0.0
  /// Highest notes of onset groups.
  public var pitchBits = 0.0
  /// Notes below them.
  public var shapeBits = 0.0
  /// Onset groups.
  public var events = 0
  public var notes = 0

  public init() {}

  public var bits: Double { rhythmBits + pitchBits + shapeBits }
  /// Not a number without events.
  public var bitsPerEvent: Double { bits / Double(events) }

  public static func + (a: MusicScore, b: MusicScore) -> MusicScore {
    var sum = a
    sum.rhythmBits += b.rhythmBits
    sum.pitchBits += b.pitchBits
    sum.shapeBits += b.shapeBits
    sum.events += b.events
    sum.notes += b.notes
    return sum
  }
}

extension StyleMixture {
  /// Predicts every event of `piece` from those before it; nothing is learned on the way. O(notes * viewpoints * log n).
  public func score(_ piece: Piece) -> MusicScore {
    EventReader(piece).sequences().reduce(MusicScore()) { $0 + score($1) }
  }

  /// The same for an answer; `context` is what was played before it and is not scored. Beat 0 of both is a downbeat.
  public func score(_ notes: [Note], after context: [Note] = [], key: Key?, timeSignature: TimeSignature? = nil)
    -> MusicScore
  {
    let bar = timeSignature?.bar
    let contexts = EventReader(context, key: key, bar: bar).sequences()
    return EventReader(notes, key: key, bar: bar).sequences().reduce(MusicScore()) { total, sequence in
      let before = contexts.first { $0.role == sequence.role } ?? EventSequence(role: sequence.role)
      return total + score(sequence, after: before)
    }
  }

  private func score(_ sequence: EventSequence, after context: EventSequence? = nil) -> MusicScore {
    var scorer = SequenceScorer(self, sequence, after: context ?? EventSequence(role: sequence.role))
    return scorer.score()
  }
}

/// Goes through one sequence.
private struct SequenceScorer {
  private let sequence: EventSequence
  private let events: [EventBytes]
  private let start: Int
  private var predictor: Predictor
  private let player = PlayerModel(capacity: 1, viewpoints: [])
  private var total = MusicScore()
  private var nextGap = 0

  init(_ mixture: StyleMixture, _ sequence: EventSequence, after context: EventSequence) {
    self.sequence = sequence
    predictor = Predictor(mixture)
    start = context.bytes.count
    var own = sequence.bytes
    if let last = context.bytes.last, !own.isEmpty {
      // The first event follows the context as the model sees it when it composes.
      own[0][.interOnset] = last[.interOnset]
      own[0].set(highest: Int(own[0][.pitch]) - 1, after: Int(last[.pitch]) - 1)
      own[0][.count] = own[0][.size]
    }
    events = context.bytes + own
  }

  mutating func score() -> MusicScore {
    for index in start..<events.count {
      total.events += 1
      if index > start { total.rhythmBits += rhythm(index) }
      total.pitchBits += pitch(index)
      total.shapeBits += shape(index)
    }
    return total
  }

  private func place(_ event: EventBytes, _ index: Int) -> Predictor.Place {
    Predictor.Place(
      event: event, index: index, events: events, former: index > 0 ? Int(events[index - 1][.pitch]) - 1 : -1,
      role: sequence.role)
  }

  private func bits(_ outcome: Int) -> Double { -log2(max(predictor.probabilities[outcome], 1e-12)) }

  private mutating func rhythm(_ index: Int) -> Double {
    let truth = Int(events[index][.interOnset])
    guard truth > 0 else { return 0 }
    predictor.predict([.interOnset], place(events[index], index), outcomes: RhythmClass.lengths.count, player: player) {
      $1 + 1
    }
    return bits(truth - 1)
  }

  private mutating func pitch(_ index: Int) -> Double {
    let event = events[index]
    let place = place(event, index)
    predictor.predict([.interval, .tonal, .pitch], place, outcomes: 128, player: player) {
      switch $0 {
      case .interval: $1 - place.former + 128
      case .tonal: Int(EventBytes.tonal(of: $1, key: event[.key]))
      default: $1 + 1
      }
    }
    return bits(Int(event[.pitch]) - 1)
  }

  private mutating func shape(_ index: Int) -> Double {
    var cursor = events[index]
    cursor[.gap] = 0
    cursor[.count] = 1
    cursor[.shapeSoFar] = 1
    var cost = 0.0
    for number in 1...max(1, Int(events[index][.size])) {
      total.notes += 1
      predictor.predict([.gap], place(cursor, index), outcomes: 128, player: player) { $1 }
      let gap = number < Int(events[index][.size]) ? sequence.gaps[nextGap] : 0
      cost += bits(Int(gap))
      if gap == 0 { break }
      nextGap += 1
      cursor.add(gap: gap)
    }
    return cost
  }
}
