// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: what `make jam` does where there is no keyboard, no card and no server.
import Foundation
import JamTestKit
import Music
import Scores
import Testing

@Suite(.serialized) struct DemoTests {
  @Test("without a keyboard, a card or a server, jamd plays a call and answers it, and both can be heard and read")
  func demo() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "jamd-demo-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (wav, mid) = (folder.appending(path: "demo.wav"), folder.appending(path: "demo.mid"))
    let jamd = try ChildProcess(
      Programs.jamd,
      [
        "--config", "/dev/null", "--start-jack", "--jack-server", JACKTestServer.uniqueName("-demo"), "--demo",
        "--styles",
        LiveJam.styles, "--style", "joplin", "--seed", "3", "--wav", wav.path, "--take", mid.path, "--socket",
        folder.appending(path: "s").path, "--no-record", "--quit-after", "20",
      ])
    #expect(waitUntil(within: 40) { !jamd.isRunning }, "jamd did not end by itself")
    #expect(jamd.exitStatus == 0, "\(jamd.output)")
    #expect(jamd.output.contains("The answer, in the style of joplin:"))
    let take = Take(try StandardMIDIFile(parsing: [UInt8](Data(contentsOf: mid))))
    let call = try #require(take.tracks.first { $0.name != Take.answerTrack }).events
    let answer = try #require(take.tracks.first { $0.name == Take.answerTrack }).events
    let samples = try WAV.samples([UInt8](Data(contentsOf: wav)))
    try checkLoudness(samples, call: call, answer: answer)
  }

  /// The call begins with the first sound in the recording.
  private func checkLoudness(_ samples: [Float], call: [Take.Event], answer: [Take.Event]) throws {
    let first = try #require(samples.firstIndex { abs($0) > 0.001 }) / 2
    let (callStart, answerStart) = (try #require(call.first).time, try #require(answer.first).time)
    func level(_ from: Duration, _ to: Duration) -> Double {
      let range = [from, to].map { 2 * (first + Int(($0 - callStart).seconds * 48000)) }
      let part = samples[max(0, range[0])..<min(samples.count, range[1])]
      let power = part.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, part.count))
      return 10 * log10(max(1e-12, power))
    }
    let callLevel = level(callStart, try #require(call.last).time)
    let answerLevel = level(answerStart, try #require(answer.last).time)
    print("demo: the call sounds at \(callLevel) dBFS, the answer at \(answerLevel) dBFS (RMS)")
    #expect(callLevel > -40 && answerLevel > -40)
  }
}

enum WAV {
  struct NotAWAVFile: Error {}

  /// Interleaved samples of a 24-bit PCM file.
  static func samples(_ bytes: [UInt8]) throws -> [Float] {
    guard bytes.count > 44, Array(bytes[0..<4]) == Array("RIFF".utf8) else { throw NotAWAVFile() }
    var offset = 12
    while offset + 8 <= bytes.count {
      let name = String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
      let size = (0..<4).reduce(0) { $0 | Int(bytes[offset + 4 + $1]) << (8 * $1) }
      if name == "data" { return pcm24(bytes[(offset + 8)..<min(bytes.count, offset + 8 + size)]) }
      offset += 8 + size + size % 2
    }
    throw NotAWAVFile()
  }

  private static func pcm24(_ data: ArraySlice<UInt8>) -> [Float] {
    stride(from: data.startIndex, to: data.endIndex - 2, by: 3).map { index in
      let value = Int32(data[index]) << 8 | Int32(data[index + 1]) << 16 | Int32(data[index + 2]) << 24
      return Float(value) / Float(Int32.max)
    }
  }
}
