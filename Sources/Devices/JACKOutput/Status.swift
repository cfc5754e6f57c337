// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: values. How the connection does.
import RealTime
import Synthesis

public struct JACKStatus: Hashable, Sendable {
  public var isConnected: Bool
  /// 0 before the first cycle.
  public var sampleRate: UInt32
  /// Frames a cycle; 0 before the first.
  public var period: UInt32
  public var cycles: UInt64
  public var xruns: UInt64
  public var stage: StageCounters
  /// What a cycle costs, in nanoseconds.
  public var cost: Histogram.Summary
  /// How late events were played, in nanoseconds.
  public var lateness: Histogram.Summary
  /// Notes and other messages that found three quarters of the ring to the stage full. Never a note-off.
  public var droppedEvents: UInt64
  /// Events that came due while there was no server, and notes while it stood still.
  public var unheardEvents: UInt64
  /// Messages at `midi_in` that the loop was too slow to take, or the stage had no room for.
  public var lostInputs: UInt64
  /// Messages that `midi_out` had no room for; note-offs leave in the next cycle.
  public var refusedMessages: UInt64
  /// Voices ended early because the period had no time for them.
  public var shedVoices: UInt64
  /// Page faults of the thread that runs the cycles since its first second; nil where that is not over, or not known.
  public var pageFaults: PageFaults?
  /// Nil before the first connection, or without a synthesizer.
  public var synthesizer: SynthesizerState?
  /// Events that wait for their time.
  public var scheduledEvents: Int
}
