// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Protocol: requests and the table of commands.
import ControlProtocol
import Testing

@Suite struct RequestTests {
  static let commands: [ControlCommand] = [
    .styleMix(weights: [StyleShare(name: "bach", weight: 0), StyleShare(name: "me", weight: 0.1)], over: 8),
    .mode(.phraseMatch), .role(.lead), .role(nil), .bars(4), .variation(.perceptual), .chart("4/4 | C7 | F7 |"),
    .chart(nil),
    .morph(to: 0.5, over: 8), .set(.density, to: 0.25), .answer, .stop, .tap, .midiLearn(.temperature),
    .hands(.countIn(true)), .hands(.midiForget), .hands(.midiSplit(lowest: 36, highest: 127)),
    .hands(.clockIn(true)), .hands(.clockOut(false)), .hands(.transport(.lead)),
    .hands(.midiKeyboards(.apart)),
    .status, .configShow, .playerList, .playerUse(name: "Änne"), .styleList, .styleUse(name: "bach", now: false),
    .styleUse(name: "Błękit \"x\" \\ /", now: true), .panic,
    .watch,
  ]

  private func refusal(of line: String) -> RefusedRequest? {
    do throws(RefusedRequest) {
      _ = try Request(parsing: line.utf8)
      return nil
    } catch {
      return error
    }
  }

  @Test("every command survives the wire", arguments: commands)
  func roundTrip(command: ControlCommand) throws {
    let request = Request(id: Request.largestID, command: command)
    let line = request.encoded()
    #expect(line.last == UInt8(ascii: "\n") && line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
    #expect(try Request(parsing: line.dropLast()) == request)
  }

  @Test("every row of the table can be parsed, and its required arguments are required")
  func table() {
    for name in CommandName.allCases {
      let isRefused = refusal(of: "{\"command\":\"\(name.rawValue)\"}") != nil
      #expect(isRefused == name.description.arguments.contains(where: \.isRequired))
    }
    #expect(Set(Self.commands.map(\.name)) == Set(CommandName.allCases))
  }

  @Test("a request is written in one way only")
  func bytes() {
    let line = String(decoding: Request(id: 7, command: .styleUse(name: "bach", now: true)).encoded(), as: UTF8.self)
    #expect(line == #"{"arguments":{"name":"bach","now":true},"command":"style use","id":7,"version":1}"# + "\n")
  }

  @Test("what the table does not allow is refused with its code and its number")
  func refusals() {
    let cases: [(String, CommandFailure.Code, Int?)] = [
      ("", .badRequest, nil), ("[]", .badRequest, nil), ("status", .badRequest, nil), ("{}", .badRequest, nil),
      (#"{"command":1,"id":3}"#, .badRequest, 3),
      (#"{"command":"status","id":-1}"#, .badRequest, nil),
      (#"{"command":"status","id":1.5}"#, .badRequest, nil),
      (#"{"command":"status","id":"x"}"#, .badRequest, nil),
      (#"{"command":"status","id":4,"version":2}"#, .badRequest, 4),
      (#"{"command":"status","id":4,"speed":2}"#, .badRequest, 4),
      (#"{"command":"stats","id":5}"#, .unknownCommand, 5),
      (#"{"command":"style use","id":6}"#, .badArgument, 6),
      (#"{"command":"style use","arguments":[],"id":6}"#, .badArgument, 6),
      (#"{"command":"style use","arguments":{"name":""},"id":6}"#, .badArgument, 6),
      (#"{"command":"style use","arguments":{"name":"a\nb"},"id":6}"#, .badArgument, 6),
      (#"{"command":"style use","arguments":{"name":7},"id":6}"#, .badArgument, 6),
      (#"{"command":"style use","arguments":{"name":"a","now":1},"id":6}"#, .badArgument, 6),
      (#"{"command":"panic","arguments":{"name":"a"},"id":6}"#, .badArgument, 6),
      (
        #"{"command":"style use","arguments":{"name":"\#(String(repeating: "a", count: 256))"},"id":6}"#, .badArgument,
        6
      ),
    ]
    for (line, code, id) in cases {
      let refused = refusal(of: line)
      #expect(refused?.failure.code == code && refused?.id == id, "\(line)")
    }
  }

  @Test("a line holds the longest text of every command, with a backslash before each of its bytes, and is bounded")
  func longestLine() throws {
    let chart = "4/4 |" + String(repeating: " /", count: 8189) + "|"
    #expect(chart.utf8.count == 16384)
    let request = Request(id: Request.largestID, command: .chart(chart))
    #expect(try Request(parsing: request.encoded().dropLast()) == request)
    for name in CommandName.allCases {
      for case .text(let longest) in name.description.arguments.map(\.kind) {
        let escaped = String(repeating: "\\\"", count: longest)
        let line =
          #"{"arguments":{"chart":"\#(escaped)"},"command":"\#(name.rawValue)","id":\#(Request.largestID),"version":1}"#
        #expect(line.utf8.count <= Request.longestLine)
      }
    }
    #expect(Request.longestLine < 1 << 16)
  }

  @Test("a mistyped command or argument comes back with the one that was meant")
  func suggestions() {
    #expect(refusal(of: #"{"command":"stauts"}"#)?.failure.message.contains("\"status\"") == true)
    let refused = refusal(of: #"{"command":"style use","arguments":{"nmae":"a"}}"#)
    #expect(refused?.failure.message.contains("\"name\"") == true)
    #expect(suggestion(for: "zzzzzz", among: ["status"]) == nil)
    #expect(suggestion(for: "", among: ["a"]) == nil)
  }

  @Test("no line makes the parser crash, and what it accepts it writes again as the same request")
  func fuzz() throws {
    var random = Noise(seed: 1)
    let seeds = Self.commands.map { Array(Request(id: 1, command: $0).encoded().dropLast()) }
    for _ in 0..<fuzzIterations {
      let line = random.mutation(of: seeds[random.below(seeds.count)])
      guard let request = try? Request(parsing: line) else { continue }
      #expect(try Request(parsing: request.encoded().dropLast()) == request)
    }
  }

  @Test("an object nested a hundred thousand levels deep is refused")
  func nesting() {
    let line = String(repeating: "[", count: 100_000)
    #expect(refusal(of: "{\"command\":\(line)")?.failure.code == .badRequest)
  }
}
