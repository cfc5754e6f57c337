// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jamd, TOML: documents and their lines.
import Testing
import jamd

@Suite struct TOMLTests {
  @Test("everything that TOML allows is read, with its line")
  func document() {
    let text = #"""
      # a = 1
      first = "[x]\n# no \" comment \u00e9" # comment
      [a . "b"]
      text = """
      [not.a.header]
      fake = 1 \"""
      """""
      literal = '''
      fake = \2'''
      folded = """a \
          b"""
      list = [ # comment ]
        "]",
        [1, 0x1F, 0o17, 0b1_1],
      ]
      after = { in.side = 1_000, "}" = -2 }
      "quoted key" = +6.02e+2_3
      dotted.key = 1979-05-27 07:32:00Z
      time = 07:32:00
      yes = true

      """#
    let expected = [
      "first\t2\t\"[x]\\u000a# no \\\" comment é\"",
      "a.b.text\t4\t\"[not.a.header]\\u000afake = 1 \\\"\\\"\\\"\\u000a\\\"\\\"\"",
      "a.b.literal\t8\t\"fake = \\\\2\"", "a.b.folded\t10\t\"a b\"", "a.b.list\t12\t[\"]\", [1, 31, 15, 3]]",
      "a.b.after.in.side\t16\t1000", "a.b.after.}\t16\t-2", "a.b.quoted key\t17\t6.02e+23",
      "a.b.dotted.key\t18\ta date or a time", "a.b.time\t19\ta date or a time", "a.b.yes\t20\ttrue",
    ]
    #expect(TOMLDocument.listing(text) == expected.sorted())
  }

  @Test(
    "what TOML forbids is refused",
    arguments: [
      "a", "a =", "= 1", "a = 1 b = 2", "a = 1\na = 2", "[a]\n[a]", "[a", "[]", "[=]", "[a]]", "a = [}", "a = [}]",
      "a = [,]",
      "a = [1", "a = [1 2]", "a = {", "a = {b = 1,}", "a = {b = 1, b = 2}", "a = {b = 1\n}", "a = 'x", "a = \"x\ny\"",
      "a = '''x", "a = \"\"\"x\"\"", "a = \"\\q\"", "a = \"\\u12\"", "a = \"\\ud800\"", "a = 01", "a = 1__0", "a = _1",
      "a = 1_",
      "a = +0x1", "a = 1.", "a = .1", "a = 1e", "a = 1.e2", "a = TRUE", "a = bach", "a = 9223372036854775808",
      "a.b = 1\na = 2",
      "a = 1\na.b = 2", "a = {}\n[a.b]", "a = {b = 1}\na.c = 2", "[a]\nb.c = 1\n[a.b]", "\"\"\"a\"\"\" = 1", "a = 1\r",
      "a = \u{1}", "[a.b]\n[a]\nb.c = 1", "a = \"\"\"\"\"\"\"\"\"", "a\nb = 1", "[a] b = 1",
    ])
  func refusals(text: String) { #expect(!TOMLDocument.isValid(text)) }

  @Test(
    "what looks odd but is allowed is read",
    arguments: [
      "", "\n", "#", "a = ''", "a = []", "a = {}", "\"\" = 1", "1 = 2", "- = 1", "a = [[],{}]", "[a.b]\n[a]",
      "a.b = 1\na.c = 2",
      "a=1\r\nb=2\r\n", "a = \"\"\"\"\"\"", "a = ''''''''", "a = 1#", "\t[ a ]\t#", "a = -0", "a = +0.0", "a = 1e06",
      "a = nan",
      "[a]\n[b]\n[a.c]", "a = [\n1,\n]", "a = 1979-05-27", "\u{FEFF}a = 1",
    ])
  func oddities(text: String) { #expect(TOMLDocument.isValid(text)) }

  @Test("brackets nested very deep are refused, not followed")
  func nesting() {
    #expect(!TOMLDocument.isValid("a = " + String(repeating: "[", count: 100_000)))
    #expect(!TOMLDocument.isValid("a = " + String(repeating: "{a=", count: 100_000)))
    #expect(!TOMLDocument.isValid(String(repeating: "a.", count: 100_000) + "a = 1"))
    #expect(TOMLDocument.isValid("a = " + String(repeating: "[", count: 31) + String(repeating: "]", count: 31)))
  }
}
