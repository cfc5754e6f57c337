// SPDX-License-Identifier: Apache-2.0
// Tests/Synthesis: recording to WAV files.
import CSoundFile
import Foundation
import Synchronization
import Synthesis
import Testing

private func read(_ path: String) -> (sampleRate: Int32, samples: [Float])? {
  var info = SF_INFO()
  guard let file = sf_open(path, Int32(SFM_READ), &info) else { return nil }
  defer { sf_close(file) }
  var samples = [Float](repeating: 0, count: Int(info.frames) * Int(info.channels))
  guard sf_readf_float(file, &samples, info.frames) == info.frames, info.channels == 2 else { return nil }
  return (info.samplerate, samples)
}

/// What a recorder tells.
private final class Troubles: Sendable {
  private let list = Mutex<[String]>([])
  var all: [String] { list.withLock { $0 } }
  func add(_ text: String) { list.withLock { $0.append(text) } }
}

@Suite("Recordings")
struct RecorderTests {
  private let folder = NSTemporaryDirectory() + "wav-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  @Test("what the stage writes is in the file, frame for frame; another sample rate begins another file")
  func content() throws {
    let path = "\(folder)/take.wav"
    let recorder = WAVRecorder(path: path)
    recorder.start(sampleRate: 48000)
    let left = (0..<60_000).map { Float(sin(Double($0) * 0.05)) * 0.5 }
    let right = left.map { -$0 }
    recorder.audioRing.pointee.write(left, right, count: left.count)
    recorder.start(sampleRate: 44100)
    recorder.start(sampleRate: 44100)
    recorder.stop()
    #expect(recorder.status.files == [path, "\(folder)/take-2.wav"])
    #expect(recorder.status.frames == 60_000 && recorder.status.lostFrames == 0 && recorder.status.failure == nil)
    let file = try #require(read(path))
    #expect(file.sampleRate == 48000 && file.samples.count == 120_000)
    let written = zip(left, right).flatMap { [$0, $1] }
    let worst: Float = zip(file.samples, written).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-6)
    #expect(read("\(folder)/take-2.wav")?.sampleRate == 44100)
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test("a file that is full is followed by another, without a frame lost between them")
  func full() throws {
    let path = "\(folder)/long.wav"
    let recorder = WAVRecorder(path: path, framesInFile: 10_000)
    recorder.start(sampleRate: 48000)
    let samples = (0..<25_000).map { Float($0) / 50_000 }
    recorder.audioRing.pointee.write(samples, samples, count: samples.count)
    recorder.stop()
    #expect(recorder.status.files == [path, "\(folder)/long-2.wav", "\(folder)/long-3.wav"])
    #expect(recorder.status.frames == 25_000)
    let parts = try recorder.status.files.map { try #require(read($0)).samples }
    #expect(parts.map(\.count) == [20_000, 20_000, 10_000])
    let worst: Float = zip(parts.joined(), samples.flatMap { [$0, $0] }).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-6)
    // What it holds at most has a length of 32 bits.
    #expect(WAVFile.capacity * 6 + 1 << 16 < Int(UInt32.max) && WAVFile.capacity > 4 * 3600 * 48000)
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test("a file that cannot be made is a failure with the reason and the way out, and recording goes nowhere in peace")
  func failure() {
    let troubles = Troubles()
    let recorder = WAVRecorder(path: "\(folder)/none/take.wav", onTrouble: troubles.add)
    recorder.start(sampleRate: 48000)
    recorder.audioRing.pointee.write([0.5], [0.5], count: 1)
    recorder.stop()
    let text = recorder.status.failure?.description ?? ""
    #expect(text.contains("none/take.wav") && text.contains("may jamd write there"))
    #expect(recorder.status.frames == 0 && troubles.all == [text])
  }

  @Test("frames that find the ring full are counted and told of")
  func overrun() {
    let troubles = Troubles()
    let recorder = WAVRecorder(path: "\(folder)/take.wav", seconds: 1, onTrouble: troubles.add)
    let block = [Float](repeating: 0.1, count: 8192)
    for _ in 0..<20 { recorder.audioRing.pointee.write(block, block, count: 8192) }
    recorder.start(sampleRate: 48000)
    recorder.stop()
    #expect(recorder.status.lostFrames == 12 * 8192)
    #expect(troubles.all.count == 1 && troubles.all[0].contains("\(12 * 8192) frames"))
  }
}
