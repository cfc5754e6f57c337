// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Music: values and units.
import Music
import Testing

@Suite struct ValueTests {
  @Test("pitches and velocities keep to MIDI's ranges")
  func ranges() {
    #expect(Pitch(-1) == nil && Pitch(128) == nil && Pitch(127)?.number == 127)
    #expect(Velocity(0) == nil && Velocity(128) == nil && Velocity(clamping: 0).value == 1)
    #expect(Channel(16) == nil && Channel(statusByte: 0x9F).index == 15)
    #expect(Pitch(clamping: 60).description == "C4" && Pitch(clamping: 0).description == "C-1")
    #expect(Pitch(clamping: 127).transposed(by: 1) == nil)
  }

  @Test("a pitch class is taken modulo the octave, whatever the sign")
  func pitchClasses() {
    for number in -100...100 { #expect(PitchClass(number) == PitchClass(number + 12)) }
    #expect(PitchClass(2).semitones(above: PitchClass(11)) == 3)
  }

  @Test("instants and durations add up, and far ones saturate instead of overflowing")
  func time() {
    let instant = Instant(nanoseconds: 5) + .milliseconds(3)
    #expect(instant.nanoseconds == 3_000_005)
    #expect(instant - Instant(nanoseconds: 5) == .milliseconds(3))
    #expect(Duration.seconds(Int64.max).nanoseconds == .max)
    #expect(Duration.seconds(-1).nanoseconds == -1_000_000_000)
    #expect(Duration.milliseconds(1500).seconds == 1.5)
    let (first, last) = (Instant(nanoseconds: .min), Instant(nanoseconds: .max))
    #expect(last + .seconds(1) == last && first - .seconds(1) == first)
    #expect(last - first == .nanoseconds(Int64.max) && first - last == .nanoseconds(Int64.min))
  }

  @Test("a tempo turns beats into time and back")
  func tempo() throws {
    #expect(Tempo(beatsPerMinute: 0) == nil && Tempo(beatsPerMinute: .infinity) == nil)
    let tempo = try #require(Tempo(beatsPerMinute: 90))
    #expect(abs(tempo.beats(in: tempo.duration(of: Beats(7.5))).count - 7.5) < 1e-9)
  }

  @Test("a tempo map and its inverse agree, across every change")
  func tempoMap() throws {
    var random = RandomSource(seed: 1)
    for _ in 0..<100 {
      let map = TempoMap(
        (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in
          Tempo(beatsPerMinute: 30 + 200 * random.uniform()).map {
            TempoMap.Change(position: Beats(Double(Int.random(in: 0...30, using: &random))), tempo: $0)
          }
        })
      var last = Duration.zero
      for step in 0..<200 {
        let position = Beats(Double(step) / 5)
        let time = map.time(at: position)
        #expect(time >= last)
        last = time
        #expect(abs(map.position(at: time).count - position.count) < 1e-6)
      }
    }
  }

  @Test("of several tempos at one place the last counts")
  func tempoMapDuplicates() throws {
    let changes = [100.0, 120, 60].compactMap { Tempo(beatsPerMinute: $0) }.map {
      TempoMap.Change(position: .zero, tempo: $0)
    }
    #expect(TempoMap(changes).tempo(at: .zero).beatsPerMinute == 60)
    #expect(TempoMap(changes).changes.count == 1)
  }

  @Test("any three bytes have a meaning, and notes survive the way to bytes and back")
  func messages() {
    var notes = 0
    for status in UInt8.min...UInt8.max {
      for data1 in stride(from: UInt8(0), through: 254, by: 1) {
        for data2 in [0, 1, 63, 64, 127, 128, 255] as [UInt8] {
          if case .noteOn(let pitch, let velocity) = MIDIMessage(status, data1, data2).meaning {
            notes += 1
            #expect(
              MIDIMessage.noteOn(pitch, velocity, Channel(statusByte: status)) == MIDIMessage(status, data1, data2))
          }
        }
      }
    }
    #expect(notes == 16 * 128 * 4)
    #expect(MIDIMessage(0x90, 60, 0).meaning == .noteOff(Pitch(clamping: 60)))
    #expect(MIDIMessage(0xB3, 64, 64).meaning == .sustain(isDown: true))
    #expect(MIDIMessage(0xB3, 123, 0).meaning == .allNotesOff)
    #expect(MIDIMessage(0xB3, 121, 0).meaning == .sustain(isDown: false))
  }

  @Test("a release is what ends a note, a pedal or all, and nothing else")
  func releases() {
    for status in UInt8(0x80)...UInt8.max {
      for data1 in UInt8(0)..<128 {
        for data2 in [0, 63, 64, 127] as [UInt8] {
          let message = MIDIMessage(status, data1, data2)
          let ends =
            switch message.meaning {
            case .noteOff, .sustain(isDown: false), .allNotesOff: true
            default: false
            }
          #expect(message.isRelease == ends, "\(message)")
        }
      }
    }
  }

  @Test("the generator's sequence is part of the contract")
  func random() {
    var source = RandomSource(seed: 0)
    #expect([source.next(), source.next()] == [11_091_344_671_253_066_420, 13_793_997_310_169_335_082])
    var (a, b) = (RandomSource(seed: 1, stream: 0), RandomSource(seed: 1, stream: 1))
    #expect(a.next() != b.next())
    for _ in 0..<1000 { #expect((0..<1).contains(a.uniform())) }
  }

  @Test("key signatures name the keys that musicians mean")
  func keys() {
    #expect(Key(sharps: 0, mode: .major).description == "C major")
    #expect(Key(sharps: 0, mode: .minor).description == "A minor")
    #expect(Key(sharps: 2, mode: .major).description == "D major")
    #expect(Key(sharps: -3, mode: .minor).description == "C minor")
    for sharps in -6...6 {
      for mode in Mode.allCases {
        let key = Key(sharps: sharps, mode: mode)
        #expect(sharps.magnitude == 6 || key.sharps == sharps)
        #expect(!key.description.contains(sharps < 0 ? "#" : "b") || sharps.magnitude == 6, "\(key)")
      }
    }
    #expect(
      Key(sharps: 6, mode: .major).description == "F# major" && Key(sharps: 6, mode: .minor).description == "Eb minor")
  }

  @Test("a phrase is in order of its onsets, and is never empty")
  func phrases() throws {
    #expect(Phrase([]) == nil)
    let notes = [3, 1, 2].map { onset in
      PlayedNote(
        pitch: Pitch(clamping: 60), velocity: .standard, onset: .zero + .seconds(onset), duration: .seconds(9 - onset))
    }
    let phrase = try #require(Phrase(notes))
    #expect(phrase.start == .zero + .seconds(1) && phrase.lastOnset == .zero + .seconds(3))
    #expect(phrase.end == .zero + .seconds(9))
    #expect(phrase.notes(at: .standard).map(\.onset.count) == [0, 2, 4])
  }

  @Test("a scale played in any key fits that key best")
  func keyProfile() {
    for tonic in PitchClass.all {
      let key = Key(tonic: tonic, mode: .major)
      var profile = KeyProfile()
      #expect(profile.key == nil)
      for (index, pitchClass) in key.scale.enumerated() { profile.add(pitchClass, weight: index == 0 ? 2 : 1) }
      #expect(profile.key == key)
    }
  }
}
