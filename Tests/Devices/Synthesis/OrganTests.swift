// SPDX-License-Identifier: Apache-2.0
// Tests/Synthesis: the drawbar organ.
import Foundation
import Music
import RealTime
import Synthesis
import Testing

private func organ(_ drawbars: Drawbars = .jazz) -> SynthesizerSettings {
  SynthesizerSettings(player: .organ(drawbars), answer: .organ(drawbars))
}

private func on(_ pitch: UInt8, _ velocity: UInt8 = 100) -> MIDIMessage { MIDIMessage(0x90, pitch, velocity) }
private func off(_ pitch: UInt8) -> MIDIMessage { MIDIMessage(0x80, pitch, 64) }

@Suite("The organ")
struct OrganTests {
  @Test("each drawbar sounds its own ratio, and nothing else of the nine", arguments: 0..<9)
  func ratios(drawbar: Int) throws {
    let positions = (0..<9).map { $0 == drawbar ? 8 : 0 }
    let player = Player(organ(try #require(Drawbars(positions))))
    player.play(on(57))
    player.run(seconds: 0.7)
    let samples = player.tail(seconds: 0.5)
    for (index, ratio) in [0.5, 1.5, 1, 2, 3, 4, 5, 6, 8].enumerated() {
      let level = amplitude(of: 220 * ratio, in: samples, sampleRate: 48000)
      #expect(index == drawbar ? level > 0.05 : level < 0.0005, "ratio \(ratio): \(level)")
    }
  }

  @Test("keys are in tune to a hundredth of a semitone", arguments: [21, 36, 48, 60, 69, 84, 96, 108] as [UInt8])
  func tuning(pitch: UInt8) throws {
    let player = Player(organ(try #require(Drawbars("008000000"))))
    player.play(on(pitch))
    player.run(seconds: 1.1)
    let wanted = 440 * exp2((Double(pitch) - 69) / 12)
    let found = peak(near: wanted, in: player.tail(seconds: 1), sampleRate: 48000)
    #expect(abs(12 * log2(found / wanted)) < 0.01, "\(found) Hz for \(wanted) Hz")
  }

  @Test("an event acts on its frame")
  func onset() {
    let player = Player(organ())
    player.run(seconds: 0.1)
    let before = player.left.count
    player.cycle(256, [(77, on(60), .player)])
    #expect(player.left[before..<before + 77].allSatisfy { $0 == 0 })
    #expect(player.left[(before + 77)...].prefix(8).contains { $0 != 0 })
  }

  @Test("after the release there is silence, exact zero")
  func release() {
    let player = Player(organ())
    for pitch in [48, 60, 64, 67] as [UInt8] { player.play(on(pitch), part: pitch == 48 ? .answer : .player) }
    player.run(seconds: 0.3)
    #expect(rms(player.tail(seconds: 0.1)) > 0.05)
    for pitch in [48, 60, 64, 67] as [UInt8] { player.play(off(pitch), part: pitch == 48 ? .answer : .player) }
    player.run(seconds: 0.3)
    #expect(player.tail(seconds: 0.2).allSatisfy { $0 == 0 })
  }

  @Test("the pedal holds what was released, and lets it go")
  func pedal() {
    let player = Player(organ())
    player.play(MIDIMessage(0xB0, 64, 127))
    player.play(on(60))
    player.play(off(60))
    player.run(seconds: 0.3)
    #expect(rms(player.tail(seconds: 0.1)) > 0.02)
    player.play(MIDIMessage(0xB0, 64, 0))
    player.run(seconds: 0.3)
    #expect(player.tail(seconds: 0.1).allSatisfy { $0 == 0 })
  }

  @Test("all 128 keys at full strength on both parts stay within full scale, and a sample is always a number")
  func bounds() throws {
    let full = try #require(Drawbars("888888888"))
    let player = Player(SynthesizerSettings(player: .organ(full), answer: .organ(full), gain: 10))
    for pitch in 0..<128 as Range<UInt8> {
      player.play(on(pitch, 127), part: .player)
      player.play(on(pitch, 127), part: .answer)
    }
    player.run(seconds: 0.5)
    #expect(player.left.allSatisfy { $0.isFinite && abs($0) < 1 })
    for pitch in 0..<128 as Range<UInt8> {
      player.play(off(pitch), part: .player)
      player.play(off(pitch), part: .answer)
    }
    player.run(seconds: 0.3)
    #expect(player.tail(seconds: 0.1).allSatisfy { $0 == 0 }, "a stolen voice hangs")
  }

  @Test("the wave has no step when a key is struck again or a cycle ends")
  func continuity() throws {
    let player = Player(organ(try #require(Drawbars("008000000"))))
    player.play(on(57, 1))
    player.run(seconds: 0.2)
    let from = player.left.count
    for _ in 0..<20 {
      player.cycle(37, [(11, off(57), .player)])
      player.cycle(53, [(7, on(57, 1), .player)])
    }
    let part = player.left[from...]
    let steepest = zip(part, part.dropFirst()).map { abs($1 - $0) }.max() ?? 1
    #expect(steepest < 0.01, "a step of \(steepest)")
  }

  @Test("no partial folds back from above the Nyquist frequency", arguments: [100, 112, 120, 127] as [UInt8])
  func aliasing(pitch: UInt8) throws {
    let player = Player(organ(try #require(Drawbars("888888888"))))
    player.play(on(pitch))
    player.run(seconds: 0.6)
    let samples = player.tail(seconds: 0.5)
    let base = 220 * exp2((Double(pitch) - 69) / 12)
    for harmonic in [1, 2, 3, 4, 6, 8, 10, 12, 16] where base * Double(harmonic) > 24000 {
      let folded = abs(base * Double(harmonic) - 48000 * (base * Double(harmonic) / 48000).rounded())
      let isPartial = [1, 2, 3, 4, 6, 8, 10, 12, 16].contains { abs(base * $0 - folded) < 40 }
      if !isPartial { #expect(amplitude(of: folded, in: samples, sampleRate: 48000) < 0.001) }
    }
  }

  @Test("registrations are read as they are written, and nothing else")
  func registrations() {
    #expect(Drawbars("88 8000 000")?.positions == [8, 8, 8, 0, 0, 0, 0, 0, 0])
    for wrong in ["", "888", "999999999", "8880000000", "88800000x", "000000000"] { #expect(Drawbars(wrong) == nil) }
    #expect(Drawbars([0, 0, 0, 0, 0, 0, 0, 0, 9]) == nil)
  }
}
