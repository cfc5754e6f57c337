// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: who plays, between LIBRARY and THINKING.
import ControlProtocol
import Improviser
import Music
import RealTime

extension Daemon {
  /// The configured player; what is known of him is read in the background.
  func startPlayer() {
    guard recording.keepsPlayers else { return }
    let name = configuration.player.name
    guard let player = PlayerName(name) else { return warn("player.name: \(Self.refusal(of: name))") }
    Task { await self.use(player) }
  }

  func usePlayer(named name: String) async -> Reply {
    guard let player = PlayerName(name) else {
      return .failure(CommandFailure(.badArgument, Self.refusal(of: name)))
    }
    guard recording.keepsPlayers else {
      return .failure(CommandFailure(.unavailable, "this jamd keeps nobody's playing: give it a player.name"))
    }
    await use(player)
    return .done
  }

  func playerEntries() async -> [PlayerEntry] {
    await recording.listPlayers().map { PlayerEntry(name: $0.name, notes: $0.notes, isInUse: $0.name == player) }
  }

  private func use(_ name: PlayerName) async {
    guard let model = await recording.usePlayer(name) else { return }
    player = name.text
    session.use(model, of: name.text, at: .now())
    scheduleDeadline()
  }

  /// From now on keyboards have one player or one each.
  func seat(_ use: KeyboardUse) {
    configuration.midi.keyboards = use
    session.ask(.keyboards(use), at: .now())
    for number in [Keyboard.jack.number] + keyboards.keys.sorted() { givePlayer(to: Keyboard(number)) }
    scheduleDeadline()
  }

  /// Where keyboards are apart: what is known of the player at `keyboard` is read in the background.
  func givePlayer(to keyboard: Keyboard) {
    guard configuration.midi.keyboards == .apart, recording.keepsPlayers else { return }
    let name = PlayerName(ofKeyboard: name(of: keyboard))
    Task {
      guard let (name, model) = await recording.usePlayer(name, at: keyboard) else { return }
      session.use(model, at: keyboard, of: name.text, at: .now())
      scheduleDeadline()
    }
  }

  private static func refusal(of name: String) -> String {
    "\"\(name.prefix(64))\" cannot be a player's name: 1 to 64 bytes without slashes, and no dot or dash in front"
  }
}
