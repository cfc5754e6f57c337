// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: what the stage and the synthesizer cost in a cycle of JACK's callback.
import Music
import RealTime
import Synthesis

/// Cycles of 64 frames at 48 kHz, stage and synthesizer, with the calls that the callback makes of them, in the calling
/// thread: without JACK, its ports and the clocks.
enum StageCost {
  static let frames: UInt32 = 64
  static let sampleRate: UInt32 = 48000
  static var period: Double { Double(frames) * 1e6 / Double(sampleRate) }

  /// And the samples of the last run, in microseconds, by how many keys were down.
  static func figures(_ extent: Extent) -> (figures: [Figure], samples: [(name: String, values: [Double])]) {
    guard SoundFonts.find() != nil else {
      return ([.skipped("callback", because: "no SoundFont (apt install timgm6mb-soundfont)")], [])
    }
    // As JACK's thread is, where that is permitted: else what is measured is what else the machine does.
    _ = try? ThreadScheduling.becomeRealTime()
    defer { ThreadScheduling.becomeOrdinary() }
    var figures: [Figure] = []
    var samples: [(name: String, values: [Double])] = []
    for keys in [1, 16, 64] {
      var runs: [Quantiles] = []
      var last: (costs: [Double], voices: Int) = ([], 0)
      for _ in 0..<extent.runs {
        last = run(keys: keys, cycles: extent.cycles)
        runs.append(Samples(last.costs).quantiles())
      }
      let load = "\(keys) key\(keys == 1 ? "" : "s"), \(last.voices) voice\(last.voices == 1 ? "" : "s")"
      let name = "callback's stage and synthesizer, 64 frames, \(load), of a period of \(Int(period)) us"
      figures.append(.microseconds(name, runs))
      samples.append((load, last.costs.map { $0 / 1000 }))
    }
    return (figures, samples)
  }

  /// Nanoseconds of each cycle while so many keys are down, struck anew before they fade; and the most voices that sounded.
  private static func run(keys: Int, cycles: Int) -> (costs: [Double], voices: Int) {
    let ring = UnsafeMutablePointer<EventRing>.allocate(capacity: 1)
    let control = UnsafeMutablePointer<StageControl>.allocate(capacity: 1)
    ring.initialize(to: EventRing(capacity: StageLimits.ring))
    control.initialize(to: StageControl())
    defer {
      ring.deinitialize(count: 1)
      ring.deallocate()
      control.deinitialize(count: 1)
      control.deallocate()
    }
    var stage = Stage(control: control, ring: ring, routing: StageRouting())
    stage.reset(sampleRate: sampleRate)
    var synthesizer = Synthesizer(SynthesizerSettings(), sampleRate: sampleRate)
    var left = [Float](repeating: 0, count: Int(frames))
    var right = left
    var (costs, voices): ([Double], Int) = ([], 0)
    costs.reserveCapacity(cycles)
    var rests = Rests()
    for cycle in 0..<cycles {
      rests.rest()
      if cycle % 750 == 0 { strike(keys, ring) }
      let start = MonotonicClock.nanoseconds
      stage.run(start: Frames(1 << 32 + UInt64(cycle) * UInt64(frames)), count: frames)
      synthesizer.begin(count: frames)
      for index in 0..<stage.outputCount {
        let output = stage.output(index)
        synthesizer.play(output.message, part: output.part, offset: output.offset, count: frames, &left, &right)
      }
      synthesizer.end(count: frames, &left, &right)
      costs.append(Double(MonotonicClock.nanoseconds - start))
      voices = max(voices, synthesizer.activeVoices)
    }
    return (costs, voices)
  }

  private static func strike(_ keys: Int, _ ring: UnsafeMutablePointer<EventRing>) {
    for key in 0..<keys {
      let message = MIDIMessage(0x90, UInt8(36 + key % 64), 100)
      _ = ring.pointee.push(StageEvent(frame: .immediate, message: message, part: .player))
    }
  }
}
