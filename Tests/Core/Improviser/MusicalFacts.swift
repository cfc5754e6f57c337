// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: what a musician would say of a session, in numbers.
import Foundation
import Improviser
import JamTestKit
import Music
import Style

/// A call and the answer to it.
struct Exchange {
  var call: Phrase
  var tempo: Tempo
  var key: Key?
  var answer: [PlayedNote]

  static func all(_ output: RecordingOutput) -> [Exchange] {
    var exchanges: [Exchange] = []
    var latest: (phrase: Phrase, tempo: Tempo, key: Key?)?
    for (report, _) in output.reports {
      if case .phraseEnded(let phrase, let tempo, let key) = report { latest = (phrase, tempo, key) }
      guard case .answered(let notes, _, _, _) = report, let call = latest else { continue }
      exchanges.append(Exchange(call: call.phrase, tempo: call.tempo, key: call.key, answer: notes))
    }
    return exchanges
  }
}

enum MusicalFacts {
  /// The styles that ship.
  static let styles: [WeightedStyle] = ["bach", "chopin", "joplin"].map { name in
    let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let file = root.appendingPathComponent("Styles/\(name).style")
    guard let bytes = try? Data(contentsOf: file), let style = try? Style(decoding: Array(bytes)) else {
      fatalError("\(file.path) cannot be read")
    }
    return WeightedStyle(name: name, style: style)
  }

  /// Chords as one, in order of time.
  static func onsets(_ notes: [PlayedNote]) -> [[PlayedNote]] {
    notes.sorted(by: PlayedNote.inPlayedOrder).reduce(into: []) { groups, note in
      if let first = groups.last?.first, note.onset - first.onset < .milliseconds(50) {
        groups[groups.count - 1].append(note)
      } else {
        groups.append([note])
      }
    }
  }

  /// Onsets a second; silences of more than two seconds do not count.
  static func density(_ notes: [PlayedNote]) -> Double {
    let starts = onsets(notes).map { $0[0].onset }
    let gaps = zip(starts, starts.dropFirst()).map { ($1 - $0).seconds }.filter { $0 < 2 }
    let time = gaps.reduce(0, +)
    return time > 0 ? Double(gaps.count) / time : 0
  }

  static func loudness(_ notes: [PlayedNote]) -> Double {
    notes.reduce(0) { $0 + Double($1.velocity.value) } / Double(max(1, notes.count))
  }

  /// The notes of inputs from one keyboard without a pedal.
  static func notes(_ inputs: [Input]) -> [PlayedNote] {
    var held: [Pitch: (at: Instant, velocity: Velocity)] = [:]
    var notes: [PlayedNote] = []
    for input in inputs {
      guard case .midi(let message, _) = input.event else { continue }
      switch message.meaning {
      case .noteOn(let pitch, let velocity): held[pitch] = (input.at, velocity)
      case .noteOff(let pitch):
        guard let note = held.removeValue(forKey: pitch) else { continue }
        notes.append(
          PlayedNote(pitch: pitch, velocity: note.velocity, onset: note.at, duration: input.at - note.at))
      default: break
      }
    }
    return notes
  }
}
