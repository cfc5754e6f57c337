// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Listening: phrases.
import Listening
import Music
import Testing

@Suite struct PhraseSegmenterTests {
  static func note(_ onset: Int64, _ length: Int64, pitch: Int = 60) -> PlayedNote {
    PlayedNote(
      pitch: Pitch(clamping: pitch), velocity: .standard, onset: Instant(nanoseconds: onset * 1_000_000),
      duration: .milliseconds(length))
  }

  static func play(_ notes: [PlayedNote], _ settings: SegmenterSettings = SegmenterSettings()) -> PhraseSegmenter {
    var segmenter = PhraseSegmenter(settings)
    for note in notes {
      segmenter.began(note)
      _ = segmenter.ended(note)
    }
    return segmenter
  }

  static func silence(after notes: [PlayedNote], _ settings: SegmenterSettings = SegmenterSettings()) -> Duration? {
    guard let deadline = play(notes, settings).deadline(isSilent: true), let end = Phrase(notes)?.end else {
      return nil
    }
    return deadline - end
  }

  @Test("nothing played, nothing ends; a key that is down keeps the phrase open")
  func open() {
    #expect(PhraseSegmenter().deadline(isSilent: true) == nil)
    let segmenter = Self.play([Self.note(0, 100)])
    #expect(segmenter.deadline(isSilent: false) == nil)
    #expect(segmenter.deadline(isSilent: true) != nil)
  }

  @Test("the silence follows the player's inter-onset interval, and the answer falls where the next note would")
  func adaptive() {
    for interval in [150, 200, 300, 400] as [Int64] {
      let notes = (0..<8).map { Self.note($0 * interval, interval / 2) }
      guard let silence = Self.silence(after: notes) else { return #expect(Bool(false)) }
      let afterOnset = (silence + .milliseconds(interval / 2)) / .milliseconds(interval)
      #expect(abs(afterOnset - afterOnset.rounded()) < 1e-6, "a whole number of intervals after the last onset")
      #expect(abs(silence / .milliseconds(interval) - 2) <= 0.51, "near two intervals")
    }
  }

  @Test("the silence keeps within its bounds for any playing")
  func bounds() {
    var random = RandomSource(seed: 6)
    for _ in 0..<500 {
      var onset: Int64 = 0
      let notes = (0..<Int.random(in: 1...30, using: &random)).map { _ in
        onset += Int64.random(in: 1...3000, using: &random)
        return Self.note(onset, Int64.random(in: 1...2000, using: &random))
      }
      guard let deadline = Self.play(notes).deadline(isSilent: true), let end = Phrase(notes)?.end else { continue }
      #expect((Duration.milliseconds(250)...Duration.milliseconds(1500)).contains(deadline - end))
    }
  }

  @Test("the notes of a rolled chord count as one onset")
  func chords() {
    let single = (0..<6).map { Self.note($0 * 400, 200) }
    let rolled = single.flatMap { note in
      [0, 10, 20].map { Self.note(note.onset.nanoseconds / 1_000_000 + $0, 200 - $0, pitch: 60 + Int($0)) }
    }
    #expect(Self.silence(after: rolled) == Self.silence(after: single))
  }

  @Test("an answer that follows the end by the anticipation falls on a whole number of intervals, within bounds")
  func anticipation() throws {
    var random = RandomSource(seed: 12)
    for _ in 0..<500 {
      let interval = Int64.random(in: 40...1200, using: &random)
      let lead = Duration.milliseconds(Int64.random(in: 0...20, using: &random))
      let length = max(1, interval * Int64.random(in: 1...120, using: &random) / 100)
      let settings = SegmenterSettings(
        factor: Double.random(in: 0.5...5, using: &random), anticipation: lead)
      let silence = try #require(
        Self.silence(after: (0..<9).map { Self.note($0 * interval, length) }, settings))
      let intervals = (silence + lead + .milliseconds(length)) / .milliseconds(interval)
      #expect(abs(intervals - intervals.rounded()) < 1e-6, "\(intervals) intervals of \(interval) ms")
      #expect((Duration.milliseconds(250)...Duration.milliseconds(1500)).contains(silence))
    }
  }

  @Test("after a single note or chord the silence is the one set for it")
  func single() {
    let settings = SegmenterSettings(single: .milliseconds(600))
    #expect(Self.silence(after: [Self.note(0, 300)], settings) == .milliseconds(600))
    #expect(Self.silence(after: [Self.note(0, 300), Self.note(20, 250, pitch: 64)], settings) == .milliseconds(600))
  }

  @Test("a phrase that changes its pace is measured by its last onsets")
  func changingPace() throws {
    let slow = (0..<100).map { Self.note($0 * 600, 300) }
    let fast = (0..<100).map { Self.note(60_000 + $0 * 150, 100) }
    #expect(try #require(Self.silence(after: slow + fast)) < .milliseconds(400))
  }

  @Test("a phrase that reaches its capacity gives away its older half, and no note is lost or given twice")
  func capacity() {
    var segmenter = PhraseSegmenter(SegmenterSettings(capacity: 10))
    let all = (0..<100).map { Self.note($0 * 100, 50) }
    var given: [PlayedNote] = []
    for note in all {
      segmenter.began(note)
      if let older = segmenter.ended(note) {
        #expect(older.notes.count == 5)
        given += older.notes
      }
    }
    #expect(segmenter.deadline(isSilent: true) != nil)
    let rest = segmenter.finish()
    #expect(rest?.notes.isEmpty == false)
    #expect(given + (rest?.notes ?? []) == all)
    #expect(segmenter.isEmpty)
  }

  @Test("settings that make no sense are moved to some that do")
  func settings() {
    for value in [-1, 0, 1e9, .nan, .infinity] as [Double] {
      let settings = SegmenterSettings(
        shortest: .seconds(9), longest: .seconds(-9), factor: value, single: .seconds(-1), anticipation: .seconds(99),
        capacity: -1)
      let silence = Self.silence(after: (0..<5).map { Self.note($0 * 100, 50) }, settings)
      #expect(silence == nil || silence == .seconds(9), "a phrase of 2 notes at most is given away at once")
      #expect(settings.shortest <= settings.single && settings.single <= settings.longest)
    }
  }
}
