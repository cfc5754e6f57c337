// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jamd: the command line.
import Testing
import jamd

@Suite struct ArgumentsTests {
  @Test("nothing given changes nothing")
  func nothing() throws {
    var configuration = Configuration()
    try Arguments.parse([]).apply(to: &configuration)
    #expect(configuration == Configuration())
  }

  @Test("every flag that has a setting changes it")
  func settings() throws {
    var configuration = Configuration()
    configuration.style.folders = ["/z"]
    let arguments = try Arguments.parse([
      "--style", "bach", "--styles", "a", "--styles", "b", "--seed", "5", "--record", "r", "--jack-server", "s",
      "--socket", "/x", "--player", "anna", "--no-record", "--start-jack", "--overlap", "--no-thru", "--midi-only",
    ])
    arguments.apply(to: &configuration)
    #expect(configuration.style.name == "bach" && configuration.style.folders == ["a", "b", "/z"])
    #expect(configuration.style.seed == 5 && configuration.record.folder == "r" && configuration.jack.server == "s")
    #expect(configuration.player.name == "anna" && !configuration.record.isEnabled)
    #expect(configuration.control.socket == "/x" && configuration.jack.startsServer && configuration.answer.overlap)
    #expect(!configuration.player.thru && !configuration.synth.isEnabled)
  }

  @Test("--demo takes a file or none")
  func demo() throws {
    #expect(try Arguments.parse([]).demo == nil)
    #expect(try Arguments.parse(["--demo"]).demo == .bundled)
    #expect(try Arguments.parse(["--demo", "--wav", "x.wav"]).demo == .bundled)
    #expect(try Arguments.parse(["--demo", "call.mid"]).demo == .file("call.mid"))
    #expect(try Arguments.parse(["--demo=call.mid", "--quit-after", "2.5"]).quitAfter == 2.5)
  }

  @Test(
    "nonsense is refused",
    arguments: [
      ["--seed", "-1"], ["--seed=-1"], ["--seed", "x"], ["--quit-after", "0"], ["--quit-after=-1"],
      ["--quit-after", "nan"],
      ["--unknown"], ["stray"], ["--player", "../x"],
    ])
  func refusals(arguments: [String]) {
    #expect(throws: (any Error).self) { try Arguments.parse(arguments) }
  }
}
