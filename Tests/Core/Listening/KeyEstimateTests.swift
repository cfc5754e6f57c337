// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Listening: the key.
import Listening
import Music
import Testing

@Suite struct KeyEstimateTests {
  static let cadence = [0, 4, 7, 12, 5, 9, 12, 7, 11, 14, 5, 0, 4, 7, 0]

  static func notes(_ steps: [Int], tonic: PitchClass) -> [PlayedNote] {
    steps.enumerated().map { index, step in
      PlayedNote(
        pitch: Pitch(clamping: 48 + Int(tonic.number) + step), velocity: .standard,
        onset: .zero + .milliseconds(300 * index), duration: .milliseconds(280))
    }
  }

  @Test("a cadence in any key is heard in that key", arguments: Mode.allCases)
  func cadences(mode: Mode) {
    let minor = [0, 3, 7, 12, 5, 8, 12, 7, 11, 14, 5, 0, 3, 7, 0]
    for tonic in PitchClass.all {
      var estimate = KeyEstimate()
      estimate.hear(Self.notes(mode == .major ? Self.cadence : minor, tonic: tonic))
      #expect(estimate.key == Key(tonic: tonic, mode: mode))
    }
  }

  @Test("before three different pitch classes there is no key")
  func none() {
    var estimate = KeyEstimate()
    #expect(estimate.key == nil)
    estimate.hear(Self.notes([0, 7, 12, 0], tonic: PitchClass(0)))
    #expect(estimate.key == nil)
  }

  @Test("some single notes do not overthrow a key, another key played for a while does")
  func fading() {
    var estimate = KeyEstimate()
    for _ in 0..<3 { estimate.hear(Self.notes(Self.cadence, tonic: PitchClass(0))) }
    for step in [6, 1, 8] { estimate.hear(Self.notes([step], tonic: PitchClass(0))) }
    #expect(estimate.key == Key(tonic: PitchClass(0), mode: .major))
    for _ in 0..<4 { estimate.hear(Self.notes(Self.cadence, tonic: PitchClass(6))) }
    #expect(estimate.key == Key(tonic: PitchClass(6), mode: .major))
  }
}
