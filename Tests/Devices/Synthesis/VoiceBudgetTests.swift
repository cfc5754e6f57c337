// SPDX-License-Identifier: Apache-2.0
// Tests/Synthesis: voices are shed by rule before a period is missed. Costs are injected.
import Glibc
import Music
import RealTime
import Synthesis
import Testing

private let hasSoundFont = SoundFonts.find() != nil

/// 64 frames at 48 kHz are 1,333,333 ns; half of that is to be used, 20,833 / 2 ns a frame.
private func budget(each: Double = 50, base: Double = 400) -> VoiceBudget {
  VoiceBudget(wanted: 64, share: 0.5, sampleRate: 48000, base: base, each: each)
}

/// What `voices` take for 64 frames, each `each` nanoseconds a frame.
private func cost(_ voices: Int, each: Double, base: Double = 400) -> Double { 64 * (base + Double(voices) * each) }

@Suite("Voices and the time there is for them")
struct VoiceBudgetTests {
  @Test("all voices may sound while they fit into their share of the period")
  func fits() {
    var budget = budget()
    for _ in 0..<10_000 {
      #expect(budget.limitForCycle() == 64)
      budget.spent(nanoseconds: cost(64, each: 156), voices: 64, frames: 64)
    }
  }

  @Test("voices that grow dearer, by no more than a third a cycle, are shed before a period is missed")
  func inTime() {
    var (budget, each, worst) = (budget(), 50.0, 0.0)
    while each < 1000 {
      let limit = budget.limitForCycle()
      let spent = cost(limit, each: each)
      if limit > VoiceBudget.least { worst = max(worst, spent) }
      budget.spent(nanoseconds: spent, voices: limit, frames: 64)
      each *= 1.33
    }
    #expect(worst > 0.5 * 1_333_333 && worst < 1_333_333, "\(worst) ns")
  }

  @Test("whatever voices cost of a sudden, those of the third cycle fit again", arguments: [200.0, 400, 600, 1e4])
  func dearer(each: Double) {
    var budget = budget()
    for _ in 0..<2 {
      _ = budget.limitForCycle()
      budget.spent(nanoseconds: cost(64, each: each), voices: 64, frames: 64)
    }
    let limit = budget.limitForCycle()
    #expect(limit < 64 && limit >= VoiceBudget.least)
    #expect(limit == VoiceBudget.least || cost(limit, each: each) <= 0.5 * 1_333_333)
    #expect(cost(limit + 1, each: each) > 0.5 * 1_333_333, "a voice too many was shed")
  }

  @Test(
    "two engines that mind each other keep within one share, and leave each other a half of it",
    arguments: [20.0, 150, 400])
  func shared(each: Double) {
    var (first, second) = (budget(), budget())
    var voices = (64, 64)
    for _ in 0..<2000 {
      voices.0 = first.limitForCycle(beside: second.expected(voices: voices.1))
      voices.1 = second.limitForCycle(beside: first.expected(voices: voices.0))
      first.spent(nanoseconds: cost(voices.0, each: each), voices: voices.0, frames: 64)
      second.spent(nanoseconds: cost(voices.1, each: each), voices: voices.1, frames: 64)
    }
    let total = cost(voices.0, each: each) + cost(voices.1, each: each)
    let least = min(voices.0, voices.1)
    #expect(total <= 0.5 * 1_333_333 || least == VoiceBudget.least, "\(voices), \(total) ns")
    if each == 150 { #expect(total > 0.4 * 1_333_333, "time is left: \(voices)") }
    if each == 20 { #expect(voices == (64, 64)) }
  }

  @Test("a single dear cycle, an interrupted one, ends no voice")
  func interrupted() {
    var budget = budget()
    for index in 0..<10_000 {
      #expect(budget.limitForCycle() == 64)
      budget.spent(nanoseconds: cost(64, each: index % 2 == 0 ? 50 : 5000), voices: 64, frames: 64)
    }
  }

  @Test("when voices are cheap again they come back, an eighth of them a second")
  func recovers() {
    var budget = budget()
    for _ in 0..<2 { budget.spent(nanoseconds: cost(64, each: 600), voices: 64, frames: 64) }
    var limit = budget.limitForCycle()
    #expect(limit == VoiceBudget.least)
    var rises: [Int] = []
    for cycle in 0..<(750 * 12) {
      budget.spent(nanoseconds: cost(limit, each: 50), voices: limit, frames: 64)
      let next = budget.limitForCycle()
      if next != limit { rises.append(cycle) }
      #expect(next == limit || next == limit + 8)
      limit = next
    }
    #expect(limit == 64 && zip(rises, rises.dropFirst()).allSatisfy { $1 - $0 >= 750 })
  }

  @Test("few voices tell nothing of what a voice costs")
  func few() {
    var budget = budget()
    for _ in 0..<100 { budget.spent(nanoseconds: 1e9, voices: 7, frames: 64) }
    #expect(budget.limitForCycle() == 64)
  }

  @Test(
    "without time for more, sixteen voices go on: the loudest, and those whose keys are down",
    .enabled(if: hasSoundFont, "no SoundFont"))
  func shedding() {
    var settings = SynthesizerSettings(hasReverb: false)
    settings.renderingShare = 1e-6
    let player = Player(settings)
    for pitch in 30..<60 as Range<UInt8> { player.play(MIDIMessage(0x90, pitch, 30)) }
    player.play(MIDIMessage(0x90, 69, 120))
    player.run(seconds: 0.5)
    #expect(player.activeVoices <= VoiceBudget.least && player.activeVoices > 0, "\(player.activeVoices) voices")
    let found = peak(near: 440, in: player.tail(seconds: 0.3), sampleRate: 48000)
    #expect(abs(12 * log2(found / 440)) < 0.2, "the loudest key was shed")
    #expect(amplitude(of: 440, in: player.tail(seconds: 0.3), sampleRate: 48000) > 0.01)
  }

  @Test("an organ, too, sheds what there is no time for, and goes on sounding")
  func organ() {
    var settings = SynthesizerSettings(player: .organ(.jazz), answer: .organ(.jazz))
    settings.renderingShare = 1e-6
    let player = Player(settings)
    for pitch in 30..<80 as Range<UInt8> { player.play(MIDIMessage(0x90, pitch, 100)) }
    player.run(seconds: 0.5)
    #expect(player.activeVoices == VoiceBudget.least / 2 && player.shedVoices >= 42)
    #expect(rms(player.tail(seconds: 0.1)) > 0.05)
  }

  @Test("the pedal holds what was let go, however often it is struck", .enabled(if: hasSoundFont, "no SoundFont"))
  func pedal() {
    let player = Player(SynthesizerSettings(hasReverb: false))
    player.play(MIDIMessage(0xB0, 64, 127))
    for _ in 0..<3 {
      player.play(MIDIMessage(0x90, 57, 100))
      player.play(MIDIMessage(0x80, 57, 64))
    }
    player.run(seconds: 1)
    #expect(rms(player.tail(seconds: 0.2)) > 0.005, "the pedal does not hold")
    player.play(MIDIMessage(0xB0, 64, 0))
    player.run(seconds: 3)
    #expect(rms(player.tail(seconds: 0.2)) < 0.0005, "it hangs")
  }

  @Test("a key that is down when the pedal goes up sounds on", .enabled(if: hasSoundFont, "no SoundFont"))
  func pedalUp() {
    let player = Player(SynthesizerSettings(hasReverb: false))
    for message in [MIDIMessage(0xB0, 64, 127), MIDIMessage(0x90, 57, 100), MIDIMessage(0x80, 57, 64)] {
      player.play(message)
    }
    player.play(MIDIMessage(0x90, 57, 100))
    player.play(MIDIMessage(0xB0, 64, 0))
    player.run(seconds: 1)
    #expect(rms(player.tail(seconds: 0.2)) > 0.005)
    player.play(MIDIMessage(0x80, 57, 64))
    player.run(seconds: 3)
    #expect(rms(player.tail(seconds: 0.2)) < 0.0005)
  }
}
