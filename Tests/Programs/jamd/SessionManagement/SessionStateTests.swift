// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jamd: what a session manager's session keeps.
import ControlProtocol
import Foundation
import Music
import Testing
import jamd

@Suite struct SessionStateTests {
  private static let all: [ControlCommand] = [
    .set(.temperature, to: 0.5), .playerUse(name: "anna"), .mode(.trade), .styleUse(name: "bach", now: false),
    .role(.lead), .bars(8), .chart("4/4 C F G C"), .morph(to: 0.25, over: 8), .hands(.transport(.follow)),
    .hands(.midiSplit(lowest: 36, highest: 96)), .hands(.clockOut(true)), .hands(.countIn(true)),
    .variation(.stochastic),
  ]

  @Test("a state survives its file, whatever order it was made in")
  func roundTrip() throws {
    var state = SessionState()
    for command in Self.all { state.keep(command) }
    var other = SessionState()
    for command in Self.all.reversed() { other.keep(command) }
    #expect(state == other && state.commands.count == Self.all.count)
    #expect(try SessionState(parsing: state.encoded) == state)
    #expect(state.encoded == other.encoded)
  }

  @Test("of each kind the last command counts, and a mix is another way to say the style")
  func kinds() {
    var state = SessionState()
    state.keep(.styleUse(name: "bach", now: false))
    state.keep(.styleMix(weights: [StyleShare(name: "joplin", weight: 1)], over: 30))
    #expect(state.commands == [.styleMix(weights: [StyleShare(name: "joplin", weight: 1)], over: 0)])
    state.keep(.mode(.trade))
    state.keep(.set(.mode, to: 0.5))
    state.keep(.role(.lead))
    state.keep(.set(.role, to: 0))
    #expect(state.commands.count == 3)
  }

  @Test("what is pressed or only looks is not kept")
  func momentary() {
    var state = SessionState()
    let pressed: [ControlCommand] = [
      .status, .styleList, .playerList, .configShow, .answer, .stop, .tap, .panic, .watch, .midiLearn(.morph),
      .set(.panic, to: 1), .set(.tap, to: 1), .hands(.midiForget),
    ]
    for command in pressed { state.keep(command) }
    #expect(state.commands.isEmpty)
  }

  @Test("a session without a word about something has it as it was configured")
  func overlay() {
    var configured = SessionState()
    configured.keep(.mode(.answer))
    configured.keep(.bars(4))
    var kept = SessionState()
    kept.keep(.mode(.trade))
    #expect(configured.overlaid(with: kept).commands == [.mode(.trade), .bars(4)])
  }

  @Test("a file is replaced at once, is missing at first, and what is wrong in it is told with its line")
  func file() throws {
    let folder = TemporaryFolder()
    let file = SessionStateFile(in: "\(folder.path)/gig/jamd.nABCD")
    #expect(try file.read() == nil)
    var state = SessionState()
    state.keep(.bars(8))
    try file.write(state)
    #expect(try file.read() == state)
    try WholeFile.write(state.encoded + Array("{\"command\":\"bars\"}\n".utf8), to: file.path)
    do {
      _ = try file.read()
      Issue.record("read")
    } catch {
      #expect("\(error)".contains("line 2") && "\(error)".contains(file.path))
    }
  }

  @Test("any bytes are a state or an error, and a state that was read is written the same again")
  func noise() throws {
    var state = SessionState()
    for command in Self.all { state.keep(command) }
    let bytes = state.encoded
    let rounds = ProcessInfo.processInfo.environment["JAMD_FUZZ"].flatMap { Int($0) } ?? 2000
    var seed: UInt64 = 1
    func below(_ bound: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((seed >> 33) % UInt64(bound))
    }
    for _ in 0..<rounds {
      var noise = bytes
      for _ in 0...below(3) { noise[below(noise.count)] = UInt8(below(256)) }
      noise.removeLast(below(2) * below(noise.count))
      guard let read = try? SessionState(parsing: noise) else { continue }
      #expect(try SessionState(parsing: read.encoded) == read)
    }
  }
}
