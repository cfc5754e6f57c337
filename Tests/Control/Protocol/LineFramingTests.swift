// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Protocol: bytes into lines.
import ControlProtocol
import Testing

@Suite struct LineFramingTests {
  @Test("however a stream is cut into pieces, the lines are the same")
  func pieces() throws {
    var random = Noise(seed: 3)
    for _ in 0..<500 {
      var lines: [[UInt8]] = []
      var stream: [UInt8] = []
      for _ in 0..<random.below(20) {
        lines.append((0..<random.below(30)).map { _ in UInt8(65 + random.below(20)) })
        stream += lines[lines.count - 1] + (random.below(2) == 0 ? [10] : [13, 10])
      }
      var framing = LineFraming(limit: 31)
      var found: [[UInt8]] = []
      while !stream.isEmpty {
        let piece = stream.prefix(1 + random.below(50))
        stream.removeFirst(piece.count)
        framing.append(piece)
        while let line = try framing.next() { found.append(line) }
      }
      #expect(found == lines && framing.pending == 0)
    }
  }

  @Test("a line at the limit passes; one byte more is refused, finished or not")
  func limit() throws {
    let line = [UInt8](repeating: 65, count: 100)
    var framing = LineFraming(limit: 100)
    framing.append(line + [10])
    #expect(try framing.next() == line)
    framing.append(line)
    #expect(try framing.next() == nil)
    framing.append([65])
    #expect(throws: LineFraming.LineTooLong.self) { try framing.next() }
    framing.append([10])
    #expect(throws: LineFraming.LineTooLong.self) { try framing.next() }
  }
}
