// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Scores: pieces and takes from files and back.
import Music
import Scores
import Testing

@Suite struct PieceTests {
  static func piece(_ random: inout RandomSource) -> Piece {
    let notes = (0..<40).map { index in
      Note(
        pitch: Pitch(clamping: Int.random(in: 30...90, using: &random)),
        velocity: Velocity(clamping: Int.random(in: 1...127, using: &random)), onset: Beats(Double(index) / 4),
        duration: Beats(0.125))
    }
    return Piece(
      title: "Title", parts: [Part(name: "Right", channel: Channel(2)!, program: 5, notes: notes)],
      tempoMap: TempoMap([
        TempoMap.Change(position: .zero, tempo: Tempo(beatsPerMinute: 100)!),
        TempoMap.Change(position: Beats(4), tempo: Tempo(beatsPerMinute: 150)!),
      ]),
      keys: [Positioned(position: .zero, value: Key(sharps: -3, mode: .minor))],
      timeSignatures: [Positioned(position: .zero, value: TimeSignature(beats: 6, unit: 8))],
      markers: [Positioned(position: Beats(2), value: "A")])
  }

  @Test("a piece on the grid of its ticks comes back as it was")
  func roundTrip() throws {
    var random = RandomSource(seed: 3)
    for _ in 0..<50 {
      let piece = Self.piece(&random)
      let read = Piece(try StandardMIDIFile(parsing: StandardMIDIFile(piece).encoded()))
      #expect(read == piece)
    }
  }

  @Test("every key signature survives, enharmonic ones as the same key")
  func keys() throws {
    for mode in Mode.allCases {
      for tonic in PitchClass.all {
        let key = Key(tonic: tonic, mode: mode)
        let piece = Piece(keys: [Positioned(position: .zero, value: key)])
        #expect(Piece(try StandardMIDIFile(parsing: StandardMIDIFile(piece).encoded())).keys.map(\.value) == [key])
      }
    }
  }

  @Test("a pitch struck again ends first, a note never released ends with its track")
  func overlaps() {
    typealias E = StandardMIDIFile.TimedEvent
    let track = [
      E(tick: 0, .message(MIDIMessage(0x90, 60, 64))), E(tick: 480, .message(MIDIMessage(0x90, 60, 64))),
      E(tick: 720, .message(MIDIMessage(0x90, 60, 0))), E(tick: 800, .message(MIDIMessage(0x90, 62, 64))),
      E(tick: 960, .meta(1, [])),
    ]
    let file = StandardMIDIFile(format: .singleTrack, division: .ticksPerQuarter(480), tracks: [track])
    let notes = Piece(file).notes
    #expect(notes.map(\.end.count) == [1, 1.5, 2])
  }

  @Test("SMPTE time is real time: two beats a second")
  func smpte() {
    typealias E = StandardMIDIFile.TimedEvent
    let track = [E(tick: 0, .message(MIDIMessage(0x90, 60, 64))), E(tick: 1000, .message(MIDIMessage(0x80, 60, 0)))]
    let file = StandardMIDIFile(
      format: .singleTrack, division: .ticksPerFrame(framesPerSecond: 25, ticks: 40), tracks: [track])
    #expect(Piece(file).notes.map(\.duration.count) == [2])
  }

  @Test("the tracks of a format 2 file follow one another")
  func format2() {
    typealias E = StandardMIDIFile.TimedEvent
    let track = [E(tick: 0, .message(MIDIMessage(0x90, 60, 64))), E(tick: 480, .message(MIDIMessage(0x80, 60, 0)))]
    let file = StandardMIDIFile(
      format: .independentTracks, division: .ticksPerQuarter(480), tracks: [track, track])
    #expect(Piece(file).notes.map(\.onset.count) == [0, 1])
  }

  @Test("a take on the 20 microsecond grid comes back exactly, whatever its length")
  func take() throws {
    var random = RandomSource(seed: 4)
    var step = 0
    let events = (0..<2000).map { _ in
      step += Int.random(in: 0...5_000_000, using: &random)
      return Take.Event(time: Take.timeStep * step, .controlChange(1, UInt8.random(in: 0...127, using: &random)))
    }
    let take = Take(
      title: "T", tracks: [Take.Track(name: "P", events: events)], markers: [.init(time: .milliseconds(1), "M")])
    let read = Take(try StandardMIDIFile(parsing: take.file.encoded()))
    #expect(read.tracks == take.tracks && read.markers == take.markers && read.title == take.title)
  }

  @Test("a piano roll has a line for each pitch of its range and a mark for each onset")
  func pianoRoll() {
    let notes = [
      Note(pitch: Pitch(60)!, onset: .zero, duration: Beats(1)),
      Note(pitch: Pitch(64)!, onset: Beats(2), duration: Beats(2)),
    ]
    let lines = PianoRoll.text(notes, width: 46).split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines.map { $0.drop { $0 != "|" } }.joined().filter { $0 == "#" }.count == 2)
    #expect(lines.allSatisfy { $0.count == 46 })
    #expect(PianoRoll.text([]) == "")
  }
}
