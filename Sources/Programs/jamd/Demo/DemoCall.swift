// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the call that jamd plays to itself when nobody has plugged in a keyboard.
import Music

/// Eight beats of ragtime written for this purpose: a syncopated right hand over an oom-pah left hand.
enum DemoCall {
  static let tempo = Tempo(beatsPerMinute: 96) ?? .standard

  static var piece: Piece {
    Piece(
      title: "Demo call", parts: [Part(name: "Call", notes: (melody + accompaniment).sorted(by: Note.inScoreOrder))],
      tempoMap: TempoMap(constant: tempo), keys: [Positioned(position: .zero, value: Key(sharps: 0, mode: .major))])
  }

  /// MIDI key, onset and length in sixteenth notes, velocity.
  private static let melody = notes([
    (72, 0, 1, 84), (76, 1, 2, 92), (79, 3, 1, 80), (81, 4, 2, 90), (79, 6, 2, 84),
    (77, 8, 1, 80), (74, 9, 2, 90), (77, 11, 1, 78), (76, 12, 4, 88),
    (74, 16, 1, 82), (77, 17, 2, 92), (81, 19, 1, 80), (83, 20, 2, 94), (81, 22, 1, 82), (79, 23, 1, 80),
    (76, 24, 2, 86), (74, 26, 2, 80), (72, 28, 3, 90),
  ])

  private static let accompaniment = notes([
    (48, 0, 2, 70), (60, 2, 1, 58), (64, 2, 1, 58), (43, 4, 2, 68), (60, 6, 1, 58), (64, 6, 1, 58),
    (50, 8, 2, 70), (59, 10, 1, 58), (65, 10, 1, 58), (48, 12, 2, 68), (60, 14, 1, 58), (64, 14, 1, 58),
    (43, 16, 2, 70), (59, 18, 1, 58), (65, 18, 1, 58), (47, 20, 2, 68), (62, 22, 1, 58), (65, 22, 1, 58),
    (43, 24, 2, 70), (59, 26, 1, 58), (65, 26, 1, 58), (48, 28, 3, 72),
  ])

  private static func notes(_ rows: [(key: Int, onset: Int, length: Int, velocity: Int)]) -> [Note] {
    rows.map { row in
      Note(
        pitch: Pitch(clamping: row.key), velocity: Velocity(clamping: row.velocity),
        onset: Beats(Double(row.onset) / 4), duration: Beats(Double(row.length) / 4 * 0.9))
    }
  }
}
