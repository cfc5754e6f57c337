// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: the tool, as a user runs it.
import Foundation
import Music
import Scores
import Testing

@Suite(.serialized) struct ToolTests {
  static let folder = FileManager.default.temporaryDirectory.appending(path: "jam-tool-\(getpid())")

  static func jam(_ arguments: String...) throws -> (output: String, status: Int32) {
    let process = try ChildProcess(Programs.jam, arguments, environment: ["JAMD_STYLES": LiveJam.styles])
    #expect(waitUntil(within: 60) { !process.isRunning })
    usleep(20_000)
    return (process.output, process.exitStatus)
  }

  static func write(_ piece: Piece, _ name: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: name).path
    try Data(StandardMIDIFile(piece).encoded()).write(to: URL(fileURLWithPath: path))
    return path
  }

  static func read(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  static let call = Piece(
    parts: [
      Part(
        notes: [60, 62, 64, 65, 67, 65, 64, 62].enumerated().map { index, pitch in
          Note(pitch: Pitch(clamping: pitch), onset: Beats(Double(index) / 2), duration: Beats(0.4))
        })
    ])

  @Test("the same call, style and seed give the same bytes, and another seed other ones")
  func respond() throws {
    let call = try Self.write(Self.call, "call.mid")
    let outputs = try ["1", "1", "2"].enumerated().map { index, seed in
      let output = Self.folder.appending(path: "answer\(index).mid").path
      let result = try Self.jam("respond", call, "--style", "joplin", "--seed", seed, "-o", output)
      #expect(result.status == 0, "\(result.output)")
      return try Self.read(output)
    }
    #expect(outputs[0] == outputs[1])
    #expect(outputs[0] != outputs[2])
    #expect(!Piece(try StandardMIDIFile(parsing: [UInt8](outputs[0]))).notes.isEmpty)
  }

  @Test("mode, role, bars and chart can be tried without a jamd, and each is heard")
  func ways() throws {
    let call = try Self.write(Self.call, "call.mid")
    let chart = Self.folder.appending(path: "a.chart").path
    try Data("| Gm(maj7) | D7b5 |".utf8).write(to: URL(fileURLWithPath: chart))
    func answer(_ name: String, _ options: String...) throws -> Data {
      let output = Self.folder.appending(path: "\(name).mid").path
      let process = try ChildProcess(
        Programs.jam, ["replay", call, "--style", "joplin", "-o", output] + options,
        environment: ["JAMD_STYLES": LiveJam.styles])
      #expect(waitUntil(within: 60) { !process.isRunning } && process.exitStatus == 0, "\(process.output)")
      return try Self.read(output)
    }
    let plain = try answer("plain")
    #expect(try answer("chart", "--chart", chart) != plain)
    #expect(try answer("lead", "--role", "lead") != answer("support", "--role", "support"))
    #expect(try answer("trade", "--mode", "trade", "--bars", "1") != plain)
  }

  @Test("a chart moves down as well as up")
  func transposition() throws {
    // Nobody listens there: the command line was understood.
    for semitones in ["-2", "2", "+2"] {
      #expect(
        try Self.jam("chart", "12-bar-blues", "--transpose", semitones, "--socket", "/nowhere/s").status == 69)
    }
    #expect(try Self.jam("chart", "12-bar-blues", "--transpose", "x", "--socket", "/nowhere/s").status == 64)
  }

  @Test("keys that are never let go of end with their track")
  func stuck() throws {
    let file = StandardMIDIFile(Self.call)
    let tracks = file.tracks.map { track in
      track.filter { if case .message(let message) = $0.event { !message.isNoteOff } else { true } }
    }
    let path = try Self.write(Self.call, "stuck.mid")
    let stuck = StandardMIDIFile(format: file.format, division: file.division, tracks: tracks)
    try Data(stuck.encoded()).write(to: URL(fileURLWithPath: path))
    let output = Self.folder.appending(path: "unstuck.mid").path
    let result = try Self.jam("respond", path, "--style", "joplin", "-o", output, "--json")
    #expect(result.status == 0 && !result.output.contains("\"notes\":0"), "\(result.output)")
  }

  @Test("learning skips what is no MIDI file, says so with its place, and merging shards gives the same style")
  func learnAndMerge() throws {
    let first = try Self.write(Self.call, "a.mid")
    var other = Self.call
    other.parts[0].notes.reverse()
    other.parts[0].notes = other.parts[0].notes.enumerated().map { index, note in
      Note(pitch: note.pitch, onset: Beats(Double(index) / 4), duration: Beats(0.2))
    }
    let second = try Self.write(other, "b.mid")
    let broken = Self.folder.appending(path: "broken.mid").path
    try Data("MThd no".utf8).write(to: URL(fileURLWithPath: broken))
    func style(_ name: String) -> String { Self.folder.appending(path: name).path }
    let learned = try Self.jam("learn", first, second, broken, "-o", style("all.style"), "--title", "T")
    #expect(learned.status == 0)
    #expect(learned.output.contains("skipped: \(broken): at byte 0"))
    _ = try Self.jam("learn", first, "-o", style("1.style"), "--title", "T")
    _ = try Self.jam("learn", second, "-o", style("2.style"), "--title", "T")
    let merged = try Self.jam("merge", style("1.style"), style("2.style"), "-o", style("merged.style"), "--title", "T")
    #expect(merged.status == 0, "\(merged.output)")
    #expect(try Self.read(style("all.style")) == Self.read(style("merged.style")))
    #expect(try Self.jam("inspect", style("all.style")).output.contains("2 pieces, 16 notes"))
  }

  /// Runs a line of shell in which `jam` is the tool.
  private static func shell(_ line: String) throws -> (output: String, status: Int32) {
    let process = try ChildProcess(
      "/bin/sh", ["-c", "jam() { \"\(Programs.jam)\" \"$@\"; }; \(line)"], environment: ["JAMD_STYLES": LiveJam.styles])
    #expect(waitUntil(within: 60) { !process.isRunning })
    usleep(20_000)
    return (process.output, process.exitStatus)
  }

  @Test("-o - is standard output, and carries nothing but the file")
  func standardOutput() throws {
    let call = try Self.write(Self.call, "call.mid")
    let (file, copy) = (Self.folder.appending(path: "a.mid").path, Self.folder.appending(path: "b.mid").path)
    let respond = "jam respond '\(call)' --style joplin --json -o"
    let result = try Self.shell("\(respond) '\(file)' && \(respond) - >'\(copy)'")
    #expect(result.status == 0 && result.output.components(separatedBy: "\"notes\"").count == 3, "\(result.output)")
    #expect(try Self.read(file) == Self.read(copy))
  }

  @Test("what cannot be printed is an error, and a standard output that is closed is nobody else's")
  func printing() throws {
    let style = "\(LiveJam.styles)/joplin.style"
    for line in ["jam inspect '\(style)' >/dev/full", "jam inspect '\(style)' >&-", "jam --help >/dev/full"] {
      let result = try Self.shell(line)
      #expect(result.status == 74 && result.output.contains("standard output cannot be written"), "\(line): \(result)")
    }
  }

  @Test("what is wrong is said in one line, with the exit code of sysexits")
  func failures() throws {
    let call = try Self.write(Self.call, "call.mid")
    #expect(try Self.jam("respond", call, "--style", "nobody", "-o", "/dev/null").status == 66)
    #expect(try Self.jam("respond", "/nowhere.mid", "--style", "joplin", "-o", "/dev/null").status == 66)
    #expect(try Self.jam("respond", Programs.jam, "--style", "joplin", "-o", "/dev/null").status == 65)
    #expect(try Self.jam("respond", call, "--style", "joplin", "-o", "/nowhere/x.mid").status == 73)
    #expect(try Self.jam("status", "--socket", "/nowhere/s").status == 69)
    #expect(try Self.jam("bogus").status == 64)
    let typed = try Self.jam("syle", "list")
    #expect(typed.status == 64 && typed.output == "jam: there is no \"jam syle\"; did you mean \"style\"?\n")
    #expect(try Self.jam("style", "mix", "bach=1", "bach=2").status == 64)
    #expect(try Self.jam("respond", call, "--style", "joplin", "--chart", "nowhere", "-o", "/dev/null").status == 66)
    #expect(try Self.jam("respond", call, "--style", "joplin", "--bars", "65", "-o", "/dev/null").status == 64)
  }
}
