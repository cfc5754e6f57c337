// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: data of the real-time thread and its set-up. Running code is in Process.swift.
import CJACK
import RealTime
import Synchronization
import Synthesis

/// A client's ports.
struct Ports: BitwiseCopyable {
  var midiIn: OpaquePointer
  var midiOut: OpaquePointer
  var clockOut: OpaquePointer
  var left: OpaquePointer
  var right: OpaquePointer
}

/// All that a cycle touches. One for each daemon: it is lent to one client at a time, and while none is active the
/// background queue may change it.
struct ProcessContext: ~Copyable {
  let inputs: UnsafeMutablePointer<InputRing>
  let clock: UnsafeMutablePointer<ClockCell>
  let cost: UnsafeMutablePointer<Histogram>
  let words: UnsafeMutablePointer<SharedWords>
  let clockOrders: UnsafeMutablePointer<ClockRing>
  let transport: UnsafeMutablePointer<TransportCell>
  let audioRing: UnsafeMutablePointer<AudioRing>?
  let passesInputThrough: Bool
  var stage: Stage
  var stageClock = StageClock()
  /// Whether the latest cycle let the clock out.
  var wasSendingClock = false
  var synthesizer: Synthesizer?
  var releases = PortReleases()
  var xrunsSeen: UInt64 = 0
  var client: OpaquePointer?
  var ports: Ports?
  var sampleRate: UInt32 = 0
  var cycleClock = CycleClock()
  /// Where the next cycle should begin.
  var frames = FrameCounter()
  var isSilent = false

  init(_ shared: Shared, settings: JACKSettings, audioRing: UnsafeMutablePointer<AudioRing>?) {
    inputs = shared.inputs
    clock = shared.clock
    cost = shared.cost
    words = shared.words
    clockOrders = shared.clockOrders
    transport = shared.transport
    self.audioRing = audioRing
    passesInputThrough = settings.passesInputThrough
    stage = Stage(control: shared.control, ring: shared.events, routing: settings.routing)
  }

  /// For a client that is open and not yet active: forgets what sounded; a new sample rate has the synthesizer made
  /// anew (which reads the SoundFont).
  mutating func prepare(client: OpaquePointer, ports: Ports, sampleRate: UInt32, settings: JACKSettings) {
    self.client = client
    self.ports = ports
    stage.reset(sampleRate: sampleRate)
    stageClock.reset()
    while clockOrders.pointee.pop() != nil {}
    releases = PortReleases()
    xrunsSeen = words.pointee.xruns.load(ordering: .relaxed)
    if self.sampleRate != sampleRate { makeSynthesizer(settings.synthesizer, sampleRate) }
    synthesizer?.reset()
    self.sampleRate = sampleRate
    cycleClock = CycleClock()
    frames.restart()
    isSilent = false
    words.pointee.sampleRate.store(sampleRate, ordering: .releasing)
    words.pointee.isLost.store(false, ordering: .releasing)
    words.pointee.hasOtherRate.store(false, ordering: .releasing)
  }

  private mutating func makeSynthesizer(_ settings: SynthesizerSettings?, _ sampleRate: UInt32) {
    synthesizer = nil
    guard let settings else { return }
    synthesizer = Synthesizer(settings, sampleRate: sampleRate)
  }

  var synthesizerState: SynthesizerState? {
    switch synthesizer {
    case .some(let made): made.state
    case .none: nil
    }
  }
}
