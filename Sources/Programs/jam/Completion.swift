// SPDX-License-Identifier: Apache-2.0
// Programs/jam: what a shell offers for arguments that are no words of jam's own.
import ArgumentParser
import ControlProtocol
import FoundationEssentials
import Glibc

/// Asked while somebody types: what cannot be found out at once is left out, and no error is shown.
extension CompletionKind {
  static let midiFiles = file(extensions: ["mid", "midi"])

  /// Of a running jamd.
  static let stylesInUse = custom { _, _, _ in Completion.styles }

  /// The same, each to be given its weight.
  static let weights = custom { _, _, _ in (Completion.styles + ["me"]).map { "\($0)=" } }

  /// In the folders, and files here.
  static let styles = custom { _, _, _ in Completion.styleFiles }

  static let players = custom { _, _, _ in Completion.players }

  static let sessions = custom { _, _, _ in
    ["last"] + ((try? SessionFolderOptions.standard.all()) ?? []).map(\.id)
  }
}

extension CompletionKind {
  /// All that a value can be.
  static func choice<Value: CaseIterable & RawRepresentable<String>>(_: Value.Type) -> CompletionKind {
    list(Value.allCases.map(\.rawValue))
  }
}

private enum Completion {
  static var styles: [String] {
    guard case .styles(let styles) = reply(to: .styleList) else { return [] }
    return styles.map(\.name)
  }

  static var players: [String] {
    guard case .players(let players) = reply(to: .playerList) else { return [] }
    return players.map(\.name)
  }

  static var styleFiles: [String] {
    let named = StyleSearch.standardFolders(ProcessInfo.processInfo.environment).flatMap(files).map(StyleSearch.name)
    return Set(named).sorted() + files(in: ".")
  }

  private static func files(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".style") }.sorted()
  }

  private static func reply(to command: ControlCommand) -> Reply? {
    let paths = SocketPath.candidates(environment: ProcessInfo.processInfo.environment, userID: geteuid())
    guard var client = try? ControlClient(paths: paths) else { return nil }
    return try? client.carryOut(command)
  }
}
