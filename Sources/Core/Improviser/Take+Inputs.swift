// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: a recorded take as the improviser's inputs.
import Music
import Scores

extension Take.Marker {
  /// The text of a marker where the player asked for silence.
  public static let panic = "panic"
}

extension Take {
  /// Every track but jamd's own.
  public var players: [Track] { tracks.filter { !Self.isAnswer($0.name) } }

  /// What the players did, in order of time; each track is a keyboard of its own. At one time
  /// settings come first and what is asked for once, like a panic, comes last. O(n log n).
  public var inputs: [Input] {
    let messages = players.enumerated().flatMap { index, track in
      track.events.map { event in
        Input(at: .zero + event.time, .midi(event.message, from: Keyboard(UInt32(index + 1))))
      }
    }
    let commands = markers.compactMap { marker in
      Command(marker: marker.text).map { (command: $0, input: Input(at: .zero + marker.time, .command($0))) }
    }
    let settings = commands.filter { !$0.command.isMomentary }.map(\.input)
    let moments = commands.filter(\.command.isMomentary).map(\.input)
    return (settings + messages + moments).enumerated().sorted {
      ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
    }
    .map(\.element)
  }
}
