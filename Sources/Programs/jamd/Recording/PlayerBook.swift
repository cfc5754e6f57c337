// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: the players' own models, kept between sessions.
import Glibc
import Improviser
import Logging
import Music
import Style

/// A player's name as it can be a file's.
package struct PlayerName: Hashable, Sendable {
  package let text: String

  /// Nil for what cannot be one: 1 to 64 bytes without slashes or control characters, and without a dot in front.
  package init?(_ text: String) {
    let isPlain = text.unicodeScalars.allSatisfy { $0 != "/" && $0.value >= 32 && $0.value != 127 }
    guard (1...64).contains(text.utf8.count), isPlain, !text.hasPrefix("."), !text.hasPrefix("-") else { return nil }
    self.text = text
  }

  /// Of whoever plays the keyboard of this name, where keyboards are apart: the same, without what no name may have.
  package init(ofKeyboard name: String) {
    var text = String(name.unicodeScalars.map { $0 == "/" || $0.value < 32 || $0.value == 127 ? "-" : Character($0) })
    text = String(text.drop { $0 == "." || $0 == "-" })
    while text.utf8.count > 64 { text.removeLast() }
    self = PlayerName(text) ?? PlayerName("keyboard")!
  }
}

/// Learns along with the improviser what each player plays, and keeps it in one file a player, replaced at once: soon
/// after each phrase and in the end. Where keyboards are apart each has a player of its own. Lives on one queue.
package final class PlayerBook {
  package static let ending = ".player"
  private static let delay = Duration.seconds(2)

  /// What is known of one who plays.
  private struct Page {
    var player: PlayerName
    var memory = PlayerMemory()
    /// Of the phrase that ended last.
    var key: Key?
    var isChanged = false
    /// The keyboard is gone; its last phrase may yet be learned.
    var isGone = false
  }

  private let folder: String
  private let log: Logger
  private let schedule: (Duration, @escaping () -> Void) -> Void
  /// Of whoever plays all keyboards.
  private var page: Page?
  /// Where keyboards are apart.
  private var pages: [Keyboard: Page] = [:]
  /// Whom the improviser's reports are of; nil where keyboards are together.
  private var seated: Keyboard?
  private var isSaveDue = false
  private var hasFailed = false

  package init(folder: String, log: Logger, schedule: @escaping (Duration, @escaping () -> Void) -> Void) {
    (self.folder, self.log, self.schedule) = (folder, log, schedule)
  }

  /// From now on `name` plays: what he played before is learned again. A file that cannot be used is put aside, not lost.
  package func use(_ name: PlayerName) -> PlayerModel {
    save()
    let page = read(name)
    self.page = page
    return page.memory.model()
  }

  /// The same for the player at `keyboard`, where keyboards are apart; under another name where somebody else plays who is
  /// called like that.
  package func use(_ name: PlayerName, at keyboard: Keyboard) -> (name: PlayerName, model: PlayerModel) {
    save()
    let others = Set(pages.filter { $0.key != keyboard && !$0.value.isGone }.map(\.value.player))
    let names = [name] + (2...99).map { PlayerName(ofKeyboard: "\(name.text) \($0)") }
    let page = read(names.first { !others.contains($0) } ?? name)
    pages = pages.filter { !$0.value.isGone || $0.value.player != page.player }
    pages[keyboard] = page
    return (page.player, page.memory.model())
  }

  private func read(_ name: PlayerName) -> Page {
    var page = Page(player: name)
    do {
      page.memory = try PlayerMemory(decoding: try WholeFile.read(path(name)))
      log.info("\(name.text) plays, whose last \(page.memory.notes) notes are known")
    } catch let problem as FileProblem where problem.code == ENOENT {
      log.info("\(name.text) plays, of whom nothing is known yet")
    } catch let problem as FileProblem {
      log.error("what is known of \(name.text) cannot be read: \(problem)")
    } catch {
      let aside = "\(path(name)).unreadable"
      rename(path(name), aside)
      log.error("\(path(name)): \(error); it is put aside as \(aside), and \(name.text) starts anew")
    }
    return page
  }

  package func keep(_ event: RecordedEvent) {
    switch event {
    case .action(.report(.seated(let keyboard, _), _), _): seated = keyboard
    case .input(let input):
      switch input.event {
      case .command(.keyboards(.together)): stand()
      case .keyboardGone(let keyboard): pages[keyboard]?.isGone = true
      default: break
      }
    case .action(.report(let report, _), _):
      if let seated { hear(report, &pages[seated]) } else { hear(report, &page) }
    default: break
    }
  }

  private func hear(_ report: Report, _ page: inout Page?) {
    guard page != nil else { return }
    switch report {
    case .phraseEnded(_, _, let key): page?.key = key
    case .learned(let notes, _):
      let key = page?.key
      page?.memory.learn(notes, key: key)
      page?.isChanged = true
      saveSoon()
    default: break
    }
  }

  private func stand() {
    save()
    (pages, seated) = ([:], nil)
  }

  /// Every player that has a file, and those that play, in alphabetical order, with the number of notes kept.
  package func list() -> [(name: String, notes: Int)] {
    save()
    var names = Set(present.map(\.player.text))
    for file in Folder.names(in: folder) where file.hasSuffix(Self.ending) && !file.hasPrefix(".") {
      names.insert(String(file.dropLast(Self.ending.count)))
    }
    return names.sorted().map { name in (name, notes(of: name)) }
  }

  package func finish() { save() }

  private var present: [Page] { (page.map { [$0] } ?? []) + pages.values }

  private func notes(of name: String) -> Int {
    if let page = present.first(where: { $0.player.text == name }) { return page.memory.notes }
    guard let bytes = try? WholeFile.read("\(folder)/\(name)\(Self.ending)") else { return 0 }
    return (try? PlayerMemory(decoding: bytes))?.notes ?? 0
  }

  private func path(_ name: PlayerName) -> String { "\(folder)/\(name.text)\(Self.ending)" }

  private func saveSoon() {
    guard !isSaveDue else { return }
    isSaveDue = true
    schedule(Self.delay) { [weak self] in
      self?.isSaveDue = false
      self?.save()
    }
  }

  private func save() {
    save(&page)
    for keyboard in pages.keys { save(&pages[keyboard]) }
  }

  private func save(_ page: inout Page?) {
    guard let known = page, known.isChanged else { return }
    do throws(FileProblem) {
      try WholeFile.makeFolder(folder)
      try WholeFile.write(known.memory.encoded(), to: path(known.player))
      page?.isChanged = false
      hasFailed = false
    } catch {
      if !hasFailed { log.error("what \(known.player.text) played is not kept yet: \(error)") }
      hasFailed = true
    }
  }
}
