// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: the tracks of what jamd played in a session.
import Music
import Scores

extension Recording {
  /// The place among those answered of `player`, as a channel; more than sixteen share the last.
  mutating func place(of player: UInt32?) -> Channel {
    if let place = answered.firstIndex(of: player) { return Channel(statusByte: UInt8(place)) }
    if answered.count < 16 { answered.append(player) }
    return Channel(statusByte: UInt8(answered.count - 1))
  }

  /// One where jamd answered one player or all together; else one for each, named as the player's track is, on the channels
  /// that follow each other as when they were played.
  var answerTracks: [Take.Track] {
    let notes = heardAnswers
    guard answered.count > 1 else {
      return [Take.Track(name: Take.answerTrack, notes: notes, channel: answerChannel) { $0 - .zero }]
    }
    var names: Set<String> = []
    return answered.enumerated().map { place, player in
      var name = player.map { Take.answerTrack(to: title(of: $0)) } ?? Take.answerTrack
      while !names.insert(name).inserted { name += "+" }
      let own = notes.filter { Int($0.channel.index) == place }
      return Take.Track(name: name, notes: own, channel: answerChannel.after(place)) { $0 - .zero }
    }
  }

  /// The keyboard's name, else what its track is called.
  private func title(of keyboard: UInt32) -> String {
    if let name = names[keyboard], !name.isEmpty { return name }
    return players[keyboard]?.name ?? "\(keyboard)"
  }
}
