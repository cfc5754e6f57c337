// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jamd: players kept between sessions.
import Foundation
import Improviser
import Logging
import Music
import Style
import Testing
import jamd

@Suite struct PlayerBookTests {
  private static func book(_ folder: String) -> (book: PlayerBook, due: Due) {
    let due = Due()
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let book = PlayerBook(
      folder: folder, log: log, schedule: { due.bodies.append($1) }, onProblem: { due.problem = $0 })
    return (book, due)
  }

  private final class Due: @unchecked Sendable {
    var bodies: [() -> Void] = []
    /// What the status shows.
    var problem: String?

    func run() {
      let due = bodies
      bodies = []
      for body in due { body() }
    }
  }

  private static func play(_ book: PlayerBook, _ pitches: [Int], isLearned: Bool = true) throws {
    let notes = pitches.enumerated().map { index, pitch in
      PlayedNote(
        pitch: Pitch(clamping: pitch), velocity: .standard, onset: .zero + .milliseconds(250 * index),
        duration: .milliseconds(200))
    }
    let phrase = try #require(Phrase(notes))
    book.keep(.action(.report(.phraseEnded(phrase, tempo: .standard, key: nil), at: .zero), at: .zero))
    guard isLearned else { return }
    book.keep(.action(.report(.learned(notes: phrase.notes(at: .standard), total: 0), at: .zero), at: .zero))
  }

  @Test("what was learned of each player is there again, and only what was learned")
  func kept() throws {
    let folder = TemporaryFolder()
    let (anna, bert) = (try #require(PlayerName("anna")), try #require(PlayerName("bert")))
    let (book, due) = Self.book(folder.path)
    #expect(book.use(anna).notesHeld == 0)
    try Self.play(book, [60, 62, 64])
    try Self.play(book, [60, 62, 64, 65], isLearned: false)
    due.run()
    #expect(folder.names == ["anna.player"])
    #expect(book.use(bert).notesHeld == 0)
    try Self.play(book, [70, 72])
    #expect(book.list().map(\.name) == ["anna", "bert"] && book.list().map(\.notes) == [3, 2])
    book.finish()
    let next = Self.book(folder.path).book
    #expect(next.use(anna).notesHeld == 3)
    #expect(next.use(bert).notesHeld == 2)
  }

  @Test("where keyboards are apart each player's playing is kept under the keyboard's name, two of one name under two")
  func apart() throws {
    let folder = TemporaryFolder()
    let (book, _) = Self.book(folder.path)
    _ = book.use(try #require(PlayerName("anna")))
    try Self.play(book, [50])
    let names = [1, 2, 3].map { number in
      book.use(PlayerName(ofKeyboard: number == 3 ? "../Organ" : "Piano"), at: Keyboard(number)).name.text
    }
    #expect(names == ["Piano", "Piano 2", "Organ"])
    for (number, count) in [(1, 2), (2, 3), (3, 4), (1, 5)] as [(UInt32, Int)] {
      book.keep(.action(.report(.seated(Keyboard(number), .first), at: .zero), at: .zero))
      try Self.play(book, (0..<count).map { 60 + $0 })
    }
    #expect(book.list().map(\.name) == ["Organ", "Piano", "Piano 2", "anna"])
    #expect(book.list().map(\.notes) == [4, 7, 3, 1])
    // Pulled out and put in again it is another keyboard, and still the same player's.
    book.keep(.input(Input(at: .zero, .keyboardGone(Keyboard(2)))))
    try Self.play(book, [60])
    #expect(book.use(PlayerName(ofKeyboard: "Piano"), at: Keyboard(7)).name.text == "Piano 2")
    book.keep(.input(Input(at: .zero, .command(.keyboards(.together)))))
    try Self.play(book, [51, 52])
    #expect(book.list().map(\.notes) == [4, 8, 3, 3])
    let next = Self.book(folder.path).book
    #expect(next.use(PlayerName(ofKeyboard: "Piano"), at: Keyboard(9)).model.notesHeld == 8)
  }

  @Test("any name of a keyboard makes a player's name")
  func keyboardNames() {
    var random = RandomSource(seed: 4)
    for _ in 0..<2000 {
      let scalars = (0..<Int.random(in: 0...90, using: &random)).map { _ in
        Character(Unicode.Scalar(UInt32.random(in: 0..<0xD800, using: &random)) ?? "-")
      }
      let name = PlayerName(ofKeyboard: String(scalars)).text
      #expect(PlayerName(name)?.text == name)
    }
    #expect(PlayerName(ofKeyboard: "").text == "keyboard" && PlayerName(ofKeyboard: "../x").text == "x")
  }

  @Test("a file that cannot be used is put aside and not written over")
  func damaged() throws {
    let folder = TemporaryFolder()
    try WholeFile.makeFolder(folder.path)
    try WholeFile.write(Array("junk".utf8), to: "\(folder.path)/anna.player")
    let (book, due) = Self.book(folder.path)
    #expect(book.use(try #require(PlayerName("anna"))).notesHeld == 0)
    try Self.play(book, [60, 62, 64])
    due.run()
    #expect(folder.names == ["anna.player", "anna.player.unreadable"])
    #expect(try WholeFile.read("\(folder.path)/anna.player.unreadable") == Array("junk".utf8))
  }

  @Test("a folder that takes nothing loses nothing while jamd runs")
  func blocked() throws {
    let folder = TemporaryFolder()
    try Data().write(to: URL(fileURLWithPath: folder.path))
    let (book, due) = Self.book(folder.path)
    let anna = try #require(PlayerName("anna"))
    _ = book.use(anna)
    try Self.play(book, [60, 62, 64])
    due.run()
    try FileManager.default.removeItem(atPath: folder.path)
    try Self.play(book, [60])
    due.run()
    #expect(Self.book(folder.path).book.use(anna).notesHeld == 4)
  }

  @Test("who stops playing while the disk takes nothing loses nothing, and is kept as soon as there is room")
  func leftUnsaved() throws {
    let folder = TemporaryFolder()
    try Data().write(to: URL(fileURLWithPath: folder.path))
    let (book, due) = Self.book(folder.path)
    let (anna, bert) = (try #require(PlayerName("anna")), try #require(PlayerName("bert")))
    _ = book.use(anna)
    try Self.play(book, [60, 62, 64])
    #expect(book.use(bert).notesHeld == 0)
    #expect(due.problem?.contains("anna") == true)
    try Self.play(book, [50])
    _ = book.use(PlayerName(ofKeyboard: "Piano"), at: Keyboard(1))
    book.keep(.action(.report(.seated(Keyboard(1), .first), at: .zero), at: .zero))
    try Self.play(book, [40, 41])
    book.keep(.input(Input(at: .zero, .command(.keyboards(.together)))))
    #expect(book.list().map(\.notes) == [2, 3, 1])
    #expect(book.use(anna).notesHeld == 3)
    try Self.play(book, [60])
    _ = book.use(bert)
    try FileManager.default.removeItem(atPath: folder.path)
    due.run()
    #expect(due.problem == nil && due.bodies.isEmpty)
    let next = Self.book(folder.path).book
    #expect(next.list().map(\.name) == ["Piano", "anna", "bert"] && next.list().map(\.notes) == [2, 4, 1])
  }

  @Test("a file that cannot be read is left alone until something new is to be kept, and then put aside")
  func unreadable() throws {
    let folder = TemporaryFolder()
    try WholeFile.makeFolder("\(folder.path)/anna.player")
    try WholeFile.write([1], to: "\(folder.path)/anna.player/inside")
    try WholeFile.write([2], to: "\(folder.path)/anna.player.unreadable")
    let (book, due) = Self.book(folder.path)
    let anna = try #require(PlayerName("anna"))
    #expect(book.use(anna).notesHeld == 0)
    book.finish()
    #expect(folder.names == ["anna.player", "anna.player.unreadable"])
    try Self.play(book, [60, 62])
    due.run()
    #expect(folder.names == ["anna.player", "anna.player.unreadable", "anna.player.unreadable-2"])
    #expect(try WholeFile.read("\(folder.path)/anna.player.unreadable") == [2])
    #expect(try WholeFile.read("\(folder.path)/anna.player.unreadable-2/inside") == [1])
    #expect(Self.book(folder.path).book.use(anna).notesHeld == 2)
  }

  @Test("a file that can be read again goes in front of what was learned meanwhile")
  func readableAgain() throws {
    let folder = TemporaryFolder()
    let anna = try #require(PlayerName("anna"))
    let before = Self.book(folder.path).book
    _ = before.use(anna)
    try Self.play(before, [60, 62, 64])
    before.finish()
    let path = "\(folder.path)/anna.player"
    rename(path, "\(path).away")
    mkdir(path, 0o755)
    let (book, due) = Self.book(folder.path)
    #expect(book.use(anna).notesHeld == 0)
    try Self.play(book, [70])
    rmdir(path)
    rename("\(path).away", path)
    due.run()
    #expect(folder.names == ["anna.player"])
    #expect(Self.book(folder.path).book.use(anna).notesHeld == 4)
  }

  @Test("two jamds in which the same player plays keep what both have heard")
  func twoBooks() throws {
    let folder = TemporaryFolder()
    let anna = try #require(PlayerName("anna"))
    let (first, firstDue) = Self.book(folder.path)
    let (second, secondDue) = Self.book(folder.path)
    #expect(first.use(anna).notesHeld == 0 && second.use(anna).notesHeld == 0)
    try Self.play(first, [60, 62, 64])
    firstDue.run()
    try Self.play(second, [70, 72])
    secondDue.run()
    try Self.play(second, [74])
    secondDue.run()
    try Self.play(first, [65, 67, 69, 71])
    firstDue.run()
    first.finish()
    second.finish()
    #expect(Self.book(folder.path).book.use(anna).notesHeld == 10)
    // Who takes the file away loses nothing of what jamd has in memory.
    try Self.play(first, [60])
    unlink("\(folder.path)/anna.player")
    first.finish()
    #expect(Self.book(folder.path).book.use(anna).notesHeld == 11)
    // Nor does who spoils it.
    try Self.play(first, [60])
    try WholeFile.write([1, 2, 3], to: "\(folder.path)/anna.player")
    first.finish()
    #expect(Self.book(folder.path).book.use(anna).notesHeld == 12)
    #expect(folder.names == ["anna.player", "anna.player.unreadable"])
  }

  @Test("two jamds that save the same player at the same moment lose nothing")
  func simultaneous() throws {
    let folder = TemporaryFolder()
    let path = folder.path
    DispatchQueue.concurrentPerform(iterations: 2) { _ in
      let (book, due) = Self.book(path)
      guard let anna = PlayerName("anna") else { return }
      _ = book.use(anna)
      for _ in 0..<100 {
        do { try Self.play(book, [60, 62]) } catch { Issue.record(error) }
        due.run()
      }
      book.finish()
    }
    #expect(Self.book(path).book.use(try #require(PlayerName("anna"))).notesHeld == 400)
    #expect(folder.names == ["anna.player"])
  }

  @Test("names that could leave the folder, or hide, are none")
  func names() {
    for name in ["", "a/b", "../a", ".a", "-a", "a\u{0}", "a\nb", String(repeating: "a", count: 65)] {
      #expect(PlayerName(name) == nil)
    }
    for name in ["anna", "Jürgen B.", "a b", String(repeating: "a", count: 64)] { #expect(PlayerName(name) != nil) }
  }
}
