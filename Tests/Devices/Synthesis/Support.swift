// SPDX-License-Identifier: Apache-2.0
// Tests/Synthesis: what the tests of sounds share.
import Foundation
import Music
import RealTime
import Synthesis

/// A synthesizer played cycle by cycle into one long stereo recording.
final class Player {
  private let synthesizer: UnsafeMutablePointer<Synthesizer>
  let sampleRate: UInt32
  private(set) var left: [Float] = []
  private(set) var right: [Float] = []

  init(_ settings: SynthesizerSettings, sampleRate: UInt32 = 48000) {
    self.sampleRate = sampleRate
    synthesizer = .allocate(capacity: 1)
    synthesizer.initialize(to: Synthesizer(settings, sampleRate: sampleRate))
  }

  deinit {
    synthesizer.deinitialize(count: 1)
    synthesizer.deallocate()
  }

  var state: SynthesizerState { synthesizer.pointee.state }

  var activeVoices: Int { synthesizer.pointee.activeVoices }
  var shedVoices: UInt64 { synthesizer.pointee.shedVoices }

  func silence() { synthesizer.pointee.silence() }
  func reset() { synthesizer.pointee.reset() }

  /// One cycle with messages at their offsets, in order.
  func cycle(_ count: Int, _ messages: [(offset: UInt32, message: MIDIMessage, part: StagePart)] = []) {
    var left = [Float](repeating: .nan, count: count)
    var right = left
    synthesizer.pointee.begin(count: UInt32(count))
    for (offset, message, part) in messages {
      synthesizer.pointee.play(message, part: part, offset: offset, count: UInt32(count), &left, &right)
    }
    synthesizer.pointee.end(count: UInt32(count), &left, &right)
    self.left += left
    self.right += right
  }

  func play(_ message: MIDIMessage, part: StagePart = .player) { cycle(256, [(0, message, part)]) }

  func run(seconds: Double) {
    for _ in 0..<Int(seconds * Double(sampleRate) / 256) { cycle(256) }
  }

  /// The last `seconds` of the left channel.
  func tail(seconds: Double) -> ArraySlice<Float> { left.suffix(Int(seconds * Double(sampleRate))) }
}

func rms(_ samples: some Sequence<Float>) -> Double {
  var (sum, count) = (0.0, 0.0)
  for sample in samples {
    sum += Double(sample) * Double(sample)
    count += 1
  }
  return (sum / max(1, count)).squareRoot()
}

/// The amplitude of the component at `frequency`, under a Hann window.
func amplitude(of frequency: Double, in samples: ArraySlice<Float>, sampleRate: UInt32) -> Double {
  var (cosine, sine, weight) = (0.0, 0.0, 0.0)
  for (index, sample) in samples.enumerated() {
    let window = 0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(samples.count))
    let angle = 2 * .pi * frequency * Double(index) / Double(sampleRate)
    cosine += window * Double(sample) * cos(angle)
    sine += window * Double(sample) * sin(angle)
    weight += window
  }
  return 2 * (cosine * cosine + sine * sine).squareRoot() / weight
}

/// The frequency near `guess` at which the signal is strongest, to a thousandth of a semitone.
func peak(near guess: Double, in samples: ArraySlice<Float>, sampleRate: UInt32) -> Double {
  var (best, step) = (guess, 0.25)
  while step > 0.001 {
    let candidates = stride(from: -4.0, through: 4, by: 1).map { best * exp2($0 * step / 12) }
    best = candidates.max {
      amplitude(of: $0, in: samples, sampleRate: sampleRate) < amplitude(of: $1, in: samples, sampleRate: sampleRate)
    }!
    step /= 3
  }
  return best
}
