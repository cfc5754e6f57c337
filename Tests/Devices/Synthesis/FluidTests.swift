// SPDX-License-Identifier: Apache-2.0
// Tests/Synthesis: FluidSynth and the choice of sounds.
import CFluidSynth
import Foundation
import Music
import RealTime
import Synthesis
import Testing

private let hasSoundFont = SoundFonts.find() != nil
/// FluidSynth has brought libgomp along.
private let hasOpenMP = dlopen("libgomp.so.1", RTLD_LAZY | RTLD_NOLOAD) != nil

@Suite("Sounds")
struct SoundTests {
  @Test("the piano and the marimba sound, in tune, and fall silent", .enabled(if: hasSoundFont, "no SoundFont"))
  func fluid() {
    for part in StagePart.allCases {
      let player = Player(SynthesizerSettings(hasReverb: false))
      guard case .ready(.some) = player.state else {
        Issue.record("\(player.state)")
        return
      }
      player.play(MIDIMessage(0x90, 69, 100), part: part)
      player.run(seconds: 0.5)
      #expect(rms(player.tail(seconds: 0.4)) > 0.01, "below -40 dB")
      let found = peak(near: 440, in: player.tail(seconds: 0.4), sampleRate: 48000)
      #expect(abs(12 * log2(found / 440)) < 0.2, "\(found) Hz")
      player.play(MIDIMessage(0x80, 69, 64), part: part)
      player.run(seconds: 3)
      #expect(rms(player.tail(seconds: 0.2)) < 0.0005)
    }
  }

  @Test("silence is at once, notes, tails and all", .enabled(if: hasSoundFont, "no SoundFont"))
  func silence() {
    let player = Player(SynthesizerSettings(hasReverb: false))
    for pitch in [48, 55, 60, 64] as [UInt8] { player.play(MIDIMessage(0x90, pitch, 110)) }
    player.run(seconds: 0.2)
    player.silence()
    player.cycle(256)
    player.run(seconds: 0.05)
    #expect(rms(player.tail(seconds: 0.02)) < 0.0005)
  }

  @Test(
    "omni, mono and poly end what sounds, and no part loses its sound by them",
    .enabled(if: hasSoundFont, "no SoundFont"), arguments: [(124, 0), (125, 0), (126, 0), (126, 1), (127, 0)])
  func channelMode(_ controller: UInt8, _ value: UInt8) {
    let player = Player(SynthesizerSettings(hasReverb: false))
    player.play(MIDIMessage(0x90, 60, 100))
    player.run(seconds: 0.2)
    player.play(MIDIMessage(0xB0, controller, value))
    player.run(seconds: 3)
    #expect(rms(player.tail(seconds: 0.2)) < 0.0005)
    // Two keys: in mono the first would give way.
    for part in StagePart.allCases {
      for key in [57, 69] as [UInt8] { player.play(MIDIMessage(0x90, key, 100), part: part) }
      player.run(seconds: 0.5)
      #expect(rms(player.tail(seconds: 0.4)) > 0.01)
      for near in [220.0, 440] {
        let found = peak(near: near, in: player.tail(seconds: 0.4), sampleRate: 48000)
        #expect(abs(12 * log2(found / near)) < 0.2, "\(found) Hz")
      }
      for key in [57, 69] as [UInt8] { player.play(MIDIMessage(0x80, key, 64), part: part) }
      player.run(seconds: 3)
    }
    player.play(MIDIMessage(0x99, 37, 110), part: .answer)
    player.run(seconds: 0.1)
    #expect(rms(player.tail(seconds: 0.1)) > 0.001, "the sticks")
  }

  @Test("after a reset no pedal holds and no wheel is turned", .enabled(if: hasSoundFont, "no SoundFont"))
  func reset() {
    let player = Player(SynthesizerSettings(hasReverb: false))
    for part in StagePart.allCases {
      player.play(MIDIMessage(0xB0, 64, 127), part: part)
      player.play(MIDIMessage(0xE0, 0, 0), part: part)
    }
    player.run(seconds: 0.1)
    player.reset()
    for part in StagePart.allCases {
      player.play(MIDIMessage(0x90, 69, 100), part: part)
      player.run(seconds: 0.5)
      let found = peak(near: 440, in: player.tail(seconds: 0.4), sampleRate: 48000)
      #expect(abs(12 * log2(found / 440)) < 0.2, "\(found) Hz")
      player.play(MIDIMessage(0x80, 69, 64), part: part)
      player.run(seconds: 3)
      #expect(rms(player.tail(seconds: 0.2)) < 0.0005)
    }
  }

  @Test("cycles of any length render the same as one of 64", .enabled(if: hasSoundFont, "no SoundFont"))
  func lengths() {
    let settings = SynthesizerSettings(player: .program(0), answer: .organ(.jazz), hasReverb: false)
    let (even, odd) = (Player(settings), Player(settings))
    for player in [even, odd] {
      player.cycle(64, [(0, MIDIMessage(0x90, 60, 90), .player), (0, MIDIMessage(0x90, 48, 90), .answer)])
    }
    for _ in 0..<1000 { even.cycle(64) }
    for length in [37, 27, 100, 28, 1, 63, 1000, 8192, 512] { odd.cycle(length) }
    let difference = zip(even.left, odd.left).map { abs($0 - $1) }.max() ?? 1
    #expect(difference < 1e-6)
  }

  @Test("64 voices at 64 frames leave half of the period free", .enabled(if: hasSoundFont, "no SoundFont"))
  func load() {
    let player = Player(SynthesizerSettings())
    for pitch in 0..<128 as Range<UInt8> {
      player.cycle(64, [(0, MIDIMessage(0x90, pitch, 100), .player), (0, MIDIMessage(0x90, pitch, 100), .answer)])
    }
    let voices = player.activeVoices
    let costs = (0..<500).map { _ in ContinuousClock().measure { player.cycle(64) } }.sorted()
    print("\(voices) voices, then \(player.activeVoices), 64 frames: p50 \(costs[250]), p99 \(costs[495]) of 1.33 ms")
    #expect(voices == 64)
    #expect(costs[250] < .microseconds(667))
  }

  @Test(
    "every block is rendered in the calling thread: FluidSynth's parallel regions are entered here, not by libgomp",
    .enabled(if: hasSoundFont && hasOpenMP, "no SoundFont, or a FluidSynth without OpenMP"))
  func inlineRegions() {
    let player = Player(SynthesizerSettings())
    let before = jamd_fluid_inline_regions()
    for _ in 0..<100 { player.cycle(64) }
    #expect(jamd_fluid_inline_regions() - before >= 100)
  }

  @Test("a program change does not change the sound", .enabled(if: hasSoundFont, "no SoundFont"))
  func programChange() {
    let (plain, changed) = (Player(SynthesizerSettings()), Player(SynthesizerSettings()))
    plain.play(MIDIMessage(0xE0, 0, 64))
    changed.play(MIDIMessage(0xC0, 40))
    for player in [plain, changed] {
      player.play(MIDIMessage(0x90, 60, 100))
      player.run(seconds: 0.3)
    }
    #expect(zip(plain.left, changed.left).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("without a readable SoundFont the organ plays, and the state says why and the way out")
  func noSoundFont() throws {
    let path = NSTemporaryDirectory() + "not-a-font-\(getpid()).sf2"
    try Data("RIFFnonsense".utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    for font in [path, "/nonexistent/none.sf2"] {
      let player = Player(SynthesizerSettings(soundFont: font))
      guard case .organInstead(let reason) = player.state else {
        Issue.record("\(player.state)")
        continue
      }
      #expect(reason.contains(font) && reason.contains("soundfont"))
      for part in StagePart.allCases { player.play(MIDIMessage(0x90, 60, 100), part: part) }
      player.run(seconds: 0.2)
      #expect(rms(player.tail(seconds: 0.1)) > 0.02)
    }
  }

  @Test("two organs need no SoundFont and load none")
  func organsOnly() {
    let player = Player(SynthesizerSettings(soundFont: "/none", player: .organ(.jazz), answer: .organ(.flutes)))
    #expect(player.state == .ready(soundFont: nil))
  }

  @Test("the user's folders come before the system's, default-GM before the others")
  func search() throws {
    let root = NSTemporaryDirectory() + "fonts-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: root) }
    func make(_ path: String) throws {
      let url = URL(fileURLWithPath: "\(root)/\(path)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
    }
    for path in ["b/a.sf2", "b/default-GM.sf2", "b/default.sf3", "b/readme.txt", "c/Zed.SF2", "c/y.sf2"] {
      try make(path)
    }
    let folders = ["a", "b", "c"].map { "\(root)/\($0)" }
    #expect(SoundFonts.find(in: folders) == "\(root)/b/default-GM.sf2")
    #expect(SoundFonts.find(in: [folders[2]]) == "\(root)/c/Zed.SF2")
    #expect(SoundFonts.find(in: [folders[0]]) == nil)
    let environment = ["HOME": "/home/eve", "XDG_DATA_DIRS": "/opt/share"]
    #expect(
      SoundFonts.folders { environment[$0] }.filter { $0.hasSuffix("sounds/sf2") } == [
        "/home/eve/.local/share/sounds/sf2", "/opt/share/sounds/sf2", "/usr/share/sounds/sf2",
      ])
  }
}
