// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: what a report measures.
import Dispatch
import Improviser
import Listening
import Music
import Scores
import Style
import Synchronization

/// A call, its answer and what was found, or an excerpt of a piece.
package struct ReportSample: Sendable {
  /// Empty for an excerpt.
  package var call: [Note] = []
  /// From a downbeat, in beats.
  package var notes: [Note]
  /// Bits an event by each artist's model, in their order.
  package var bits: [Double]
  package var figures: ReportFigures

  /// Whose model it costs the fewest bits.
  package var nearest: Int { bits.indices.min { bits[$0] < bits[$1] } ?? 0 }
}

/// What music is like, whoever made it.
package struct ReportFigures: Sendable {
  package var lowest: Int
  package var highest: Int
  /// The share of notes that belong to the key of the call, for an excerpt to its own.
  package var inKey: Double?
  /// Notes a beat, from the first onset to the end.
  package var density: Double
  /// The most successive events that stand like that in a piece of the style; nil for excerpts.
  package var copied: Int?
}

package struct ReportResult: Sendable {
  package var name: String
  package var artists: [String]
  /// Position among the artists.
  package var index: Int
  package var answers: [ReportSample]
  /// Of held-out pieces; none where an artist has fewer than five.
  package var excerpts: [ReportSample]

  /// The share of samples that their own model finds cheapest; nil without any.
  package func share(_ samples: [ReportSample]) -> Double? {
    samples.isEmpty ? nil : Double(samples.count { $0.nearest == index }) / Double(samples.count)
  }
}

package struct ReportMeasurement: Sendable {
  private let artists: [ReportArtist]
  private let plan: ReportPlan
  private let mixtures: [StyleMixture]
  private let blindMixtures: [StyleMixture]

  package init(artists: [ReportArtist], plan: ReportPlan) {
    self.artists = artists
    self.plan = plan
    mixtures = artists.compactMap { StyleMixture(parts: [($0.style, 1)], playerWeight: 0) }
    blindMixtures = artists.compactMap { StyleMixture(parts: [($0.withoutHeldOut, 1)], playerWeight: 0) }
  }

  /// Each sample has a stream of the seed, so that the outcome does not depend on the number of cores.
  package func results() -> [ReportResult] {
    artists.indices.map { index in
      let copies = CopyFinder(artists[index].pieces)
      let answers = Self.onAllCores(plan.answers) { answer($0, of: index, copies) }
      let excerpts = artists[index].heldOut.isEmpty ? [] : Self.onAllCores(plan.answers) { excerpt($0, of: index) }
      return ReportResult(
        name: artists[index].name, artists: artists.map(\.name), index: index, answers: answers, excerpts: excerpts)
    }
  }

  private static func onAllCores(_ count: Int, _ body: @Sendable (Int) -> ReportSample?) -> [ReportSample] {
    let samples = Mutex<[Int: ReportSample]>([:])
    DispatchQueue.concurrentPerform(iterations: count) { index in
      guard let sample = body(index) else { return }
      samples.withLock { $0[index] = sample }
    }
    let found = samples.withLock { $0 }
    return (0..<count).compactMap { found[$0] }
  }

  private func answer(_ number: Int, of index: Int, _ copies: CopyFinder) -> ReportSample? {
    var random = RandomSource(seed: plan.seed, stream: UInt64(number * artists.count + index))
    let others = artists.indices.filter { $0 != index }
    let pieces = artists[others[number % others.count]].pieces
    guard let call = Excerpt.drawn(from: pieces, beats: plan.beats, using: &random) else { return nil }
    let style = WeightedStyle(name: artists[index].name, style: artists[index].style)
    let improviser = Improviser(settings: plan.wholeCall, styles: [style], seed: random.next())
    guard let answered = Excerpt.answer(to: call, improviser) else { return nil }
    return ReportSample(
      call: call, notes: answered.notes, bits: bits(answered.notes, mixtures, answered.key),
      figures: ReportFigures(answered.notes, key: answered.key, copied: copies.longestRun(in: answered.notes)))
  }

  private func excerpt(_ number: Int, of index: Int) -> ReportSample? {
    var random = RandomSource(seed: plan.seed, stream: UInt64(1 << 40 + number * artists.count + index))
    guard let notes = Excerpt.drawn(from: artists[index].heldOut, beats: plan.beats, using: &random) else { return nil }
    let key = Excerpt.key(of: notes)
    return ReportSample(notes: notes, bits: bits(notes, blindMixtures, key), figures: ReportFigures(notes, key: key))
  }

  /// Without a context, in the metre that jamd takes music to have, for answers and excerpts alike.
  private func bits(_ notes: [Note], _ mixtures: [StyleMixture], _ key: Key?) -> [Double] {
    mixtures.map { $0.score(notes, key: key).bitsPerEvent }
  }
}

extension ReportPlan {
  /// The whole call is one phrase.
  fileprivate var wholeCall: Settings {
    Settings(
      segmenter: Answering.wholeCall, playerWeight: settings.playerWeight, temperature: settings.temperature)
  }
}

extension ReportFigures {
  init(_ notes: [Note], key: Key?, copied: Int? = nil) {
    let pitches = notes.map { Int($0.pitch.number) }
    let scale = key.map { Set($0.scale) }
    lowest = pitches.min() ?? 0
    highest = pitches.max() ?? 0
    inKey = scale.map { scale in
      Double(notes.count { scale.contains($0.pitch.pitchClass) }) / Double(max(1, notes.count))
    }
    let start = notes.map(\.onset).min() ?? .zero
    let end = notes.map(\.end).max() ?? .zero
    density = Double(notes.count) / max(0.25, (end - start).count)
    self.copied = copied
  }
}

/// Calls and answers in beats.
enum Excerpt {
  private static let tempo = Tempo.standard
  /// With fewer notes it is no call.
  private static let fewest = 8

  /// `beats` of a piece from a bar line on, beat 0 at that line; nil where no try found enough notes.
  static func drawn(from pieces: [Piece], beats: Double, using random: inout RandomSource) -> [Note]? {
    for _ in 0..<50 {
      guard let piece = pieces.randomElement(using: &random) else { return nil }
      let notes = piece.notes
      let metre = piece.timeSignatures.first
      let bar = max(1, metre?.value.bar.count ?? 4)
      let origin = metre?.position.count ?? 0
      let last = notes.last?.onset.count ?? 0
      let bars = Int((last - origin - beats) / bar)
      guard bars >= 0 else { continue }
      let start = origin + Double(Int.random(in: 0...bars, using: &random)) * bar
      let inside = notes.filter { $0.onset.count >= start - 0.01 && $0.onset.count < start + beats - 0.01 }
      if inside.count >= fewest { return inside.map { moved($0, by: -start) } }
    }
    return nil
  }

  private static func moved(_ note: Note, by beats: Double) -> Note {
    var note = note
    note.onset = max(.zero, note.onset + Beats(beats))
    return note
  }

  /// What jamd answers to `call` at 120 beats a minute, placed in the bar as jamd counts it; and the key it heard.
  static func answer(to call: [Note], _ improviser: Improviser) -> (notes: [Note], key: Key?)? {
    let start = call.map(\.onset).min() ?? .zero
    let played = call.map { note in
      PlayedNote(
        pitch: note.pitch, velocity: note.velocity, onset: .zero + tempo.duration(of: note.onset - start),
        duration: max(.milliseconds(1), tempo.duration(of: note.duration)))
    }
    var replay = Replay(improviser)
    replay.run(Take(tracks: [Take.Track(name: "call", notes: played, channel: .first) { $0 - .zero }]).inputs)
    for (report, _) in replay.performance.reports {
      guard case .phraseEnded(let phrase, let tempo, let key) = report,
        let answer = Phrase(replay.performance.played)
      else { continue }
      let sixteenths = (tempo.beats(in: answer.start - phrase.start).count * 4).rounded()
      let position = (sixteenths / 4).truncatingRemainder(dividingBy: 4)
      return (answer.notes(at: tempo).map { moved($0, by: position) }, key)
    }
    return nil
  }

  static func key(of notes: [Note]) -> Key? {
    var estimate = KeyEstimate()
    estimate.hear(
      notes.map { note in
        PlayedNote(
          pitch: note.pitch, velocity: note.velocity, onset: .zero + tempo.duration(of: note.onset),
          duration: tempo.duration(of: note.duration))
      })
    return estimate.key
  }
}
