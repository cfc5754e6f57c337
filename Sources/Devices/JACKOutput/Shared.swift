// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: hand-over between threads. What the loop, the cycles and the callbacks share.
import RealTime
import Synchronization

/// Plain counters and flags, each written by one thread and read by any.
struct SharedWords: ~Copyable, Sendable {
  let xruns = Atomic<UInt64>(0)
  /// Messages at `midi_in` that the loop was too slow to take.
  let lostInputs = Atomic<UInt64>(0)
  /// What sounds at `midi_in` may never be released there: a connection to it is gone, or a release found no room.
  let isInputBroken = Atomic<Bool>(false)
  /// The channels that are heard, a bit each.
  let channels = Atomic<UInt16>(0xFFFF)
  /// Messages that `midi_out` had no room for.
  let refusedMessages = Atomic<UInt64>(0)
  /// The server is gone.
  let isLost = Atomic<Bool>(false)
  /// The server has another sample rate than when it was opened.
  let hasOtherRate = Atomic<Bool>(false)
  let sampleRate = Atomic<UInt32>(0)
  /// The end of the latest cycle.
  let nextFrame = Atomic<UInt64>(0)
  /// Cycles run.
  let cycles = Atomic<UInt64>(0)
  /// The port `clock_out` is to carry the clock.
  let sendsClock = Atomic<Bool>(false)
  /// The clock is between start and stop.
  let clockRuns = Atomic<Bool>(false)
  /// Keys that are music: the lowest, and the highest in the second byte. All others are commands and never sound.
  let music = Atomic<UInt16>(0x7F00)
  /// Beats in a bar for who asks JACK's transport, as a Double's bits.
  let beatsInABar = Atomic<UInt64>((4.0).bitPattern)
  /// Voices that the synthesizer ended because there was no time for them.
  let shedVoices = Atomic<UInt64>(0)
  /// The kernel's number of the thread that runs the cycles.
  let thread = Atomic<Int32>(0)
}

/// Owns what outlives every connection. The loop pushes to `events` and `clockOrders` and pops from `inputs`, cycles do the opposite;
/// everything else is atomic. Cycles hold the pointers, never the object: they must not count references.
final class Shared: @unchecked Sendable {
  let control: UnsafeMutablePointer<StageControl>
  let events: UnsafeMutablePointer<EventRing>
  let inputs: UnsafeMutablePointer<InputRing>
  let clock: UnsafeMutablePointer<ClockCell>
  /// What a cycle costs, in nanoseconds.
  let cost: UnsafeMutablePointer<Histogram>
  let words: UnsafeMutablePointer<SharedWords>
  let clockOrders: UnsafeMutablePointer<ClockRing>
  let transport: UnsafeMutablePointer<TransportCell>

  init() {
    control = Self.place(StageControl())
    events = Self.place(EventRing(capacity: StageLimits.ring))
    inputs = Self.place(InputRing(capacity: 4096))
    clock = Self.place(ClockCell())
    cost = Self.place(Histogram())
    words = Self.place(SharedWords())
    clockOrders = Self.place(ClockRing(capacity: 64))
    transport = Self.place(TransportCell())
  }

  deinit {
    Self.remove(control)
    Self.remove(events)
    Self.remove(inputs)
    Self.remove(clock)
    Self.remove(cost)
    Self.remove(words)
    Self.remove(clockOrders)
    Self.remove(transport)
  }

  private static func place<Value: ~Copyable>(_ value: consuming Value) -> UnsafeMutablePointer<Value> {
    let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    pointer.initialize(to: value)
    return pointer
  }

  private static func remove<Value: ~Copyable>(_ pointer: UnsafeMutablePointer<Value>) {
    pointer.deinitialize(count: 1)
    pointer.deallocate()
  }
}
