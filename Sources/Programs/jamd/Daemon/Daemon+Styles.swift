// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: which styles are in use, between LIBRARY and THINKING.
import Improviser
import RealTime
import Style

extension Daemon {
  /// Reads all styles in the background and watches their folders.
  func startStyles() {
    styleProblem = Self.readingStyles
    Task { await self.readStyles(announce: false) }
    folderWatch = FolderWatch(folders: library.folders) { [weak self] in
      Task { await self?.readStyles(announce: true) }
    }
    if folderWatch == nil { warn("style folders are not watched (no inotify): send SIGHUP after changing a style") }
  }

  func rereadStyles() {
    log.info("rereading the styles")
    Task { await self.readStyles(announce: true) }
  }

  func readStyles(announce: Bool) async {
    let changes = await library.rescan()
    for change in changes { apply(change, announce: announce) }
    if session.styles.isEmpty { await chooseFirstStyle() }
  }

  private func apply(_ change: StyleLibrary.Change, announce: Bool) {
    switch change {
    case .loaded(let name, let style, let replaced):
      if announce { log.info("style \(name) \(replaced ? "replaced" : "found")") }
      if replaced { replaceInUse(name, by: style) }
    case .refused(_, let reason): warn("\(reason); what was loaded before stays in use")
    case .removed(let name):
      let isInUse = session.styles.contains { $0.name == name }
      log.info("style \(name) is gone from its folder\(isInUse ? "; it stays in use until another is chosen" : "")")
    }
  }

  private func replaceInUse(_ name: String, by style: Style) {
    guard session.styles.contains(where: { $0.name == name }) else { return }
    let renewed = session.styles.map { part in
      part.name == name ? WeightedStyle(name: name, style: style, weight: part.weight) : part
    }
    session.use(renewed, .nextPhrase, at: .now())
  }

  /// The configured style; else the first in alphabetical order.
  private func chooseFirstStyle() async {
    let loaded = await library.loaded
    let wanted = configuration.style.name
    if !wanted.isEmpty, !loaded.contains(where: { $0.name == wanted }) {
      let problem = await library.problem(with: wanted)
      if styleProblem != problem { warn(problem) }
      styleProblem = problem
    } else if let entry = loaded.first(where: { wanted.isEmpty || $0.name == wanted }), let style = entry.style {
      styleProblem = nil
      session.use([WeightedStyle(name: entry.name, style: style)], .now, at: .now())
      log.info("playing in the style of \(entry.name)")
    } else {
      styleProblem =
        "a style: learn one with `jam learn FOLDER -o NAME.style` into \(library.folders.first ?? "Styles")"
    }
    updateReadiness()
  }

  /// By number: what Program Change chooses, counted from 0 in alphabetical order. A number beyond the last does nothing.
  func useStyle(number: Int) {
    Task {
      let loaded = await library.loaded
      guard loaded.indices.contains(number), let style = loaded[number].style else { return }
      session.use([WeightedStyle(name: loaded[number].name, style: style)], .nextPhrase, at: .now())
    }
  }
}

/// Where styles are looked for.
enum StyleFolders {
  /// Those given by configuration and command line; `$JAMD_STYLES`; the user's own; the system's.
  static func all(given: [String]) -> [String] {
    var folders = given
    if let own = Environment.value("JAMD_STYLES") { folders.append(own) }
    if let data = Environment.value("XDG_DATA_HOME") ?? Environment.value("HOME").map({ "\($0)/.local/share" }) {
      folders.append("\(data)/jamd/styles")
    }
    if let state = Environment.value("STATE_DIRECTORY") { folders.append("\(state)/styles") }
    return folders + ["/usr/local/share/jamd/styles", "/usr/share/jamd/styles"]
  }
}
