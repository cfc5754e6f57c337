// SPDX-License-Identifier: Apache-2.0
// JamTestKit: an output that keeps books instead of sounding.
import Improviser
import Music

/// Plays an improviser's actions in virtual time the way a stage does, and writes down whatever a stage must never get.
public struct RecordingOutput: Sendable {
  /// A note that has been asked for and has not ended.
  private struct Pending {
    var note: PlayedNote
    var generation: Generation
  }

  /// What sounded, from onset to release or cancellation, in the order of the ends.
  public private(set) var played: [PlayedNote] = []
  public private(set) var reports: [(report: Report, at: Instant)] = []
  /// What must not be, in words; empty when all is well.
  public private(set) var problems: [String] = []
  private var pending: [Pending] = []
  private var minimum = Generation(0)
  private var latest = Generation(0)
  private var clock: ManualClock

  public init(at start: Instant = .zero) { clock = ManualClock(at: start) }

  /// Notes that sound now.
  public var sounding: [PlayedNote] { pending.map(\.note).filter { $0.onset <= clock.now } }

  /// Nothing sounds and nothing is going to.
  public var isDone: Bool { pending.isEmpty }

  /// Lets time pass: what ends until `instant` is played.
  public mutating func advance(to instant: Instant) {
    clock.advance(to: instant)
    for item in pending where item.note.release <= clock.now { played.append(item.note) }
    pending.removeAll { $0.note.release <= clock.now }
  }

  /// `actions` as one step gave them.
  public mutating func take(_ actions: [Action]) {
    for action in actions {
      switch action {
      case .play(let note, let generation): start(note, generation)
      case .cancel(let generation, let instant): cancel(before: generation, at: instant)
      case .report(let report, let instant):
        advance(to: instant)
        reports.append((report, instant))
      }
    }
  }

  private mutating func start(_ note: PlayedNote, _ generation: Generation) {
    if generation < minimum { problems.append("\(note) is of generation \(generation.number), which was cancelled") }
    if generation < latest { problems.append("generation \(generation.number) came after \(latest.number)") }
    if note.onset < clock.now { problems.append("\(note) starts before its cause at \(clock.now)") }
    if note.duration <= .zero { problems.append("\(note) lasts no time") }
    for other in pending where other.generation == generation {
      if other.note.onset > note.onset { problems.append("\(note) is out of order") }
      if other.note.pitch == note.pitch, other.note.release > note.onset { problems.append("\(note) sounds already") }
    }
    latest = max(latest, generation)
    pending.append(Pending(note: note, generation: generation))
  }

  private mutating func cancel(before generation: Generation, at instant: Instant) {
    if generation < minimum { problems.append("cancellation went back to \(generation.number)") }
    if instant < clock.now { problems.append("cancelled at \(instant), before \(clock.now)") }
    advance(to: instant)
    minimum = max(minimum, generation)
    for var item in pending where item.generation < minimum && item.note.onset < instant {
      item.note.duration = instant - item.note.onset
      played.append(item.note)
    }
    pending.removeAll { $0.generation < minimum }
  }
}
