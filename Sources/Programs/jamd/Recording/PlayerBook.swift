// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: the players' own models, kept between sessions.
import Glibc
import Improviser
import Logging
import Music
import Style

/// Learns along with the improviser what each player plays, and keeps it in one file a player, replaced at once: soon
/// after each phrase and in the end. Where keyboards are apart each has a player of its own. What a disk does not take
/// waits in memory, whoever plays meanwhile, and is tried again. Lives on one queue.
package final class PlayerBook {
  package static let ending = ".player"
  private static let delay = Duration.seconds(2)
  private static let retry = Duration.seconds(5)

  /// What is known of one who plays.
  private struct Page {
    var player: PlayerName
    var memory = PlayerMemory()
    /// Of the phrase that ended last.
    var key: Key?
    var isChanged: Bool { fresh > 0 }
    /// So many of the latest phrases are not in the file.
    var fresh = 0
    /// Of the file as it was read or written last; nil where there was none.
    var version: FileVersion?
    /// There is a file, but it could not be read.
    var isUnread = false
    /// The keyboard is gone; its last phrase may yet be learned.
    var isGone = false
  }

  private let folder: String
  private let log: Logger
  private let schedule: (Duration, @escaping () -> Void) -> Void
  private let onProblem: @Sendable (String?) -> Void
  /// Of whoever plays all keyboards.
  private var page: Page?
  /// Where keyboards are apart.
  private var pages: [Keyboard: Page] = [:]
  /// Of those who play no longer, as long as no disk takes them.
  private var unsaved: [Page] = []
  /// Whom the improviser's reports are of; nil where keyboards are together.
  private var seated: Keyboard?
  private var isSaveDue = false
  private var problem: String? { didSet { if problem != oldValue { onProblem(problem) } } }

  /// `onProblem` is told why something cannot be kept, and the way out; nil when everything is.
  package init(
    folder: String, log: Logger, schedule: @escaping (Duration, @escaping () -> Void) -> Void,
    onProblem: @escaping @Sendable (String?) -> Void = { _ in }
  ) {
    (self.folder, self.log, self.schedule, self.onProblem) = (folder, log, schedule, onProblem)
  }

  /// From now on `name` plays: what he played before is learned again. A file that cannot be used is put aside, not lost.
  package func use(_ name: PlayerName) -> PlayerModel {
    save()
    if let page { leave(page) }
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
    let free = names.first { !others.contains($0) } ?? name
    for (old, page) in pages where old == keyboard || page.isGone && page.player == free {
      leave(page)
      pages[old] = nil
    }
    let page = read(free)
    pages[keyboard] = page
    return (page.player, page.memory.model())
  }

  /// Whoever played it plays no longer.
  private func leave(_ page: Page) { if page.isChanged { unsaved.append(page) } }

  private func read(_ name: PlayerName) -> Page {
    if let waiting = unsaved.firstIndex(where: { $0.player == name }) { return unsaved.remove(at: waiting) }
    var page = Page(player: name)
    do throws(FileProblem) {
      page.version = FileVersion(path(name))
      page.memory = try recall(name)
      let notes = page.memory.notes
      log.info(
        "\(name.text) plays, of whom \(notes == 0 ? "nothing is known yet" : "the last \(notes) notes are known")")
    } catch {
      page.isUnread = true
      log.error(
        "what is known of \(name.text) cannot be read: \(error); it is left as it is, until something new has to be kept"
      )
    }
    return page
  }

  /// What the file of `name` holds; nothing where there is none. One of another content is put aside.
  private func recall(_ name: PlayerName) throws(FileProblem) -> PlayerMemory {
    do {
      return try PlayerMemory(decoding: try WholeFile.read(path(name)))
    } catch let problem as FileProblem {
      guard problem.code == ENOENT else { throw problem }
    } catch {
      try putAside(name, because: "\(error)")
    }
    return PlayerMemory()
  }

  /// Under a name that no file has: nothing is ever written over.
  private func putAside(_ name: PlayerName, because reason: String) throws(FileProblem) {
    let path = path(name)
    let names = ["\(path).unreadable"] + (2...999).map { "\(path).unreadable-\($0)" }
    let aside = names.first { access($0, F_OK) != 0 } ?? names[0]
    guard rename(path, aside) == 0 else { throw FileProblem(path) }
    log.error("\(path): \(reason); it is put aside as \(aside), and \(name.text) starts anew")
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
      page?.fresh += 1
      saveSoon()
    default: break
    }
  }

  private func stand() {
    save()
    for page in pages.values { leave(page) }
    (pages, seated) = ([:], nil)
  }

  /// Every player that has a file, and those that play, in alphabetical order, with the number of notes kept.
  package func list() -> [(name: String, notes: Int)] {
    save()
    var names = Set(known.map(\.player.text))
    for file in Folder.names(in: folder) where file.hasSuffix(Self.ending) && !file.hasPrefix(".") {
      names.insert(String(file.dropLast(Self.ending.count)))
    }
    return names.sorted().map { name in (name, notes(of: name)) }
  }

  package func finish() {
    save()
    if let problem { log.error("\(problem); that is lost") }
  }

  private var known: [Page] { (page.map { [$0] } ?? []) + pages.values + unsaved }

  private func notes(of name: String) -> Int {
    if let page = known.first(where: { $0.player.text == name }) { return page.memory.notes }
    guard let bytes = try? WholeFile.read("\(folder)/\(name)\(Self.ending)") else { return 0 }
    return (try? PlayerMemory(decoding: bytes))?.notes ?? 0
  }

  private func path(_ name: PlayerName) -> String { "\(folder)/\(name.text)\(Self.ending)" }

  private func saveSoon(_ delay: Duration = PlayerBook.delay) {
    guard !isSaveDue else { return }
    isSaveDue = true
    schedule(delay) { [weak self] in
      self?.isSaveDue = false
      self?.save()
    }
  }

  /// Everything that is not kept yet.
  private func save() {
    let failed = problem != nil
    var problem: String?
    for index in unsaved.indices { save(&unsaved[index], &problem) }
    unsaved.removeAll { !$0.isChanged }
    if page != nil { save(&page!, &problem) }
    for keyboard in pages.keys { save(&pages[keyboard]!, &problem) }
    if let problem, !failed { log.error("\(problem); still trying") }
    if problem == nil, failed { log.notice("what players play is kept again") }
    self.problem = problem
    if problem != nil { saveSoon(Self.retry) }
  }

  private func save(_ page: inout Page, _ problem: inout String?) {
    guard page.isChanged else { return }
    do throws(FileProblem) {
      try WholeFile.makeFolder(folder)
      // One jamd after the other. A file system that knows no locks goes without.
      let turn = try Descriptor(opening: folder, O_RDONLY | O_DIRECTORY)
      _ = turn.lock(within: .seconds(5))
      defer { withExtendedLifetime(turn) {} }
      let now = FileVersion(path(page.player))
      // Another jamd may have kept for the same player what this one has not heard.
      if page.isUnread || (now != nil && now != page.version) { try join(&page) }
      try WholeFile.write(page.memory.encoded(), to: path(page.player))
      (page.fresh, page.version) = (0, FileVersion(path(page.player)))
    } catch {
      problem = "what \(page.player.text) played is not kept, but in memory: \(error)"
    }
  }

  /// What is in the file by now goes in front of what is fresh; where it cannot be read it goes aside, and all that is
  /// known stays.
  private func join(_ page: inout Page) throws(FileProblem) {
    var memory = PlayerMemory()
    do throws(FileProblem) {
      memory = try recall(page.player)
    } catch {
      try putAside(page.player, because: "\(error)")
    }
    let count = memory.phrases.isEmpty ? page.memory.phrases.count : page.fresh
    for phrase in page.memory.phrases.suffix(count) { memory.learn(phrase.notes, key: phrase.key) }
    (page.memory, page.isUnread) = (memory, false)
  }
}
