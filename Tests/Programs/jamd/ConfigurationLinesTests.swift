// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jamd: lines of keys in TOML documents.
import Testing
import jamd

@Suite struct ConfigurationLinesTests {
  @Test("keys are found behind everything that TOML lets stand before them")
  func lines() {
    let document = #"""
      # a = 1
      first = "[x]\n# no \" comment" # comment
      [a . "b"]
      text = """
      [not.a.header]
      fake = 1 \"""
      """""
      literal = '''
      fake = 2'''
      list = [ # comment ]
        "]",
        [1, 2],
      ]
      after = { in.side = 1, "}" = 2 }
      "quoted key" = 1
      dotted.key = 1
      [[c]]
      x = 1

      """#
    let lines = ConfigurationLines(document)
    let expected = [
      "first": 2, "a.b": 3, "a.b.text": 4, "a.b.literal": 8, "a.b.list": 10, "a.b.after": 14, "a.b.after.in.side": 14,
      "a.b.quoted key": 15, "a.b.dotted.key": 16, "c": 17, "c.x": 18, "a.b.fake": 3, "nowhere": nil,
    ]
    for (path, line) in expected { #expect(lines.line(of: path) == line, "\(path)") }
  }
}
