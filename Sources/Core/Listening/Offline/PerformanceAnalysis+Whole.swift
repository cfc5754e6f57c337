// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: a performance of which every note is known.
import Music

extension PerformanceAnalysis {
  /// What `notes`, in any order, are heard as when all of them are known. Percussion (channel 10) has beats, and no
  /// harmony. O(notes log notes + seconds).
  public init(of notes: [PlayedNote]) {
    self.init()
    let notes = notes.sorted(by: PlayedNote.inPlayedOrder)
    guard let first = notes.first, let end = notes.map(\.release).max() else { return }
    let start = first.onset
    let groups = OnsetGroup.groups(of: notes, from: start)
    let rows = OnsetFeatures.rows(groups)
    let path = Self.path(groups, rows)
    let placed = Self.onOnsets(path.map(\.time), groups)
    beats = placed.map { start + .seconds($0.time) }
    measureTempo()
    confidence = Self.agreement(placed.map(\.time), groups)
    let cues = Self.barCues(rows, polyphony: Double(notes.count) / Double(groups.count))
    findBars(placed.map { $0.group.map { cues[$0] } }, isTriple: path.map(\.isTriple))
    let pitched = notes.filter { $0.channel != .percussion }
    findKeys(pitched, from: start, to: end)
    findChords(pitched, to: end)
    findPhrases(pitched)
  }

  /// Music with a longer silence in it is heard in pieces, and so are hours of it.
  private static let (pause, longest) = (8.0, 3600.0)

  private static func path(_ groups: [OnsetGroup], _ rows: [[Double]]) -> [BeatPath.Beat] {
    let places = OnsetNetwork.trained.logarithms(rows, trust: BeatParameters().salience)
    var path: [BeatPath.Beat] = []
    var first = 0
    for end in 1...groups.count {
      let start = groups[first].time
      let isEnd = end == groups.count || groups[end].time - groups[end - 1].time > pause
      guard isEnd || groups[end].time - start > longest else { continue }
      let own = Array(places[first * OnsetNetwork.places..<end * OnsetNetwork.places])
      let beats = BeatPath(groups[first..<end].map(\.time), own).beats(from: start)
      // Before the first onset and after the last nobody counts.
      path += beats.filter { $0.time > start - 0.07 && $0.time < groups[end - 1].time + 0.07 }
      first = end
    }
    return path
  }

  /// Beats where onsets are meant to be on them: what people mark as the beat. With the group that is on each.
  private static func onOnsets(_ times: [Double], _ groups: [OnsetGroup]) -> [(time: Double, group: Int?)] {
    var placed: [(time: Double, group: Int?)] = []
    var index = 0
    for (beat, time) in times.enumerated() {
      let length = beat + 1 < times.count ? times[beat + 1] - time : beat > 0 ? time - times[beat - 1] : 0.5
      while index + 1 < groups.count, abs(groups[index + 1].time - time) <= abs(groups[index].time - time) {
        index += 1
      }
      let near = abs(groups[index].time - time) < min(0.07, 0.12 * length)
      let moved = near ? groups[index].time : time
      guard moved > (placed.last?.time ?? -.infinity) + 0.05 else { continue }
      placed.append((moved, near ? index : nil))
    }
    return placed
  }

  /// The share of the beats that have an onset, and of the onsets that a beat or its division has.
  private static func agreement(_ beats: [Double], _ groups: [OnsetGroup]) -> Double {
    guard beats.count > 2, groups.count > 3 else { return 0 }
    var (index, near, all) = (0, 0.0, 0.0)
    for group in groups where group.time >= beats[0] && group.time < beats[beats.count - 1] {
      while index + 2 < beats.count, beats[index + 1] <= group.time { index += 1 }
      let place = (group.time - beats[index]) / (beats[index + 1] - beats[index])
      let distance = [2.0, 3, 4].map { abs(place * $0 - (place * $0).rounded()) / $0 }.min() ?? 1
      near += distance < 0.05 ? 1 : 0
      all += 1
    }
    // Of onsets anywhere six in ten would be as near.
    return min(1, max(0, (near / max(1, all) - 0.6) / 0.4)) * min(1, Double(beats.count) / 8)
  }
}

// MARK: Bars

extension PerformanceAnalysis {
  /// What first beats are made of: long and low notes, new harmony.
  private static let weights = [0.25, 0.05, 0.25, 0.5, 0.05, 0.15, 0, 0.25, 0.7, 0]
  /// By how much first beats have to stand out.
  private static let least = 0.45

  /// `rows` as far as they tell of bars. Nobody knows how much later than the last onset a next one would come, and single
  /// notes tell of no harmony: it counts in full where a third of the onsets have two.
  private static func barCues(_ rows: [[Double]], polyphony: Double) -> [[Double]] {
    var cues = rows
    for column in OnsetFeatures.following { cues[cues.count - 1][column] = 0 }
    let share = min(1, 3 * (polyphony - 1))
    for index in cues.indices { cues[index][OnsetFeatures.harmony] *= share }
    return cues
  }

  private mutating func findBars(_ rows: [[Double]?], isTriple: [Bool]) {
    let strengths = rows.map { row in row.map { zip(Self.weights, $0).reduce(0) { $0 + $1.0 * $1.1 } } ?? -1 }
    guard let bars = BarPath.bars(strengths), bars.contrast > Self.least else { return }
    downbeats = bars.starts.map { beats[$0] }
    let isCompound = 2 * isTriple.count { $0 } > isTriple.count
    metre = TimeSignature(beats: bars.length * (isCompound ? 3 : 1), unit: isCompound ? 8 : 4)
  }
}

// MARK: Harmony and phrases

extension PerformanceAnalysis {
  /// Spans of about two seconds, on beats. Fewer than three pitch classes are in no key, as for `KeyEstimate`.
  private mutating func findKeys(_ notes: [PlayedNote], from start: Instant, to end: Instant) {
    guard Set(notes.map(\.pitch.pitchClass)).count > 2 else { return }
    var edges = [start]
    for beat in beats where beat - edges[edges.count - 1] > .seconds(1.5) { edges.append(beat) }
    while end - edges[edges.count - 1] > .seconds(4) { edges.append(edges[edges.count - 1] + .seconds(2)) }
    edges.append(max(end, start + .nanoseconds(1)))
    var spans = [[Double]](repeating: [Double](repeating: 0, count: 12), count: edges.count - 1)
    var index = 0
    for note in notes {
      while index + 1 < spans.count, edges[index + 1] <= note.onset { index += 1 }
      spans[index][Int(note.pitch.pitchClass.number)] += min(1, max(0.1, note.duration.seconds))
    }
    guard let path = KeyTrack.keys(of: spans) else { return }
    keys = path.indices.map { Span(from: edges[$0], to: edges[$0 + 1], path[$0]) }.joined()
  }

  /// From beat to beat.
  private mutating func findChords(_ notes: [PlayedNote], to end: Instant) {
    guard let first = notes.first else { return }
    let edges = [first.onset] + beats.filter { $0 > first.onset + .milliseconds(50) } + [end]
    var tracker = ChordTracker()
    var spans: [Span<Chord>] = []
    var events = KeyEvents(notes)
    for (edge, next) in zip(edges, edges.dropFirst()) where next > edge {
      // An onset a little before the beat belongs to it.
      events.pass(until: next - .milliseconds(30), into: &tracker)
      if let chord = tracker.beat(at: next - .milliseconds(30)) { spans.append(Span(from: edge, to: next, chord)) }
    }
    chords = spans.joined()
  }

  private mutating func findPhrases(_ notes: [PlayedNote]) {
    guard let first = notes.first else { return }
    let groups = OnsetGroup.groups(of: notes, from: first.onset)
    let starts = PhrasePath.starts(groups, places: places(of: groups, from: first.onset))
    phrases = starts.indices.map { index in
      let end = index + 1 < starts.count ? starts[index + 1] : groups.count
      let members = groups[starts[index]..<end].flatMap(\.notes)
      let onset = members.map(\.onset).min() ?? first.onset
      return Span(from: onset, to: members.map(\.release).max() ?? onset, members.count)
    }
  }

  /// How many beats before each group its bar began; nil without bars.
  private func places(of groups: [OnsetGroup], from start: Instant) -> [Int?] {
    guard !downbeats.isEmpty else { return groups.map { _ in nil } }
    let isDown = Set(downbeats)
    var (beat, place) = (-1, Int?.none)
    return groups.map { group in
      while beat + 1 < beats.count, beats[beat + 1] <= start + .seconds(group.time + 0.04) {
        beat += 1
        place = isDown.contains(beats[beat]) ? 0 : place.map { $0 + 1 }
      }
      return place
    }
  }
}
