// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: what hearing a key costs.
import Listening
import Music

/// Each tracker with one struck key, and all of them together: two-handed ragtime with jitter, and a storm of random keys.
/// Beside them work that is always the same.
enum HearingCost {
  static func figures(_ extent: Extent) -> [Figure] {
    [("ragtime", ragtime(extent.heardNotes)), ("storm", storm(extent.heardNotes))].flatMap { name, notes in
      [
        figure("beat, \(name)", extent) { () in beats(notes) },
        figure("chord, \(name)", extent) { () in chords(notes) },
        figure("key, \(name)", extent) { () in keys(notes) },
        figure("beat, chord, key and playing, \(name)", extent) { () in together(notes) },
      ]
    } + [
      .microseconds("plain arithmetic beside it, always the same", (0..<extent.runs).map { _ in arithmetic(extent) })
    ]
  }

  /// Some 25 us of work that never differs: what its quantiles spread over is the machine's.
  private static func arithmetic(_ extent: Extent) -> Quantiles {
    var samples = Samples(capacity: extent.heardNotes)
    var random = RandomSource(seed: Extent.seed)
    var sum = 0.0
    for _ in 0..<extent.heardNotes {
      samples.add(timed { for _ in 0..<8000 { sum += random.uniform() } }.nanoseconds)
    }
    precondition(sum > 0)
    return samples.quantiles()
  }

  private static func figure(_ name: String, _ extent: Extent, _ run: () -> Quantiles) -> Figure {
    .microseconds("hearing a key: \(name)", (0..<extent.runs).map { _ in run() })
  }

  private static func beats(_ notes: [PlayedNote]) -> Quantiles {
    var tracker = BeatTracker()
    return measured(notes, &tracker) { $0.hear($1.pitch, $1.velocity, at: $1.onset) }
  }

  private static func chords(_ notes: [PlayedNote]) -> Quantiles {
    var tracker = ChordTracker()
    return measured(notes) {
      tracker.press($0.pitch, $0.velocity, at: $0.onset)
      tracker.release($0.pitch, at: $0.onset)
    }
  }

  private static func keys(_ notes: [PlayedNote]) -> Quantiles {
    var estimate = KeyEstimate()
    return measured(notes) {
      estimate.hear([$0])
      _ = estimate.key
    }
  }

  private static func together(_ notes: [PlayedNote]) -> Quantiles {
    var (tracker, harmony, tonality, playing) = (BeatTracker(), ChordTracker(), KeyEstimate(), PlayingFeatures())
    return measured(notes, &tracker) { tracker, note in
      tracker.hear(note.pitch, note.velocity, at: note.onset)
      harmony.press(note.pitch, note.velocity, at: note.onset)
      playing.press(note.pitch, note.velocity, at: note.onset)
      tonality.hear([note])
      _ = tonality.key
      harmony.release(note.pitch, at: note.onset)
      playing.release(note.pitch, at: note.onset)
    }
  }

  /// Every key, and between keys every update that the tracker asks for.
  private static func measured(
    _ notes: [PlayedNote], _ tracker: inout BeatTracker, _ hear: (inout BeatTracker, PlayedNote) -> Void
  ) -> Quantiles {
    var samples = Samples(capacity: 8 * notes.count)
    for note in notes {
      while let update = tracker.completion ?? tracker.nextCatchUp, update < note.onset {
        let cost = timed {
          tracker.advance(to: update)
          tracker.catchUp(to: update)
        }
        samples.add(cost.nanoseconds)
      }
      samples.add(timed { hear(&tracker, note) }.nanoseconds)
    }
    return samples.quantiles()
  }

  private static func measured(_ notes: [PlayedNote], _ hear: (PlayedNote) -> Void) -> Quantiles {
    var samples = Samples(capacity: notes.count)
    for note in notes { samples.add(timed { hear(note) }.nanoseconds) }
    return samples.quantiles()
  }

  /// At 96 beats a minute, each onset a little off.
  private static func ragtime(_ count: Int) -> [PlayedNote] {
    var random = RandomSource(seed: Extent.seed &+ 3)
    var ragtime = Ragtime(seed: Extent.seed &+ 3)
    var (start, notes) = (1.0, [PlayedNote]())
    for piece in ragtime.pieces(notes: count) {
      for note in piece.notes {
        let onset = start + note.onset.count * 0.625 + 0.02 * random.uniform()
        notes.append(played(note.pitch, 50 + Int(random.uniform() * 60), at: onset, for: note.duration.count * 0.5))
      }
      start += 3 + (piece.notes.last?.end.count ?? 0) * 0.625
    }
    return notes.sorted(by: PlayedNote.inPlayedOrder)
  }

  /// Up to a hundred keys a second, anywhere.
  private static func storm(_ count: Int) -> [PlayedNote] {
    var random = RandomSource(seed: Extent.seed &+ 4)
    var now = 1.0
    return (0..<count).map { _ in
      now += 0.16 * random.uniform() * random.uniform()
      let pitch = Pitch(clamping: 21 + Int(random.uniform() * 88))
      return played(pitch, 1 + Int(random.uniform() * 126), at: now, for: 0.1)
    }
  }

  private static func played(_ pitch: Pitch, _ velocity: Int, at onset: Double, for length: Double) -> PlayedNote {
    PlayedNote(
      pitch: pitch, velocity: Velocity(clamping: velocity), onset: .zero + .seconds(onset),
      duration: .seconds(max(0.03, length)))
  }
}
