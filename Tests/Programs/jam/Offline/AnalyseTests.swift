// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jam, offline: jam analyse.
import Foundation
import Listening
import Music
import Scores
import Testing
import jam

@Suite("jam analyse") struct AnalyseTests {
  /// A march in quarters and eighths, `bpm` in the file's own tempo map, so that it always sounds the same.
  private static func file(
    bpm: Double, signature: TimeSignature, _ format: StandardMIDIFile.Format = .singleTrack,
    _ division: StandardMIDIFile.Division = .ticksPerQuarter(480)
  ) -> StandardMIDIFile {
    let ticks = division.ticksPerSecond ?? 480 * bpm / 60
    var events: [StandardMIDIFile.TimedEvent] = [
      .init(tick: 0, .meta(0x58, [UInt8(signature.beats), UInt8(signature.unit.trailingZeroBitCount), 24, 8]))
    ]
    if division.ticksPerSecond == nil {
      let microseconds = Int(60e6 / bpm)
      events.append(
        .init(
          tick: 0,
          .meta(0x51, [UInt8(microseconds >> 16), UInt8(microseconds >> 8 & 255), UInt8(microseconds & 255)])))
    }
    for step in 0..<64 {
      let pitches = step % 4 == 0 ? [36, 60] : step % 4 == 2 ? [43, 55, 59, 62] : step % 8 == 5 ? [64] : []
      let (from, to) = (0.5 + Double(step) * 0.3, 0.5 + Double(step) * 0.3 + 0.25)
      for pitch in pitches {
        events.append(.init(tick: Int(from * ticks), .message(.noteOn(Pitch(clamping: pitch), .standard))))
        events.append(.init(tick: Int(to * ticks), .message(.noteOff(Pitch(clamping: pitch)))))
      }
    }
    let ordered = events.enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }
    return StandardMIDIFile(format: format, division: division, tracks: [ordered.map(\.element)])
  }

  /// Oom-pah-pah: its metre is clear.
  private static let oomPahPah = (0..<48).flatMap { beat -> [PlayedNote] in
    let (bass, chord) = [(43, [55, 59, 62]), (38, [54, 57, 60])][beat / 3 % 2]
    return (beat % 3 == 0 ? [bass] : chord).map { pitch in
      PlayedNote(
        pitch: Pitch(clamping: pitch), velocity: .standard, onset: .zero + .seconds(Double(beat) * 0.5),
        duration: .milliseconds(400))
    }
  }

  private static func heard(_ file: StandardMIDIFile, isLive: Bool = false) -> [Double] {
    HeardFile("x.mid", HeardFile.notes(of: file), isLive: isLive).analysis.beats.map { ($0 - .zero).seconds }
  }

  @Test("the same notes have the same beats, whatever the file's tempo map, metre, format and division say")
  func onsetsOnly() {
    let beats = Self.heard(Self.file(bpm: 100, signature: .common))
    #expect(beats.count > 25)
    let others = [
      Self.file(bpm: 73, signature: TimeSignature(beats: 3, unit: 4)),
      Self.file(bpm: 211, signature: TimeSignature(beats: 6, unit: 8), .simultaneousTracks),
      Self.file(bpm: 120, signature: .common, .independentTracks),
      Self.file(bpm: 120, signature: .common, .singleTrack, .ticksPerFrame(framesPerSecond: 25, ticks: 40)),
    ]
    for other in others {
      let heard = Self.heard(other)
      #expect(heard.count == beats.count)
      for (a, b) in zip(heard, beats) { #expect(abs(a - b) < 0.012) }
    }
  }

  @Test("the JSON has every key that its description names")
  func json() throws {
    let root = URL(filePath: #filePath).appending(path: "../../../../..").standardized
    let page = try String(contentsOf: root.appending(path: "docs/analysis-format.md"), encoding: .utf8)
    let rows = page.matches(of: #/(?m)^\| ((?:`[a-z_]+`(?:, )?)+) \|/#)
    let named = rows.flatMap { $0.output.1.matches(of: #/`([a-z_]+)`/#).map { String($0.output.1) } }
    let file = HeardFile("x.mid", Self.oomPahPah, hasBaseline: true)
    let object = try JSONSerialization.jsonObject(with: Data(AnalysisJSON.text(file).utf8)) as? [String: Any]
    let keys = try #require(object).keys.sorted()
    #expect(named.count > 12 && keys == named.sorted())
  }

  @Test("text and picture show what was heard, of whatever is played")
  func pictures() {
    let file = HeardFile("a<b.mid", HeardFile.notes(of: Self.file(bpm: 100, signature: .common)), hasBaseline: true)
    let text = AnalysisText.text(file)
    for word in ["beats", "tempo", "metre", "keys (seconds)", "phrases (seconds)", "autocorrelation"] {
      #expect(text.contains(word))
    }
    let svg = AnalysisSVG.picture(file)
    #expect(svg.contains("a&lt;b.mid") && svg.hasSuffix("</svg>\n"))
    #expect(svg.components(separatedBy: "fill-opacity").count > file.notes.count)
    let single = HeardFile(
      "one.mid", [PlayedNote(pitch: .lowest, velocity: .standard, onset: .zero, duration: .seconds(1))])
    #expect(AnalysisText.text(single).contains("not known") && AnalysisSVG.picture(single).hasSuffix("</svg>\n"))
  }

  @Test("a file without notes, and what is no file, are told in one line with the way out")
  func failures() throws {
    let empty = StandardMIDIFile(format: .singleTrack, division: .ticksPerQuarter(96), tracks: [[]])
    let path = try OfflineTests.write("", "empty.mid")
    try Data(empty.encoded()).write(to: URL(fileURLWithPath: path))
    #expect(throws: FileFailure.badData(path: path, reason: "there is no note in it, so that nothing is heard")) {
      try HeardFile(path)
    }
    let text = try OfflineTests.write("hello", "text.mid")
    #expect(throws: FileFailure.self) { try HeardFile(text) }
    #expect(throws: FileFailure.self) { try HeardFile(path + "x") }
  }

  @Test("made playing is heard in the moment as is wanted, drifting playing better than by autocorrelation")
  func steady() {
    let (live, classic) = SteadyMeasurement.figures(times: 2)
    #expect(live.steady >= 0.95 && live.drifting >= 0.85, "\(live)")
    #expect(live.drifting > classic.drifting, "\(live), \(classic)")
  }

  /// A waltz in A flat with its signature, written down.
  private static func waltz() -> StandardMIDIFile {
    var events: [StandardMIDIFile.TimedEvent] = [
      .init(tick: 0, .meta(0x59, [UInt8(bitPattern: -4), 0])), .init(tick: 0, .meta(0x58, [3, 2, 24, 8])),
    ]
    let bars = [[44, 60, 63], [49, 61, 65], [51, 61, 67], [44, 60, 63]]
    for beat in 0..<96 {
      let bar = bars[beat / 3 % 4]
      let melody = [72, 75, 80, 77, 73, 68, 70, 67, 63, 68, 72, 68][beat % 12]
      for pitch in (beat % 3 == 0 ? [bar[0]] : [bar[1], bar[2]]) + [melody] {
        events.append(.init(tick: beat * 480, .message(.noteOn(Pitch(clamping: pitch), .standard))))
        events.append(.init(tick: beat * 480 + 400, .message(.noteOff(Pitch(clamping: pitch)))))
      }
    }
    let ordered = events.enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }
    return StandardMIDIFile(format: .singleTrack, division: .ticksPerQuarter(480), tracks: [ordered.map(\.element)])
  }

  @Test("the measurement has a table of beats and one of keys, each with the classic method beside")
  func measurement() throws {
    let path = try OfflineTests.write("", "waltz.mid")
    try Data(Self.waltz().encoded()).write(to: URL(fileURLWithPath: path))
    let text = try AnalysisMeasurement(scores: [path], longest: 60).text()
    for word in ["drift of 15 %", "1 scores played with rubato", "Krumhansl-Schmuckler, first 16 beats"] {
      #expect(text.contains(word), "\(text)")
    }
    let key = try #require(text.split(separator: "\n").first { $0.hasPrefix("running, first 16 beats") })
    #expect(key.hasSuffix("1.000"), "\(text)")
    let strict = try #require(text.split(separator: "\n").first { $0.hasPrefix("in the moment") && !$0.contains("%") })
    #expect(strict.split(separator: " ").compactMap { Double($0) }.first.map { $0 > 0.8 } ?? false, "\(text)")
  }

  @Test("where beats are marked beside a performance, these are what is measured against")
  func marked() throws {
    let path = try OfflineTests.write("", "marked.mid")
    try Data(Self.waltz().encoded()).write(to: URL(fileURLWithPath: path))
    let right = (0..<96).map { "\(Double($0) * 0.5)\t\(Double($0) * 0.5)\tb,3/4\n" }.joined()
    let marks = try OfflineTests.write(right, "marked_annotations.txt")
    func figures() throws -> [Double] {
      let text = try AnalysisMeasurement(scores: [path]).text()
      #expect(text.contains("1 performances with marked beats") && !text.contains("played with rubato"))
      let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("whole file") })
      return row.split(separator: " ").compactMap { Double($0) }
    }
    #expect(try #require(figures().first) > 0.98)
    // Halfway between the beats there are none.
    let wrong = (0..<96).map { "\(Double($0) * 0.5 + 0.25)\n" }.joined()
    try Data(wrong.utf8).write(to: URL(fileURLWithPath: marks))
    #expect(try figures().first == 0)
  }

  @Test("marked beats that are no times, or out of order, are named with their line")
  func badMarks() throws {
    #expect(try MarkedBeats.read("\n0.5 0.5 db,3/4\r\n1\t1\tb\n\n") == [0.5, 1])
    for (text, line) in [("0.5\nx 1\n", 2), ("1\n\n1\n", 3), ("nan\n", 1), ("-1\n", 1), ("1e999\n", 1)] {
      do throws(MarkedBeats.Fault) {
        _ = try MarkedBeats.read(text)
        Issue.record("\(text)")
      } catch {
        #expect(error.line == line)
      }
    }
  }

  @Test("the rows to train with: piece, artist, place, length and ten features for each onset")
  func rows() throws {
    let path = try OfflineTests.write("", "waltz-rows.mid")
    try Data(Self.waltz().encoded()).write(to: URL(fileURLWithPath: path))
    let rows = try AnalysisMeasurement(scores: [path]).trainingRows(isLive: false).map { $0.split(separator: " ") }
    #expect(rows.count > 80 && rows.allSatisfy { $0.count == 14 && $0.dropFirst(2).allSatisfy { Double($0) != nil } })
    // All of its onsets are on beats, give or take what rubato, broken chords and grace notes do.
    let places = rows.compactMap { Double($0[2]) }
    #expect(places.count { abs($0 - $0.rounded()) < 0.25 } * 10 > places.count * 9)
  }

  @Test("a score is played alike wherever its folder lies")
  func placeless() throws {
    let bytes = Data(Self.waltz().encoded())
    let rows = try ["a", "another"].map { folder in
      let path = try OfflineTests.write("", "\(folder)/waltz.mid")
      try bytes.write(to: URL(fileURLWithPath: path))
      return try AnalysisMeasurement(scores: [path]).trainingRows(isLive: false).map { $0.split(separator: " ")[2...] }
    }
    let areEqual = rows[0] == rows[1]
    #expect(areEqual)
  }

  @Test("keys and chords in flat keys are spelled with flats, in text, JSON and picture")
  func spelling() throws {
    let file = HeardFile("x.mid", HeardFile.notes(of: Self.waltz()))
    for text in [AnalysisText.text(file), try AnalysisJSON.text(file), AnalysisSVG.picture(file)] {
      #expect(text.contains("Ab major") && text.contains("Db"), "\(text.prefix(600))")
      #expect(!text.contains("G#") && !text.contains("C#"))
    }
  }
}
