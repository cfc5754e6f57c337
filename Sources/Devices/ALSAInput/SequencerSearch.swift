// SPDX-License-Identifier: Apache-2.0
// Devices/ALSAInput: looking for the sequencer now and then, pure.
import Music

/// When to open the sequencer, and when to say that it cannot be: once for each reason, not every few seconds.
package struct SequencerSearch {
  package enum State: Hashable {
    case stopped, opening, open
    case waiting(until: Instant)
  }

  package private(set) var state: State = .stopped
  private var reported: SequencerError?
  /// Soon enough for somebody who has just typed `modprobe snd-seq`.
  package static let interval = Duration.seconds(3)

  package init() {}

  /// True when it is to be opened now: at the start, or when the wait is over.
  package mutating func shouldOpen(at now: Instant) -> Bool {
    switch state {
    case .stopped: break
    case .waiting(let until) where until <= now: break
    case .waiting, .opening, .open: return false
    }
    state = .opening
    return true
  }

  /// False when nobody wants it any more: close it.
  package mutating func opened() -> Bool {
    guard state == .opening else { return false }
    state = .open
    reported = nil
    return true
  }

  /// It could not be opened, or it was lost. Gives when to try again (nil: never) and what to tell (nil: told before).
  package mutating func failed(_ error: SequencerError, at now: Instant) -> (retry: Instant?, report: SequencerError?) {
    guard state != .stopped else { return (nil, nil) }
    let retry = now + Self.interval
    state = .waiting(until: retry)
    defer { reported = error }
    return (retry, error == reported ? nil : error)
  }

  package mutating func stop() { state = .stopped }
}
