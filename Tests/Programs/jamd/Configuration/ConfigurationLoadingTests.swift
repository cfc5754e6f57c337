// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jamd: which file and flag counts more.
import Foundation
import Testing
import jamd

@Suite struct ConfigurationLoadingTests {
  private let environment = ["HOME": "/home/me"]
  private let system = "/etc/jamd/jamd.toml"
  private let user = "/home/me/.config/jamd/jamd.toml"

  private func load(_ files: [String: String], _ arguments: [String] = []) throws -> (Configuration, [String]) {
    let loaded = try Configuration.load(try Arguments.parse(arguments), environment: environment) { path in
      files[path].map { .text($0) } ?? .missing
    }
    return (loaded.configuration, loaded.files)
  }

  @Test("without any file the defaults are in force")
  func nothing() throws {
    let (configuration, files) = try load([:])
    #expect(configuration == Configuration() && files.isEmpty)
  }

  @Test("the user's file counts more than the system's, and a flag more than both, key by key")
  func layers() throws {
    let files = [
      system: "[style]\nname = 'a'\nseed = 1\n[answer]\ngain = 0.5", user: "[style]\nname = 'b'\nseed = 2",
    ]
    let (configuration, read) = try load(files, ["--style", "c"])
    #expect(read == [system, user])
    #expect(configuration.style.name == "c" && configuration.style.seed == 2 && configuration.answer.gain == 0.5)
  }

  @Test("a given file is the only one, and has to be there")
  func given() throws {
    let (configuration, read) = try load([system: "[style]\nname = 'a'", "/x": ""], ["--config", "/x"])
    #expect(read == ["/x"] && configuration == Configuration())
    #expect(throws: ConfigurationError.self) { try load([:], ["--config", "/y"]) }
  }

  @Test("a file that exists but cannot be read keeps jamd from starting")
  func unreadable() throws {
    let arguments = try Arguments.parse([])
    #expect(throws: ConfigurationError.self) {
      try Configuration.load(arguments, environment: [:]) { _ in .unreadable(reason: "permission denied") }
    }
  }

  @Test("problems of all files come together, and --check tells them with the code of sysexits")
  func check() throws {
    let files = [system: "[zz]", user: "\n[yy]"]
    let arguments = try Arguments.parse(["--check"])
    let bad = Configuration.check(arguments, environment: environment) { files[$0].map { .text($0) } ?? .missing }
    #expect(bad.exitCode == 78 && bad.output.contains("\(system):1: ") && bad.output.contains("\(user):2: "))
    let good = Configuration.check(arguments, environment: environment) { _ in .missing }
    #expect(good.exitCode == 0 && good.output == "ok")
  }

  @Test(
    "--check warns of a style, a chart, a SoundFont and a group that do not exist, and is content with those that do")
  func absences() throws {
    let folder = TemporaryFolder()
    try WholeFile.makeFolder(folder.path)
    for name in ["here.style", "here.chart", "here.sf2"] {
      try WholeFile.write(Array("| C |".utf8), to: "\(folder.path)/\(name)")
    }
    let groups = ["here": "root", "gone": "no such group"]
    for (name, count) in [("here", 0), ("gone", 4)] {
      let text = """
        style.name = '\(name)'
        style.folders = ['\(folder.path)']
        answer.chart = '\(folder.path)/\(name).chart'
        synth.soundfont = '\(folder.path)/\(name).sf2'
        control.group = '\(groups[name] ?? "")'
        """
      let outcome = Configuration.check(try Arguments.parse(["--check"]), environment: environment) {
        $0 == user ? .text(text) : .missing
      }
      let lines = outcome.output.split(separator: "\n")
      #expect(outcome.exitCode == 0 && lines.last == "ok" && lines.count == count + 1, "\(outcome.output)")
      #expect(lines.dropLast().allSatisfy { $0.hasPrefix("warning: ") })
    }
  }

  @Test(
    "a socket whose path is too long for one is refused, also where it is the home folder or a flag that makes it so")
  func longSocket() throws {
    let short = "~/\(String(repeating: "x", count: 100))"
    #expect(throws: ConfigurationError.self) { try load([user: "control.socket = '\(short)'"]) }
    #expect(throws: ConfigurationError.self) { try load([:], ["--socket", "/\(short)/\(short)"]) }
  }

  @Test("silences in the wrong order are refused, also when two files bring them about")
  func contradiction() {
    let files = [system: "[phrase]\nlongest_silence_ms = 500", user: "[phrase]\nshortest_silence_ms = 600"]
    #expect(throws: ConfigurationError.self) { try load(files) }
  }

  @Test("~/ is the home folder, in every path")
  func home() throws {
    let text = "synth.soundfont='~/a'\nrecord.folder='~/b'\ncontrol.socket='~/c'\nstyle.folders=['~/d', '/e']"
    let (configuration, _) = try load([user: text])
    #expect(configuration.synth.soundFont == "/home/me/a" && configuration.record.folder == "/home/me/b")
    #expect(configuration.control.socket == "/home/me/c" && configuration.style.folders == ["/home/me/d", "/e"])
  }

  @Test("$XDG_CONFIG_HOME counts when it is absolute")
  func places() {
    #expect(
      Configuration.paths(given: nil, environment: ["XDG_CONFIG_HOME": "/c", "HOME": "/h"]).last == "/c/jamd/jamd.toml")
    #expect(
      Configuration.paths(given: nil, environment: ["XDG_CONFIG_HOME": "c", "HOME": "/h"]).last
        == "/h/.config/jamd/jamd.toml")
    #expect(Configuration.paths(given: nil, environment: [:]) == [system])
  }

  @Test("a file on disk is read whole; a folder, a missing and a huge file are told apart")
  func disk() throws {
    let folder = URL.temporaryDirectory.appending(path: "jamd-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "x.toml")
    let text = String(repeating: "# é\n", count: 50_000)
    try text.write(to: file, atomically: true, encoding: .utf8)
    #expect(ConfigurationFile(reading: file.path) == .text(text))
    #expect(ConfigurationFile(reading: file.path + "x") == .missing)
    try Data(count: ConfigurationFile.largest + 1).write(to: file)
    for path in [file.path, folder.path] {
      guard case .unreadable = ConfigurationFile(reading: path) else {
        Issue.record("\(path) was read")
        continue
      }
    }
  }
}
