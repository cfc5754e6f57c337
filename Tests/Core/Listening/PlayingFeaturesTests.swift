// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Listening: how somebody plays just now.
import Listening
import Music
import Testing

@Suite("The playing features") struct PlayingFeaturesTests {
  private static func instant(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

  /// `count` chords of `keys`, `rate` a second, each held for `share` of its interval.
  private static func play(
    _ features: inout PlayingFeatures, _ keys: [Int], velocity: Int = 64, count: Int, rate: Double, share: Double,
    from start: Double = 1
  ) -> Double {
    for index in 0..<count {
      let onset = start + Double(index) / rate
      for key in keys { features.press(Pitch(clamping: key), Velocity(clamping: velocity), at: instant(onset)) }
      for key in keys { features.release(Pitch(clamping: key), at: instant(onset + share / rate)) }
    }
    let end = start + Double(count) / rate
    features.advance(to: instant(end))
    return end
  }

  @Test("density is right after three seconds and after a minute", arguments: [1.0, 3, 8])
  func density(rate: Double) {
    for seconds in [3, 60] {
      var features = PlayingFeatures()
      _ = Self.play(&features, [60], count: Int(rate) * seconds, rate: rate, share: 0.8)
      #expect(abs(features.density / rate - 1) < 0.15)
    }
  }

  @Test("a chord is one onset of many notes")
  func chords() throws {
    var features = PlayingFeatures()
    _ = Self.play(&features, [48, 52, 55, 60], count: 30, rate: 2, share: 0.8)
    #expect(abs(features.density - 2) < 0.3)
    #expect(abs(try #require(features.polyphony) - 4) < 0.01)
  }

  @Test("articulation tells staccato from legato")
  func articulation() throws {
    for share in [0.1, 0.5, 1.0] {
      var features = PlayingFeatures()
      _ = Self.play(&features, [60], count: 40, rate: 4, share: share)
      #expect(abs(try #require(features.articulation) - share) < 0.05)
    }
  }

  @Test("loudness and register follow the playing within three half-lives")
  func following() throws {
    var features = PlayingFeatures()
    let middle = Self.play(&features, [84], velocity: 110, count: 100, rate: 5, share: 0.8)
    #expect(features.loudness == Velocity(110))
    #expect(features.register == Pitch(84))
    _ = Self.play(&features, [36], velocity: 30, count: 60, rate: 5, share: 0.8, from: middle)
    #expect(try #require(features.loudness) < Velocity(clamping: 45))
    #expect(try #require(features.register) < Pitch(clamping: 46))
  }

  @Test("silence takes density to nothing and forgets the rest")
  func silence() {
    var features = PlayingFeatures()
    let end = Self.play(&features, [60], count: 20, rate: 5, share: 0.8)
    features.advance(to: Self.instant(end + 300))
    #expect(features.density < 1e-6)
    #expect(features.loudness == nil && features.register == nil)
    #expect(features.articulation == nil && features.polyphony == nil)
  }
}
