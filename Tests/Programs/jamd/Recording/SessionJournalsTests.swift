// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jamd: the always-on recorder.
import Foundation
import Improviser
import Logging
import Music
import Scores
import Testing
import jamd

/// A folder of its own, gone with the test.
final class TemporaryFolder {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.appending(path: "jamd-test-\(UUID().uuidString)").path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

/// The recorder with a clock of its own: what it asks for later happens when the clock is moved.
final class Rig {
  private(set) var now = Instant(nanoseconds: 1_000_000_000)
  private var due: [(at: Instant, body: () -> Void)] = []
  private(set) var journals: SessionJournals!
  let states = States()
  /// Whether files are made at once.
  var makesFiles = true
  var unmade: [() -> Void] = []

  final class States: @unchecked Sendable { var all: [SessionJournals.State] = [] }

  init(_ folder: String, pause: Duration = .seconds(600), retention: SessionFolder.Retention = .init()) {
    let states = states
    journals = SessionJournals(
      SessionJournals.Settings(
        folder: SessionFolder(folder), retention: retention, pause: pause, answers: Channel(1) ?? .first),
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { [unowned self] in now },
      schedule: { [unowned self] delay, body in due.append((now + delay, body)) },
      aside: { [weak self] work, done in
        if let self, !makesFiles { unmade.append { done(work()) } } else { done(work()) }
      },
      onState: { states.all.append($0) })
  }

  func advance(_ duration: Duration) {
    let end = now + duration
    while let next = due.indices.min(by: { due[$0].at < due[$1].at }), due[next].at <= end {
      let (at, body) = due.remove(at: next)
      now = max(now, at)
      body()
    }
    now = end
  }

  func note(_ pitch: Int, velocity: Int = 80) {
    journals.keep(
      .input(Input(at: now, .midi(.noteOn(Pitch(clamping: pitch), Velocity(clamping: velocity)), from: Keyboard(3)))))
    advance(.milliseconds(100))
    journals.keep(.input(Input(at: now, .midi(.noteOff(Pitch(clamping: pitch)), from: Keyboard(3)))))
    advance(.milliseconds(100))
  }

  func answer(_ pitch: Int, after delay: Duration, lasting duration: Duration) {
    let note = PlayedNote(pitch: Pitch(clamping: pitch), velocity: .standard, onset: now + delay, duration: duration)
    journals.keep(.action(.play(note, Generation(1)), at: now))
  }
}

@Suite struct SessionJournalsTests {
  static func take(_ path: String) throws -> Take {
    Take(try StandardMIDIFile(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))))
  }

  @Test("a session that ends is one MIDI file, the player and jamd on their own tracks, and no journal")
  func whole() throws {
    let folder = TemporaryFolder()
    let rig = Rig(folder.path)
    rig.journals.keep(.keyboard(Keyboard(3), name: "Stage 88", at: rig.now))
    rig.journals.keep(.marker("seed 7", at: rig.now))
    for pitch in [60, 64, 67] { rig.note(pitch) }
    rig.answer(72, after: .milliseconds(10), lasting: .seconds(2))
    rig.journals.finish(at: rig.now)
    let name = try #require(folder.names.first)
    #expect(folder.names.count == 1 && name.hasSuffix(".mid") && SessionFolder.isSession(name))
    let take = try Self.take("\(folder.path)/\(name)")
    #expect(take.tracks.map(\.name) == ["Player 1: Stage 88", Take.answerTrack])
    #expect(take.tracks.map(\.events.count) == [6, 2])
    #expect(take.tracks[1].events[1].time - take.tracks[1].events[0].time == .seconds(2))
    #expect(take.markers.map(\.text) == ["seed 7"])
  }

  @Test("where keyboards are apart the session has a track of jamd for each player, by his keyboard's name")
  func apart() throws {
    let folder = TemporaryFolder()
    let rig = Rig(folder.path)
    for (number, name) in [(3, "Stage 88"), (4, "Microkey")] {
      let keyboard = Keyboard(UInt32(number))
      rig.journals.keep(.keyboard(keyboard, name: name, at: rig.now))
      rig.journals.keep(
        .action(.report(.seated(keyboard, Channel(statusByte: UInt8(number - 3))), at: rig.now), at: rig.now))
    }
    // In the second session nobody sits down anew.
    for session in 1...2 {
      rig.note(60)
      for (seat, pitch) in [(0, 72), (1, 40), (0, 74)] {
        let note = PlayedNote(
          pitch: Pitch(clamping: pitch), velocity: .standard, channel: Channel(statusByte: UInt8(seat)), onset: rig.now,
          duration: .milliseconds(100))
        rig.journals.keep(.action(.play(note, Generation(1)), at: rig.now))
      }
      rig.journals.finish(at: rig.now)
      #expect(folder.names.count == session)
      let take = try Self.take("\(folder.path)/\(try #require(folder.names.sorted().last))")
      let answers = take.tracks.filter { Take.isAnswer($0.name) }
      #expect(answers.map(\.name) == ["jamd: Stage 88", "jamd: Microkey"])
      #expect(answers.map(\.events.count) == [4, 2])
    }
  }

  @Test("half a second after it was played, everything is on the disk")
  func flushed() throws {
    let folder = TemporaryFolder()
    let rig = Rig(folder.path)
    for pitch in 40..<80 {
      rig.note(pitch)
      rig.advance(.milliseconds(400))
      let name = try #require(folder.names.first)
      let contents = try Journal.read([UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)"))))
      #expect(Recording(contents).take.tracks[0].events.count == 2 * (pitch - 39))
    }
  }

  @Test("what a crash leaves behind becomes a MIDI file at the next start, whatever was torn off")
  func recovery() throws {
    for torn in [0, 1, 7, 20] {
      let folder = TemporaryFolder()
      var rig: Rig? = Rig(folder.path)
      for pitch in [60, 64, 67] { rig?.note(pitch) }
      rig?.advance(.seconds(1))
      rig = nil
      let journal = "\(folder.path)/\(try #require(folder.names.first))"
      let bytes = try Data(contentsOf: URL(fileURLWithPath: journal))
      try bytes.dropLast(torn).write(to: URL(fileURLWithPath: journal))
      Rig(folder.path).journals.start()
      let name = try #require(folder.names.first)
      #expect(folder.names.count == 1 && name.hasSuffix(".mid"))
      #expect(try Self.take("\(folder.path)/\(name)").tracks[0].events.count == 6)
    }
  }

  @Test("while a session is made a MIDI file the next is written as it is played; one that nobody waits for is kept")
  func aside() throws {
    let folder = TemporaryFolder()
    let rig = Rig(folder.path)
    rig.makesFiles = false
    rig.note(60)
    rig.journals.finish(at: rig.now)
    rig.note(64)
    rig.advance(.milliseconds(400))
    #expect(folder.names.count == 2 && folder.names.allSatisfy { $0.hasSuffix(".journal") })
    for name in folder.names {
      let contents = try Journal.read([UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)"))))
      #expect(Recording(contents).take.tracks[0].events.count == 2)
    }
    for make in rig.unmade { make() }
    #expect(folder.names.count == 2 && folder.names.count { $0.hasSuffix(".mid") } == 1)
    rig.journals.finish(at: rig.now)
    rig.journals.giveUp()
    Rig(folder.path).journals.start()
    #expect(folder.names.count == 2 && folder.names.allSatisfy { $0.hasSuffix(".mid") })
  }

  @Test("the journal that another jamd writes is left alone, and so is every other file")
  func others() throws {
    let folder = TemporaryFolder()
    let rig = Rig(folder.path)
    rig.note(60)
    rig.advance(.seconds(1))
    try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/song.mid"))
    try Data("junk".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/2020-01-01T00-00-00.journal"))
    let before = folder.names
    Rig(folder.path, retention: .init(age: 0, bytes: 1)).journals.start()
    #expect(folder.names.filter { $0 != "2020-01-01T00-00-00.journal" } == before.filter { !$0.hasPrefix("2020") })
  }

  @Test("a long silence ends a session, and the next note begins another; a sounding answer is no silence")
  func pause() throws {
    let folder = TemporaryFolder()
    let rig = Rig(folder.path, pause: .seconds(60))
    rig.journals.keep(.marker("style bach", at: rig.now))
    rig.note(60)
    rig.answer(72, after: .zero, lasting: .seconds(50))
    rig.advance(.seconds(100))
    #expect(folder.names.map { $0.suffix(8) } == [folder.names[0].suffix(8)] && folder.names[0].hasSuffix("journal"))
    rig.advance(.seconds(20))
    #expect(folder.names.count == 1 && folder.names[0].hasSuffix("mid"))
    rig.note(62)
    rig.journals.finish(at: rig.now)
    #expect(folder.names.count == 2)
    for name in folder.names {
      let take = try Self.take("\(folder.path)/\(name)")
      #expect(take.markers.map(\.text) == ["style bach"])
      #expect(take.tracks[0].events.count == 2)
    }
  }

  @Test("without a note there is no session")
  func nothing() {
    let folder = TemporaryFolder()
    let rig = Rig(folder.path)
    rig.journals.keep(.marker("style bach", at: rig.now))
    rig.journals.keep(.input(Input(at: rig.now, .midi(.controlChange(1, 3), from: Keyboard(3)))))
    rig.advance(.seconds(1))
    rig.journals.finish(at: rig.now)
    #expect(folder.names.isEmpty)
  }

  @Test("a disk that takes nothing is told of and asked again, and then it gets everything")
  func blocked() throws {
    let folder = TemporaryFolder()
    // A file where the folder should be.
    try Data().write(to: URL(fileURLWithPath: folder.path))
    let rig = Rig(folder.path)
    for pitch in [60, 64, 67] { rig.note(pitch) }
    rig.advance(.seconds(20))
    #expect(rig.states.all.last?.problem?.contains(folder.path) == true)
    #expect(rig.states.all.count == 1)
    try FileManager.default.removeItem(atPath: folder.path)
    rig.note(72)
    rig.advance(.seconds(10))
    #expect(rig.states.all.last?.problem == nil && rig.states.all.last?.path?.hasPrefix(folder.path) == true)
    rig.journals.finish(at: rig.now)
    #expect(try Self.take("\(folder.path)/\(folder.names[0])").tracks[0].events.count == 8)
  }

  @Test("what a disk did not take is kept through any silence, and saved when it can be")
  func blockedThroughSilence() throws {
    let folder = TemporaryFolder()
    try Data().write(to: URL(fileURLWithPath: folder.path))
    let rig = Rig(folder.path)
    for pitch in [60, 64, 67] { rig.note(pitch) }
    rig.advance(.seconds(3600))
    #expect(rig.states.all.last?.problem?.contains("kept in memory") == true)
    try FileManager.default.removeItem(atPath: folder.path)
    rig.advance(.seconds(20))
    #expect(rig.states.all.last?.problem == nil)
    #expect(try Self.take("\(folder.path)/\(folder.names[0])").tracks[0].events.count == 6)
  }

  @Test("in another folder another session begins, and the one before is whole")
  func move() throws {
    let (first, second) = (TemporaryFolder(), TemporaryFolder())
    let rig = Rig(first.path)
    rig.note(60)
    rig.journals.move(to: SessionFolder(second.path))
    rig.note(62)
    rig.journals.move(to: SessionFolder(second.path))
    rig.note(64)
    rig.journals.finish(at: rig.now)
    #expect(first.names.count == 1 && first.names.allSatisfy { $0.hasSuffix(".mid") })
    #expect(second.names.count == 1 && second.names.allSatisfy { $0.hasSuffix(".mid") })
  }
}
