// SPDX-License-Identifier: Apache-2.0
// Core/Scores: takes that end with keys or pedals down.
import Music

extension Take {
  /// The same take, in which every key and sustain pedal that a track leaves down is let go of, half a second after the
  /// track's last message: what is never released would be held for ever, and its phrase never end. In a take that was
  /// recorded it was held to the end, and is let go of half a second after the last message of all. O(messages).
  public var released: Take {
    var take = self
    let end = isRecorded ? tracks.compactMap { $0.events.last?.time }.max() : nil
    for index in take.tracks.indices { take.tracks[index].release(after: end) }
    return take
  }
}

extension Take.Track {
  private static let tail = Duration.milliseconds(500)

  /// `end`: nil where it is the track's.
  fileprivate mutating func release(after end: Duration?) {
    guard let last = events.last else { return }
    // By the bytes that let go of it.
    var down: [[UInt8]: MIDIMessage] = [:]
    for event in events {
      let channel = event.message.channel
      switch event.message.meaning {
      case .noteOn(let pitch, _): down[[channel.index, pitch.number]] = .noteOff(pitch, channel)
      case .noteOff(let pitch): down[[channel.index, pitch.number]] = nil
      case .sustain(true): down[[channel.index]] = .controlChange(64, 0, channel)
      case .sustain(false): down[[channel.index]] = nil
      case .allNotesOff: down = down.filter { $0.key[0] != channel.index }
      case .controlChange, .programChange, .other: break
      }
    }
    events += down.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
      Take.Event(time: (end ?? last.time) + Self.tail, $0.value)
    }
  }
}
