// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: what the system test measured of thru, where it has been run.
import Glibc

/// A column of microseconds for each client, under its name, as `make system-test` leaves them.
package enum ThruResults {
  package static func read(_ path: String) -> [(name: String, values: [Double])] {
    guard let file = fopen(path, "re") else { return [] }
    defer { fclose(file) }
    var columns: [(name: String, values: [Double])] = []
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let fields = text.split(separator: ",")
      guard !columns.isEmpty else {
        columns = fields.map { (String($0), []) }
        continue
      }
      for (column, field) in zip(columns.indices, fields) {
        if let value = Double(field) { columns[column].values.append(value) }
      }
    }
    return columns.filter { !$0.values.isEmpty }
  }

  package static func figures(_ results: [(name: String, values: [Double])]) -> [Figure] {
    results.map { name, values in
      .microseconds("thru in the system test's VM, \(name)", [Samples(values.map { $0 * 1000 }).quantiles()])
    }
  }
}
