// SPDX-License-Identifier: Apache-2.0
// Devices/ALSAInput: name patterns, pure.

/// A pattern for names: `*` stands for any characters, `?` for one; case does not matter. Everything else is literal.
public struct Glob: Hashable, Sendable, CustomStringConvertible {
  public let description: String
  private let pattern: [Character]

  public init(_ pattern: String) {
    description = pattern
    self.pattern = Array(pattern.lowercased())
  }

  /// True when the whole of `name` fits. O(pattern x name) at worst, without recursion.
  public func matches(_ name: String) -> Bool {
    let name = Array(name.lowercased())
    var p = 0
    var n = 0
    // Where to resume after a mismatch: the last star takes one more character.
    var resume: (p: Int, n: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == "*" {
        p += 1
        resume = (p, n)
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == name[n] {
        p += 1
        n += 1
      } else if let (star, start) = resume {
        resume = (star, start + 1)
        p = star
        n = start + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
