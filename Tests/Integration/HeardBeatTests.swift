// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: who hears jamd beside the player hears both on one beat.
import Foundation
import JamTestKit
import Music
import Testing

@Suite(.serialized) struct HeardBeatTests {
  private static let tempo = 120.0

  /// Chords on the beats and a tune above, exact, for so many bars of four; gives the frame of the first.
  private static func play(_ bars: Int, on jam: LiveJam) -> UInt32 {
    let beat = 48000 * 60 / tempo
    let start = jam.client.now &+ 9600
    let chords = [[48, 52, 55], [45, 48, 52], [41, 45, 48], [43, 47, 50]]
    for half in 0..<(bars * 8) {
      let onset = start &+ UInt32(Double(half) * beat / 2)
      let pitches = [72 + [0, 4, 7, 5, 4, 2, 7, 0][half % 8]] + (half % 2 == 0 ? chords[half / 8 % 4] : [])
      for pitch in pitches { #expect(jam.client.send(.noteOn(Pitch(clamping: pitch), .standard), at: onset)) }
      for pitch in pitches { #expect(jam.client.send(.noteOff(Pitch(clamping: pitch)), at: onset &+ 9600)) }
    }
    return start
  }

  /// Of what is meant for a beat of so many from `start` on: how far from it, in milliseconds.
  private static func deviations(_ jam: LiveJam, from start: UInt32, _ beats: Range<Double>) -> [Double] {
    let beat = 48000 * 60 / tempo
    let onsets = Set(jam.heard.filter { $0.message.isNoteOn }.map(\.frame))
    let places = onsets.map { Double(Int32(bitPattern: $0 &- start)) / beat }.filter { beats.contains($0) }
    return places.map { ($0 - $0.rounded()) * beat / 48 }.filter { $0.magnitude < 60 }.sorted()
  }

  @Test("what is played along, and an answer, is heard within 5 ms of the player's beat", arguments: [256, 1024])
  func inTime(period: Int) throws {
    let jam = try LiveJam("beat-\(period)", period: period, arguments: ["--mode", "accompany"])
    let beat = UInt32(48000 * 60 / Self.tempo)
    let start = Self.play(16, on: jam)
    jam.listen(within: 60) { _ in Int32(bitPattern: jam.client.now &- (start &+ 32 * beat)) >= 0 }
    _ = try jam.jam(["mode", "phrase-match"])
    jam.listen(within: 60) { _ in Int32(bitPattern: jam.client.now &- (start &+ 63 * beat)) >= 0 }
    _ = try jam.jam(["mode", "answer"])
    jam.listen(within: 10) {
      $0.contains { $0.message.isNoteOn && Int32(bitPattern: $0.frame &- (start &+ 64 * beat)) > 0 }
    }
    let comped = Self.deviations(jam, from: start, 8..<32)
    let matched = Self.deviations(jam, from: start, 34..<63)
    let answered = Self.deviations(jam, from: start, 64..<80).first
    print("heard beat, period \(period): accompany \(comped), phrase-match \(matched), answer \(answered ?? .nan) ms")
    #expect(comped.count > 3 && matched.count > 8)
    guard jam.listener.xruns == 0 else {
      return print("the server had \(jam.listener.xruns) xruns: what is exact is not judged")
    }
    #expect((comped + matched).allSatisfy { $0.magnitude < 5 })
    // It is decided no more than answer.lead_ms before.
    if period == 256, let answered { #expect(answered.magnitude < 5) }
  }
}
