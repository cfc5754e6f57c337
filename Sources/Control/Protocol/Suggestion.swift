// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: what somebody who mistyped a name may have meant.

/// The candidate nearest to `word` in edits, the first of equals; nil when none is near enough to be what was meant.
///
/// O(candidates x length^2); words longer than 64 characters get no suggestion.
public func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
  let typed = Array(word.lowercased().unicodeScalars)
  guard !typed.isEmpty, typed.count <= 64 else { return nil }
  var nearest: (candidate: String, distance: Int)?
  for candidate in candidates {
    let scalars = Array(candidate.lowercased().unicodeScalars)
    guard scalars.count <= 64 else { continue }
    let distance = editDistance(typed, scalars)
    guard distance <= max(1, max(typed.count, scalars.count) / 3), distance < nearest?.distance ?? .max else {
      continue
    }
    nearest = (candidate, distance)
  }
  return nearest?.candidate
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other: the restricted
/// Damerau-Levenshtein distance (Damerau, "A technique for computer detection and correction of spelling errors", CACM
/// 7(3), 1964).
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var rows = [Array(0...b.count)]
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
