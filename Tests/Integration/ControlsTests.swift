// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: controllers that have learned and keys that are commands, in a running jamd.
import Foundation
import JamTestKit
import Music
import Testing

@Suite(.serialized) struct ControlsTests {
  private struct Status: Decodable {
    struct Controls: Decodable {
      struct Controller: Decodable, Equatable {
        var number: Int
        var parameter: String
      }
      var controllers: [Controller]
      var lowestKey: Int
      var highestKey: Int
    }
    struct Style: Decodable {
      var name: String
    }
    struct Playing: Decodable {
      struct Chart: Decodable {
        var bars: Int
      }
      var role: String
      var bars: Int
      var chart: Chart?
      var temperature: Double
    }
    struct Clock: Decodable {
      var from: String
    }
    var clock: Clock
    var playing: Playing
    var controls: Controls
    var mode: String
    var styles: [Style]
  }

  private static func status(_ jam: LiveJam) throws -> Status {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Status.self, from: Data(try jam.jam(["status", "--json"]).utf8))
  }

  @Test(
    "keys of the split are commands and never sound; what a controller learned is in its file, until it is forgotten")
  func controls() throws {
    let configuration = FileManager.default.temporaryDirectory.appending(path: "jamd-controls-\(getpid()).toml")
    try "[player]\nthru_to_midi_out = true\n".write(to: configuration, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: configuration) }
    let jam = try LiveJam("controls", arguments: ["--config", configuration.path])
    #expect(try jam.jam(["midi", "split", "C2", "127"]).isEmpty)
    func press(_ key: Int) {
      let now = jam.client.now &+ 2400
      #expect(jam.client.send(.noteOn(Pitch(clamping: key), .standard), at: now))
      #expect(jam.client.send(.noteOff(Pitch(clamping: key)), at: now &+ 2400))
    }
    press(34)
    #expect(waitUntil(within: 5) { (try? Self.status(jam).mode) == "trade" })
    #expect(try Self.status(jam).controls.lowestKey == 36)
    press(36)
    #expect(jam.listen(within: 5) { $0.contains { $0.message.data1 == 36 && $0.message.isNoteOn } })
    #expect(!jam.heard.contains { $0.message.data1 == 34 })
    _ = try jam.jam(["midi", "learn", "mode"])
    #expect(jam.client.send(.controlChange(21, 0), at: jam.client.now &+ 2400))
    let learned = Status.Controls.Controller(number: 21, parameter: "mode")
    #expect(waitUntil(within: 5) { (try? Self.status(jam).controls.controllers.contains(learned)) ?? false })
    #expect(try Self.status(jam).mode == "answer")
    let file = jam.folder.appending(path: "jamd/controllers")
    #expect(waitUntil(within: 5) { (try? String(contentsOf: file, encoding: .utf8))?.contains("21=mode") ?? false })
    _ = try jam.jam(["midi", "forget"])
    #expect(waitUntil(within: 5) { (try? String(contentsOf: file, encoding: .utf8))?.contains("21=mode") == false })
    #expect(try !Self.status(jam).controls.controllers.contains(learned))
  }

  @Test("the status tells what was set; who plays along refuses to answer; a tapped tempo is told to be tapped")
  func settings() throws {
    let jam = try LiveJam("settings")
    #expect(try Self.status(jam).playing.role == "auto" && Self.status(jam).clock.from == "playing")
    for command in [
      ["role", "lead"], ["bars", "8"], ["chart", "12-bar-blues", "--transpose", "-2"], ["set", "temperature", "1"],
    ] {
      #expect(try jam.jam(command).isEmpty)
    }
    let status = try Self.status(jam)
    #expect(status.playing.role == "lead" && status.playing.bars == 8 && status.playing.temperature == 2)
    #expect(status.playing.chart?.bars == 12)
    _ = try jam.jam(["mode", "accompany"])
    #expect(try jam.jam(["answer"]).contains("jam mode answer"))
    #expect(try jam.jam(["set", "answer", "1"]).contains("jam mode answer"))
    #expect(try jam.jam(["set", "answer", "0"]).isEmpty)
    for _ in 0..<4 {
      _ = try jam.jam(["tap"])
      usleep(400_000)
    }
    #expect(try Self.status(jam).clock.from == "taps")
  }

  @Test("a program change chooses the style by its place in the alphabet; one beyond the last does nothing")
  func programChange() throws {
    let jam = try LiveJam("programs")
    func style() -> String? { try? Self.status(jam).styles.first?.name }
    let names = try FileManager.default.contentsOfDirectory(atPath: LiveJam.styles)
      .filter { $0.hasSuffix(".style") }.map { String($0.dropLast(6)) }.sorted()
    for program in [0, 2, 1] {
      #expect(jam.client.send(MIDIMessage(0xC0, UInt8(program), 0), at: jam.client.now &+ 2400))
      #expect(waitUntil(within: 5) { style() == names[program] })
    }
    #expect(jam.client.send(MIDIMessage(0xC0, 100, 0), at: jam.client.now &+ 2400))
    jam.play([60, 64, 67])
    #expect(jam.listen(within: 10) { $0.contains { $0.message.isNoteOn } })
    #expect(style() == names[1])
  }
}
