// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Scores: chord charts.
import Music
import Scores
import Testing

@Suite("Chord charts") struct ChordChartTests {
  @Test("chords share their bar, bars and chords repeat, comments and sharps are told apart")
  func reading() throws {
    let chart = try ChordChart(
      """
      # A tune
      title: Four bars
      metre: 3/4
      | C#m7 F#7 Bmaj7 | % |  # turn
      | NC | D/F# / / |
      """)
    #expect(chart.title == "Four bars" && chart.metre.bar == Beats(3) && chart.bars == 4 && chart.length == Beats(12))
    #expect(chart.changes.map(\.position.count) == [0, 1, 2, 3, 4, 5, 6, 9, 10, 11])
    let names = [0, 1, 2, 3.5, 4, 5.9, 7, 9, 10, 11.9].map { chart.chord(at: Beats($0))?.description ?? "-" }
    #expect(names == ["C#m7", "F#7", "Bmaj7", "C#m7", "F#7", "Bmaj7", "-", "D/F#", "D/F#", "D/F#"])
  }

  @Test("a chart goes round: before its beginning and after its end its chords are the same")
  func rounds() {
    for chart in [ChordChart.blues, .twoFiveOne] {
      for quarter in 0..<Int(chart.length.count * 4) {
        let position = Beats(Double(quarter) / 4)
        for times in [-3.0, -1, 1, 5] {
          #expect(chart.chord(at: position + chart.length * times) == chart.chord(at: position))
        }
      }
    }
  }

  @Test("the chords of a stretch are those at its positions, each told once")
  func stretch() {
    let chart = ChordChart.blues
    for start in stride(from: -50.0, to: 50, by: 1.5) {
      let chords = chart.chords(from: Beats(start), length: Beats(70))
      #expect(chords[0].position == .zero)
      for index in chords.indices {
        let end = index + 1 < chords.count ? chords[index + 1].position.count : 70
        #expect(end > chords[index].position.count)
        if index > 0 { #expect(chords[index].value != chords[index - 1].value) }
        for beat in stride(from: chords[index].position.count, to: end, by: 0.5) {
          #expect(chart.chord(at: Beats(start + beat)) == chords[index].value)
        }
      }
    }
  }

  @Test(
    "the chords from a beat on are those of that beat, though its instant is a whole nanosecond",
    arguments: [87, 131, 143, 180.5])
  func roundedInstants(_ tempo: Double) throws {
    let chart = try ChordChart("| C7 F7 | Dm7 | % | G7 |")
    let grid = BeatGrid(
      tempo: try #require(Tempo(beatsPerMinute: tempo)), anchor: .zero + .seconds(0.7), metre: .common)
    for beat in 0..<64 {
      let heard = grid.position(at: grid.instant(at: Beats(Double(beat))))
      let (found, wanted) = (
        chart.chords(from: heard, length: Beats(4)), chart.chords(from: Beats(Double(beat)), length: Beats(4))
      )
      #expect(found.map(\.value) == wanted.map(\.value), "beat \(beat)")
      #expect(zip(found, wanted).allSatisfy { abs(($0.position - $1.position).count) < 0.011 })
      #expect(chart.chord(at: heard) == chart.chord(at: Beats(Double(beat))))
    }
  }

  @Test("twelve bars of blues begin on the tonic and reach the subdominant in the fifth, in every key")
  func blues() {
    for semitones in -14...14 {
      let chart = ChordChart.blues.transposed(by: semitones)
      #expect(chart.bars == 12)
      #expect(chart.chord(at: .zero)?.root == PitchClass(semitones))
      #expect(chart.chord(at: Beats(16))?.root == PitchClass(semitones + 5))
    }
  }

  @Test(
    "what is wrong is told with its line",
    arguments: [
      ("", ChordChartError.noBars), ("| |", .noBars), ("| C |\n| Q7 |", .notAChord("Q7", line: 2)),
      ("metre: 4/5\n| C |", .notAMetre("4/5", line: 1)), ("swing: 60\n| C |", .unknownField("swing", line: 1)),
      ("| % |", .nothingToRepeat(line: 1)), ("\n| / |", .nothingToRepeat(line: 2)),
      ("|" + String(repeating: " C", count: 17) + " |", .tooManyChords(line: 1)),
      (String(repeating: "| C ", count: 1025), .tooManyBars),
    ])
  func errors(text: String, error: ChordChartError) {
    #expect(throws: error) { try ChordChart(text) }
    #expect(!error.description.isEmpty)
  }

  @Test("any text is a chart or an error")
  func noise() {
    var random = RandomSource(seed: 11)
    let pieces = [
      "|", " ", "C", "#", "b", "7", "m", "/", "%", "NC", ":", "\n", "title", "metre:", "3/4", "é", "\u{0}", "dim",
    ]
    var charts = 0
    for _ in 0..<5000 {
      let count = Int.random(in: 0..<40, using: &random)
      let text = (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
      guard let chart = try? ChordChart(text) else { continue }
      charts += 1
      #expect(chart.bars > 0 && chart.length > .zero && chart.changes.first?.position == .zero)
      _ = chart.chord(at: Beats(Double(count) * 1.37))
    }
    #expect(charts > 0)
  }
}
