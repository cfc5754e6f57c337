// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: JACK's other callbacks. They run on JACK's threads, not in the cycle, and touch atomics alone.
import CJACK
import RealTime
import Synchronization

/// On the thread that runs the cycles, before the first.
@c func jamdThreadBegan(_ argument: UnsafeMutableRawPointer?) {
  MemoryLocking.touch(stack: 64 << 10, heap: 0)
  argument?.assumingMemoryBound(to: SharedWords.self).pointee.thread.store(
    ThreadScheduling.currentThread, ordering: .releasing)
}

@c func jamdXrun(_ argument: UnsafeMutableRawPointer?) -> Int32 {
  argument?.assumingMemoryBound(to: SharedWords.self).pointee.xruns.wrappingAdd(1, ordering: .relaxed)
  return 0
}

@c func jamdShutdown(
  _ code: jack_status_t, _ reason: UnsafePointer<CChar>?, _ argument: UnsafeMutableRawPointer?
) {
  argument?.assumingMemoryBound(to: SharedWords.self).pointee.isLost.store(true, ordering: .releasing)
}

/// Another sample rate is another server to us: the client is opened anew.
@c func jamdSampleRate(_ sampleRate: UInt32, _ argument: UnsafeMutableRawPointer?) -> Int32 {
  guard let words = argument?.assumingMemoryBound(to: SharedWords.self) else { return 0 }
  if words.pointee.sampleRate.load(ordering: .acquiring) != sampleRate {
    words.pointee.hasOtherRate.store(true, ordering: .releasing)
  }
  return 0
}

/// Where a client's connections come and go; lives as long as the client.
struct InputWatch {
  let client: OpaquePointer
  let midiIn: OpaquePointer
  let words: UnsafeMutablePointer<SharedWords>
}

/// JACK does not tell which keys came over a connection: when one to `midi_in` goes, the loop lets go of all.
@c func jamdPortsConnected(
  _ source: jack_port_id_t, _ target: jack_port_id_t, _ isConnected: Int32, _ argument: UnsafeMutableRawPointer?
) {
  guard isConnected == 0, let watch = argument?.assumingMemoryBound(to: InputWatch.self).pointee else { return }
  guard jack_port_by_id(watch.client, target) == watch.midiIn else { return }
  watch.words.pointee.isInputBroken.store(true, ordering: .releasing)
}
