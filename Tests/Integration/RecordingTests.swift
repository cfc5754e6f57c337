// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: nothing that was played is lost.
import Foundation
import Music
import Scores
import Style
import Testing

@Suite(.serialized) struct RecordingTests {
  /// The sessions in the folder, of a jamd that has just been started there again and ended.
  private static func recover(_ jam: LiveJam) throws -> [Take] {
    let next = try ChildProcess(
      Programs.jamd,
      [
        "--config", "/dev/null", "--jack-server", "none-\(getpid())", "--midi-only", "--record", jam.sessions,
        "--socket",
        jam.folder.appending(path: "next.sock").path, "--quit-after", "1",
      ])
    #expect(waitUntil(within: 20) { !next.isRunning })
    next.end()
    #expect(next.output.contains("was cut off and is saved"), "\(next.output)")
    return try sessions(jam)
  }

  private static func sessions(_ jam: LiveJam) throws -> [Take] {
    let names = try FileManager.default.contentsOfDirectory(atPath: jam.sessions).sorted()
    #expect(names.allSatisfy { $0.hasSuffix(".mid") }, "\(names)")
    return try names.map {
      Take(try StandardMIDIFile(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(jam.sessions)/\($0)")))))
    }
  }

  private static func onsets(_ take: Take, ofJamd: Bool) -> [Take.Event] {
    take.tracks.filter { ($0.name == Take.answerTrack) == ofJamd }.flatMap(\.events).filter(\.message.isNoteOn)
  }

  @Test("after kill -9 at any moment, the next start saves all but at most the last second", arguments: [0, 1])
  func killed(round: Int) throws {
    let jam = try LiveJam("killed-\(round)")
    jam.play(JamTests.call, interval: 0.12)
    try #require(jam.listen(within: 10) { $0.contains { $0.message.isNoteOn } }, "\(jam.jamd.output)")
    jam.listen(within: 1) { _ in false }
    let start = jam.play((0..<100).map { 48 + $0 * 7 % 24 }, interval: 0.1) &- 475_200 &- 2400
    let moment = start &+ UInt32(48000 * (1.5 + 1.37 * Double(round)))
    jam.listen(within: 20) { _ in Int32(bitPattern: jam.client.now &- moment) > 0 }
    jam.jamd.end(SIGKILL)
    let killed = jam.client.now
    _ = jam.listen(within: 0.2) { _ in false }
    let take = try #require(try Self.recover(jam).last)
    let player = Self.onsets(take, ofJamd: false).map { Int($0.message.data1) }
    let played = JamTests.call + (0..<100).map { 48 + $0 * 7 % 24 }
    #expect(player == Array(played.prefix(player.count)))
    let before = JamTests.call.count + Int((Double(killed &- start) / 48000 - 1) / 0.1)
    print("kill -9: \(player.count) notes saved, \(before) were played a second before")
    #expect(player.count >= before && player.count <= before + 12)
    let heard = jam.heard.filter { $0.message.isNoteOn && Int32(bitPattern: killed &- $0.frame) > 48000 }
    let answers = Self.onsets(take, ofJamd: true).map(\.message.data1)
    #expect(Array(answers.prefix(heard.count)) == heard.map(\.message.data1))
  }

  @Test("what was learned of a player is there again in the next run, and can be made a style")
  func players() throws {
    let jam = try LiveJam("players", arguments: ["--player", "anna"])
    jam.play(JamTests.call)
    try #require(jam.listen(within: 10) { $0.contains { $0.message.isNoteOn } }, "\(jam.jamd.output)")
    #expect(try jam.jam(["player"]).contains("*\tanna\t8\n"))
    #expect(try jam.jam(["player", "bert"]).isEmpty)
    #expect(try jam.jam(["player", "list"]) == "\tanna\t8\n*\tbert\t0\n")
    #expect(try jam.jam(["player", "a/b"]).contains("cannot be a player's name"))
    jam.jamd.end()
    let next = try ChildProcess(
      Programs.jamd,
      [
        "--config", "/dev/null", "--jack-server", "none-\(getpid())", "--midi-only", "--player", "anna", "--socket",
        jam.folder.appending(path: "jamd.sock").path, "--quit-after", "8",
      ], environment: ["XDG_STATE_HOME": jam.folder.path])
    #expect(waitUntil(within: 8) { (try? jam.jam(["player", "list"]).contains("*\tanna\t8")) ?? false })
    #expect(try jam.jam(["status", "--json"]).contains("\"learned_notes\" : 8"), "\(next.output)")
    let style = jam.folder.appending(path: "anna.style").path
    let players = jam.folder.appending(path: "jamd/players").path
    let export = try ChildProcess(Programs.jam, ["player", "export", "anna", "-o", style, "--folder", players])
    #expect(waitUntil(within: 10) { !export.isRunning } && export.exitStatus == 0, "\(export.output)")
    #expect(try Style(decoding: [UInt8](Data(contentsOf: URL(fileURLWithPath: style)))).information.notes == 8)
  }

  @Test(
    "a session that ends in good order is the take of the same run, note by note, with markers for phrases and styles")
  func ended() throws {
    let jam = try LiveJam("ended")
    jam.play(JamTests.call)
    try #require(jam.listen(within: 10) { $0.contains { $0.message.isNoteOn } })
    jam.listen(within: 2) { _ in false }
    _ = try jam.jam(["style", "use", "bach"])
    jam.play([55, 59, 62, 67], interval: 0.2)
    jam.listen(within: 3) { _ in false }
    jam.jamd.end()
    let session = try #require(try Self.sessions(jam).last)
    let take = Take(try StandardMIDIFile(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: jam.take)))))
    for ofJamd in [false, true] {
      let (a, b) = (Self.onsets(session, ofJamd: ofJamd), Self.onsets(take, ofJamd: ofJamd))
      #expect(a.map(\.message) == b.map(\.message) && a.count >= 4)
      #expect(zip(a, a.dropFirst()).map { $1.time - $0.time } == zip(b, b.dropFirst()).map { $1.time - $0.time })
    }
    for word in ["seed \(jam.seed)", "style joplin", "style bach", "phrase: 8 notes", "phrase: 4 notes", "answer: "] {
      #expect(session.markers.contains { $0.text.hasPrefix(word) }, "\(word)")
    }
    let replay = try ChildProcess(
      Programs.jam, ["sessions", "replay", "last", "--folder", jam.sessions, "--styles", LiveJam.styles])
    #expect(waitUntil(within: 20) { replay.output.contains("\n") })
    #expect(replay.output.hasPrefix("jamd plays the same "), "\(replay.output)")
  }
}
