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
}

/// Learns along with the improviser what each player plays, and keeps it in one file a player, replaced at once: soon
/// after each phrase and in the end. Lives on one queue.
package final class PlayerBook {
  package static let ending = ".player"
  private static let delay = Duration.seconds(2)

  private let folder: String
  private let log: Logger
  private let schedule: (Duration, @escaping () -> Void) -> Void
  private var player: PlayerName?
  private var memory = PlayerMemory()
  private var heard: (notes: [Note], key: Key?)?
  private var isChanged = false
  private var isSaveDue = false
  private var hasFailed = false

  package init(folder: String, log: Logger, schedule: @escaping (Duration, @escaping () -> Void) -> Void) {
    (self.folder, self.log, self.schedule) = (folder, log, schedule)
  }

  /// From now on `name` plays: what he played before is learned again. A file that cannot be used is put aside, not lost.
  package func use(_ name: PlayerName) -> PlayerModel {
    save()
    player = name
    memory = PlayerMemory()
    isChanged = false
    do {
      memory = try PlayerMemory(decoding: try WholeFile.read(path(name)))
      log.info("\(name.text) plays, whose last \(memory.notes) notes are known")
    } catch let problem as FileProblem where problem.code == ENOENT {
      log.info("\(name.text) plays, of whom nothing is known yet")
    } catch let problem as FileProblem {
      log.error("what is known of \(name.text) cannot be read: \(problem)")
    } catch {
      let aside = "\(path(name)).unreadable"
      rename(path(name), aside)
      log.error("\(path(name)): \(error); it is put aside as \(aside), and \(name.text) starts anew")
    }
    return memory.model()
  }

  package func keep(_ event: RecordedEvent) {
    guard player != nil, case .action(.report(let report, _), _) = event else { return }
    switch report {
    case .phraseEnded(let phrase, let tempo, let key): heard = (phrase.notes(at: tempo), key)
    case .learned:
      guard let heard else { return }
      memory.learn(heard.notes, key: heard.key)
      self.heard = nil
      isChanged = true
      saveSoon()
    default: break
    }
  }

  /// Every player that has a file, and the one that plays, in alphabetical order, with the number of notes kept.
  package func list() -> [(name: String, notes: Int)] {
    save()
    var names = Set(player.map { [$0.text] } ?? [])
    for file in Folder.names(in: folder) where file.hasSuffix(Self.ending) && !file.hasPrefix(".") {
      names.insert(String(file.dropLast(Self.ending.count)))
    }
    return names.sorted().map { name in (name, notes(of: name)) }
  }

  package func finish() { save() }

  private func notes(of name: String) -> Int {
    guard name != player?.text else { return memory.notes }
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
    guard isChanged, let player else { return }
    do throws(FileProblem) {
      try WholeFile.makeFolder(folder)
      try WholeFile.write(memory.encoded(), to: path(player))
      isChanged = false
      hasFailed = false
    } catch {
      if !hasFailed { log.error("what \(player.text) played is not kept yet: \(error)") }
      hasFailed = true
    }
  }
}
