// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jamd: configuration files.
import Foundation
import Testing
import jamd

@Suite struct ConfigurationTests {
  private func problems(_ text: String) -> [ConfigurationProblem] {
    var configuration = Configuration()
    return configuration.apply(text, file: "x.toml")
  }

  @Test("every key's default is allowed, and reading it back changes nothing", arguments: ConfigurationKey.all)
  func defaults(key: ConfigurationKey) {
    guard let value = key.defaultValue else { return }
    #expect(key.kind.problem(with: value) == nil)
    var configuration = Configuration()
    #expect(configuration.apply("[\(key.section)]\n\(key.name) = \(value.toml)", file: "x").isEmpty)
    #expect(configuration == Configuration())
  }

  @Test("every key changes its own setting and no other", arguments: ConfigurationKey.all)
  func settings(key: ConfigurationKey) {
    let other = Self.otherValue(than: key.defaultValue, of: key.kind)
    var configuration = Configuration()
    #expect(configuration.apply("\(key.path) = \(other.toml)", file: "x") == [])
    for checked in ConfigurationKey.all {
      let expected = checked.path == key.path ? other : checked.defaultValue
      #expect(checked.read(configuration) == expected, "\(checked.path)")
    }
  }

  private static func otherValue(than value: ConfigurationValue?, of kind: ConfigurationKind) -> ConfigurationValue {
    switch kind {
    case .flag: .flag(value == .flag(false))
    case .whole(let range): .whole(value == .whole(range.lowerBound) ? range.lowerBound + 1 : range.lowerBound)
    case .number(let range): .number(value == .number(range.lowerBound) ? range.upperBound : range.lowerBound)
    case .text: .text("Zürich \"1\" \\")
    case .path: .text("/a b/c")
    case .paths, .patterns: .list([.text("/a"), .text("~/b*")])
    case .channels: .list([.whole(1), .whole(16)])
    case .sound: .text("Kalimba")
    case .choice(let names): .text(names.first { .text($0) != value } ?? "")
    case .drawbars: .text("01 2345 678")
    case .address: .text("::1")
    case .playerName: .text("Jürgen B.")
    case .socketPath: .text("/a b/c.sock")
    }
  }

  @Test("names of keys and sections are written once, in snake case, and every section has keys")
  func table() {
    let paths = ConfigurationKey.all.map(\.path)
    #expect(Set(paths).count == paths.count)
    #expect(Set(ConfigurationKey.all.map(\.section)) == Set(ConfigurationKey.sections.map(\.name)))
    #expect(paths.joined().allSatisfy { $0.isLowercase || $0 == "_" || $0 == "." })
  }

  @Test("a mistake is refused with its line and what may have been meant")
  func mistakes() {
    let cases: [(text: String, line: Int?, hint: String)] = [
      ("# c\n[style]\nnmae = 'x'", 3, "\"name\""), ("\n\n[stlye]\n", 3, "\"style\""), ("style = 'bach'", 1, "[style]"),
      ("[style]\noverlap = true", 2, "[answer]"), ("overlap = true", 1, "[answer]"),
      ("[style]\nname = 7", 2, "a text"), ("[style]\nplayer_weight = 1.5", 2, "0.0 to 1.0"),
      ("[style]\nplayer_weight = nan", 2, "0.0 to 1.0"), ("style.temperature = -1", 1, "0.0 to 3.0"),
      ("[answer]\nsound = 'marimab'", 2, "\"Marimba\""), ("[answer]\nsound = 128", 2, "organ"),
      ("[answer]\nsound = 'marim'", 2, "\"Marimba\""), ("[player]\nchannels = [1,\n0]", 2, "1 to 16"),
      ("[player]\nchannels = ['1']", 2, "1 to 16"), ("[synth]\ndrawbars = '88800000'", 2, "nine digits"),
      ("[synth]\ndrawbars = '888000009'", 2, "nine digits"),
      ("[synth]\ndrawbars = '000000000'", 2, "not all 0"), ("[synth]\nsoundfont = 'gm.sf2'", 2, "~/"),
      ("[jack]\nstart = 'yes'", 2, "true or false"), ("[jack]\nserver = 1979-05-27", 2, "a text"),
      ("[style]\nname = ", 2, "a value was expected"), ("[style]\nname = 'a'\nname = 'b'", 3, "twice"),
      ("\na\0b", 2, "control character"),
      ("a = 1\n[=]", 2, "a name was expected"), ("[[#", 1, "single [ ]"), ("[\n]", 1, "a name was expected"),
      ("[answer]\nx = [\n}]", 3, "a value was expected"), ("a = {]", 1, "a name was expected"),
      ("[[style]]\nname = 'a'", 1, "single [ ]"),
      ("stlye.name = 1\nstlye.b = 1", 1, "\"style\""), ("[style.x]\ny = 1", 1, "no key \"x\""),
      ("control.osc_port = 9030\ncontrol.osc_address = 'foo'", 2, "an IP address in digits, not \"foo\""),
      ("[control]\nosc_address = ''", 2, "an IP address"), ("control.osc_address = '127.0.0.256'", 1, "an IP address"),
      ("[player]\nname = '../x'", 2, "without /"), ("player.name = '.x'", 1, "a dot or dash in front"),
      ("player.name = '\(String(repeating: "x", count: 65))'", 1, "at most 64 bytes"),
      ("control.socket = '/\(String(repeating: "x", count: 107))'", 1, "at most 107 bytes"),
      ("control.socket = 'x.sock'", 1, "begins with /"),
      ("answer = { overlap = 1 }", 1, "true or false"),
    ]
    for (text, line, hint) in cases {
      let found = problems(text)
      #expect(found.count == 1 && found.first?.line == line && found.first?.message.contains(hint) == true, "\(text)")
      #expect(found.first?.description.hasPrefix("x.toml:") == true)
    }
  }

  @Test("all mistakes of a file are told, in the order of their lines, and the rest of it is taken over")
  func several() {
    var configuration = Configuration()
    let found = configuration.apply("[answer]\ngain = 9\n[style]\nx = 1\nname = 'bach'\n[zz]\n", file: "x")
    #expect(found.map(\.line) == [2, 4, 6])
    #expect(configuration.style.name == "bach" && configuration.answer.gain == 1)
  }

  @Test("a sound has one name, found in any case and by number")
  func sounds() {
    #expect(Configuration.Sound.programNames.count == 128 && Set(Configuration.Sound.programNames).count == 128)
    for (number, name) in Configuration.Sound.programNames.enumerated() {
      #expect(Configuration.Sound(name.uppercased()) == .program(number))
      #expect(Configuration.Sound("\(number)")?.name == name)
    }
    #expect(Configuration.Sound("Organ") == .organ && Configuration.Sound("") == nil)
    #expect(
      Configuration.Sound("marimba") == .program(12) && Configuration.Sound("acoustic grand piano") == .program(0))
  }

  @Test("no text makes the reader crash, and every problem has a line of the file")
  func fuzz() {
    let rounds = ProcessInfo.processInfo.environment["JAMD_FUZZ"].flatMap(Int.init) ?? 3000
    var state: UInt64 = 7
    func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    let seed = Array((ConfigurationDocumentation.defaultFile.replacing("\n#", with: "\n")).utf8)
    let spice = Array("[]{}=\"'#.,\n\\ \t0truenaninf-_:\r\u{0}é".utf8)
    for round in 0..<rounds {
      var bytes: [UInt8] = []
      if round % 2 == 0 {
        let start = below(seed.count)
        bytes = Array(seed[start..<min(seed.count, start + 400)])
      }
      for _ in 0..<(1 + below(round % 2 == 0 ? 8 : 40)) {
        bytes.insert(spice[below(spice.count)], at: below(bytes.count + 1))
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let lineCount = text.utf8.filter { $0 == 10 }.count + 1
      for problem in problems(text) { #expect((1...lineCount).contains(problem.line ?? 1), "\(text)") }
    }
  }
}

extension ConfigurationKey: CustomTestStringConvertible {
  public var testDescription: String { path }
}
