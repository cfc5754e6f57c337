// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jam, sessions.
import Foundation
import Improviser
import Music
import Scores
import Style
import Testing
import jam

@Suite struct SessionFilesTests {
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "jam-sessions-\(UUID().uuidString)").path
    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func put(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }
  }

  private static let entries: [JournalEntry] = [
    JournalEntry(time: .zero, .marker("seed 5")), JournalEntry(time: .zero, .marker("style bach")),
    JournalEntry(time: .zero, .heard(.noteOn(Pitch(clamping: 60), .standard), keyboard: 3)),
    JournalEntry(time: .seconds(2), .heard(.noteOff(Pitch(clamping: 60)), keyboard: 3)),
    JournalEntry(
      time: .seconds(3),
      .planned(
        pitch: Pitch(clamping: 72), velocity: .standard, onset: .seconds(3), duration: .seconds(62), generation: 1)),
    JournalEntry(time: .seconds(65), .marker("style bach 0.5+chopin 0.5 now")),
  ]
  private static var journal: [UInt8] { Journal.start + entries.flatMap { $0.encoded() } }

  @Test("sessions are listed the oldest first, saved or in a journal, and a broken one does not hide the others")
  func list() throws {
    let folder = try Folder()
    try folder.put(Self.journal, "2026-11-22T10-00-00.journal")
    try folder.put(Recording(try Journal.read(Self.journal)).take.file.encoded(), "2026-11-21T10-00-00.mid")
    try folder.put([1, 2], "2026-11-23T10-00-00.mid")
    try folder.put([1, 2], "song.mid")
    let sessions = SessionFiles(folders: ["/nowhere", folder.path])
    let lines = try sessions.all().map(SessionText.line)
    #expect(lines.count == 3)
    #expect(lines[0] == "2026-11-21T10-00-00\t1:05\t1\t1\tbach, bach+chopin\t")
    #expect(lines[1] == "2026-11-22T10-00-00\t1:05\t1\t1\tbach, bach+chopin\tjournal")
    #expect(lines[2].contains("MThd"))
    #expect(try sessions.session("last").id == "2026-11-23T10-00-00")
    #expect(try sessions.session("2026-11-22").id == "2026-11-22T10-00-00")
    #expect(throws: FileFailure.self) { try sessions.session("2026") }
    #expect(throws: FileFailure.self) { try sessions.session("") }
    #expect(throws: FileFailure.self) { try SessionFiles(folders: []).session("last") }
  }

  @Test("a folder that does not exist yet has no sessions, and one that cannot be read is told of")
  func folders() throws {
    let folder = try Folder()
    try folder.put([1], "file")
    #expect(try SessionFiles(folders: ["\(folder.path)/nowhere"]).all().isEmpty)
    let unreadable = SessionFiles(folders: ["\(folder.path)/file"])
    #expect(throws: FileFailure.self) { try unreadable.all() }
    #expect(throws: FileFailure.self) { try unreadable.session("last") }
    try folder.put(Self.journal, "2026-11-22T10-00-00.journal")
    #expect(try SessionFiles(folders: ["\(folder.path)/file", folder.path]).all().count == 1)
    try folder.put([1], "9\u{1B}[2J\n.mid")
    let line = try #require(try SessionFiles(folders: [folder.path]).all().last.map(SessionText.line))
    #expect(line.hasPrefix("9 [2J \t") && !line.contains("\u{1B}") && !line.contains("\n"))
  }

  @Test("a session that is over is exported byte for byte, and its replay has the tempo map that it had")
  func tempoMap() throws {
    let folder = try Folder()
    var take = Recording(try Journal.read(Self.journal)).take
    take.beats = (0..<100).map { .milliseconds(300 + 570 * $0 + 7 * ($0 % 5)) }
    // As somebody has edited it.
    let file = take.file.encoded() + Array("XFIH".utf8) + [0, 0, 0, 1, 7]
    try folder.put(file, "2026-11-21T10-00-00.mid")
    let session = try SessionFiles(folders: [folder.path]).session("last")
    #expect(try SessionFiles.midi(session) == file)
    let outcome = SessionReplay.outcome(of: try SessionFiles.take(session), [])
    #expect(outcome.take.file.tracks[0] == take.file.tracks[0] && take.file.tracks[0].count > 30)
    try folder.put([1, 2], "2026-11-22T10-00-00.mid")
    let broken = try SessionFiles(folders: [folder.path]).session("last")
    #expect(throws: FileFailure.self) { try SessionFiles.midi(broken) }
  }

  @Test("a replayed session plays the same notes, through changes of style and panics")
  func replay() throws {
    let styles = ["up", "down"].map { name in
      Self.style(name, steps: name == "up" ? [0, 2, 4, 5, 7] : [7, 5, 4, 2, 0])
    }
    func named(_ name: String) throws(FileFailure) -> WeightedStyle {
      guard let style = styles.first(where: { $0.name == name }) else { throw .unknownStyle(name, searched: []) }
      return style
    }
    var recording = Recording()
    var improviser = Improviser(seed: 9)
    func step(_ event: Input.Event, at instant: Instant) {
      let input = Input(at: improviser.admitted(instant), event)
      if let entry = JournalEntry(input, from: .zero) { recording.take(entry) }
      perform(improviser.step([input], at: input.at), at: input.at)
    }
    func perform(_ actions: [Action], at now: Instant) {
      for action in actions {
        if let entry = JournalEntry(action, at: now, from: .zero) { recording.take(entry) }
      }
    }
    func use(_ index: Int, at instant: Instant) {
      recording.take(JournalEntry(instant, from: .zero, .marker("style \(styles[index].name)")))
      step(.command(.use([styles[index]], .nextPhrase)), at: instant)
    }
    recording.take(JournalEntry(time: .zero, .marker("seed 9")))
    use(0, at: .zero)
    for phrase in 0..<6 {
      let start = Instant.zero + .seconds(6 * phrase)
      for note in 0..<6 {
        let pitch = Pitch(clamping: 60 + note * 2)
        step(.midi(.noteOn(pitch, .standard), from: Keyboard(1)), at: start + .milliseconds(200 * note))
        step(.midi(.noteOff(pitch), from: Keyboard(1)), at: start + .milliseconds(200 * note + 150))
      }
      while let deadline = improviser.nextDeadline { perform(improviser.step([], at: deadline), at: deadline) }
      if phrase == 2 { use(1, at: start + .seconds(4)) }
    }
    recording.take(JournalEntry(time: .seconds(60), .closed))
    let take = Take(try StandardMIDIFile(parsing: recording.take.file.encoded()))
    var replay = Replay(Improviser(seed: try #require(SessionReplay.seed(of: take))))
    replay.run(SessionReplay.merged(take.inputs, try SessionReplay.changes(of: take, style: named)))
    let outcome = SessionReplay.outcome(of: take, replay.performance.played)
    #expect(outcome.words.hasPrefix("jamd plays the same ") && replay.performance.played.count > 20)
    #expect(outcome.take.tracks == take.tracks)
    #expect(SessionReplay.outcome(of: take, []).words.contains("the first 0 are the same"))
  }

  private static func style(_ name: String, steps: [Int]) -> WeightedStyle {
    var learner = StyleLearner(information: StyleInformation(title: name))
    let notes = (0..<40).map { (index: Int) -> Note in
      let pitch = 60 + steps[index % 5] + 12 * (index / 5 % 2)
      return Note(pitch: Pitch(clamping: pitch), onset: Beats(Double(index) / 2), duration: Beats(0.4))
    }
    learner.learn(Piece(parts: [Part(notes: notes)]))
    return WeightedStyle(name: name, style: learner.style())
  }
}
