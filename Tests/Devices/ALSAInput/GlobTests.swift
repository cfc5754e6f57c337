// SPDX-License-Identifier: Apache-2.0
// Tests of ALSAInput: name patterns.
import ALSAInput
import Music
import Testing

@Suite struct GlobTests {
  @Test(
    "stars, question marks and case",
    arguments: [
      ("*", "", true), ("*", "anything", true), ("", "", true), ("", "x", false), ("a?c", "abc", true),
      ("a?c", "ac", false), ("vmpk*", "VMPK Output", true), ("*key*", "USB MIDI Keyboard", true),
      ("*key", "keys", false), ("a*b*c", "aXXbYYc", true), ("a*b*c", "aXXcYYb", false), ("**a**", "bab", true),
      ("[a]", "a", false), ("[a]", "[A]", true), ("é*", "École", true), ("É*", "école", true), ("e*", "École", false),
      ("*ab", "aab", true), ("*aab", "aaaab", true), ("?*?", "a", false), ("?*?", "ab", true),
    ])
  func cases(pattern: String, name: String, fits: Bool) {
    #expect(Glob(pattern).matches(name) == fits)
  }

  /// The definition, straight: slow but plain.
  private func fits(_ pattern: Substring, _ name: Substring) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    if first == "*" {
      return fits(pattern.dropFirst(), name) || !name.isEmpty && fits(pattern, name.dropFirst())
    }
    return !name.isEmpty && (first == "?" || first == name.first) && fits(pattern.dropFirst(), name.dropFirst())
  }

  @Test("any pattern fits what its definition says", arguments: 0..<20)
  func definition(seed: UInt64) {
    var random = RandomSource(seed: seed)
    for _ in 0..<500 {
      let pattern = String(
        (0..<Int.random(in: 0..<7, using: &random)).map { _ in "ab*?".randomElement(using: &random)! })
      let name = String((0..<Int.random(in: 0..<9, using: &random)).map { _ in "ab".randomElement(using: &random)! })
      #expect(Glob(pattern).matches(name) == fits(pattern[...], name[...]), "\(pattern) on \(name)")
    }
  }

  @Test("a pattern of many stars takes no time")
  func manyStars() {
    #expect(!Glob(String(repeating: "*a", count: 200) + "b").matches(String(repeating: "a", count: 2000)))
  }
}
