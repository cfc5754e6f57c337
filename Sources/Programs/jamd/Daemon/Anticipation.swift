// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, THINKING: how much sooner than it was decided a note is handed to the output.
import Improviser
import Music

/// The output is a period late, always. So what was decided for a beat that is heard leaves a period sooner, where it is
/// decided so early: on the player's beat then. That is between the improviser and the port: the take knows nothing of it.
///
/// A clock's beat comes earlier by the period already, and what begins off the beat keeps its distance from its cause.
package struct Anticipation {
  /// From decision to the ring takes no longer.
  private static let margin = Duration.milliseconds(1)
  /// An answer that begins nearer than this to a beat is meant for it.
  private static let reach = Duration.milliseconds(11)

  /// The beat is a clock's, which is early enough.
  package var isLed = false
  private var latest: (generation: Generation, amount: Duration)?

  package init() {}

  /// For a note of `generation`, all of whose notes get the same; to be asked in order of onset. `latency` is the output's,
  /// `beat` as it is heard at `now`.
  package mutating func amount(
    for note: PlayedNote, _ generation: Generation, latency: Duration?, beat: @autoclosure () -> BeatGrid?,
    playsAlong: Bool, at now: Instant
  ) -> Duration {
    if let latest, latest.generation == generation { return latest.amount }
    var amount = Duration.zero
    if !isLed, let latency, let beat = beat() {
      let off = (beat.nearest(Beats(1), to: note.onset) - note.onset).nanoseconds.magnitude
      if playsAlong || note.channel == .percussion || off < Self.reach.nanoseconds.magnitude {
        amount = max(.zero, min(latency, note.onset - now - Self.margin))
      }
    }
    latest = (generation, amount)
    return amount
  }
}
