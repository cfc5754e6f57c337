// SPDX-License-Identifier: Apache-2.0
// Tests/Core/Scores: takes as files, with the beats that were heard.
import Music
import Scores
import Testing

@Suite struct TakeTests {
  /// Beats with rubato, an accelerando and a long pause, and notes anywhere on the time grid.
  static func take(beat: Double, seed: UInt64, lead: Double = 3.7) -> Take {
    var random = RandomSource(seed: seed)
    var take = Take(title: "session", tracks: [Take.Track(name: "Player 1")])
    var time = lead
    for index in 0..<400 {
      take.beats.append(.seconds(time))
      time += beat * (0.8 + 0.4 * random.uniform()) * (index == 200 ? 30 : 1)
    }
    let steps = Int(time / Take.timeStep.seconds)
    let times = (0..<3000).map { _ in Int.random(in: 0...steps, using: &random) }.sorted()
    take.tracks[0].events = times.map { Take.Event(time: Take.timeStep * $0, .noteOn(Pitch(clamping: 60), .standard)) }
    take.markers = [Take.Marker(time: Take.timeStep * (steps / 2), "phrase")]
    return take
  }

  @Test("every time comes back exactly, whatever the tempo map", arguments: [0.1, 0.3, 0.59, 0.61, 0.9, 1.3, 2.5])
  func exact(beat: Double) {
    for seed in 0..<5 as Range<UInt64> {
      let take = Self.take(beat: beat, seed: seed)
      var read = Take(take.file)
      #expect(read.beats.isEmpty)
      read.beats = take.beats
      #expect(read == take)
    }
  }

  @Test("a take that is read and written again keeps the tempo map that it had", arguments: [0.1, 0.59, 0.61, 2.5])
  func again(beat: Double) {
    for seed in 0..<5 as Range<UInt64> {
      let take = Self.take(beat: beat, seed: seed)
      var read = Take(take.file)
      #expect(read.file == take.file)
      read.tracks.append(Take.Track(name: Take.answerTrack, events: read.tracks[0].events))
      #expect(read.file.tracks[0] == take.file.tracks[0])
    }
  }

  @Test("the tempo map of a file that no take has written is not kept: its ticks may be too long for the times")
  func foreign() {
    let note = Note(pitch: Pitch(clamping: 60), onset: Beats(1.5), duration: Beats(1))
    let tempo = Tempo(beatsPerMinute: 40) ?? .standard
    let slow = Piece(parts: [Part(notes: [note])], tempoMap: TempoMap(constant: tempo))
    let take = Take(StandardMIDIFile(slow))
    #expect(Piece(take.file).tempoMap == TempoMap())
    #expect(Take(take.file).tracks == take.tracks)
  }

  @Test("every beat that was heard begins a quarter note", arguments: [0.1, 0.3, 0.59, 0.61, 0.9, 1.3, 2.5])
  func onQuarters(beat: Double) {
    let take = Self.take(beat: beat, seed: 7)
    let map = Piece(take.file).tempoMap
    let positions = take.beats.map { map.position(at: $0).count }
    #expect(positions.allSatisfy { abs($0 - $0.rounded()) < 1e-3 })
    // And as many of them as the notation of the tempo asks for, in most beats.
    let lengths = zip(positions, positions.dropFirst()).map { ($1 - $0).rounded() }
    let usual = lengths.sorted()[lengths.count / 2]
    #expect(usual == [0.1: 1, 0.3: 1, 0.59: 2, 0.61: 2, 0.9: 2, 1.3: 4, 2.5: 8][beat])
    #expect(lengths.count { $0 == usual } > lengths.count * 3 / 5)
  }

  @Test("a first beat right at the beginning, or right after it, needs no impossible tempo", arguments: [0, 2e-5, 0.1])
  func soon(lead: Double) {
    let take = Self.take(beat: 0.5, seed: 3, lead: lead)
    let slowest = Piece(take.file).tempoMap.changes.map(\.tempo.beatsPerMinute)
    #expect(slowest.allSatisfy { $0 > 99 && $0 < 320 })
    #expect(Take(take.file).tracks == take.tracks)
  }

  @Test("a take without beats, or with one, is counted at 120 beats a minute", arguments: [0, 1])
  func without(beats: Int) {
    var take = Self.take(beat: 0.5, seed: 4)
    take.beats = Array(take.beats.prefix(beats))
    #expect(Piece(take.file).tempoMap == TempoMap())
    #expect(Take(take.file).tracks == take.tracks)
  }
}
