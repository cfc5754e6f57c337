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

  @Test("a phrase that reaches its capacity ends, and the next one begins")
  func capacity() {
    var segmenter = PhraseSegmenter(SegmenterSettings(capacity: 10))
    var phrases = 0
    for index in 0..<100 as Range<Int64> {
      let note = Self.note(index * 100, 50)
      segmenter.began(note)
      if let phrase = segmenter.ended(note) {
        phrases += 1
        #expect(phrase.notes.count == 10)
      }
    }
    #expect(phrases == 10)
  }
}
