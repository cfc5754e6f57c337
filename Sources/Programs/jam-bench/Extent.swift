// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: how much is measured.

/// Sizes and repetitions. Everything follows from `isQuick`, so that two reports of a kind can be compared.
struct Extent {
  let isQuick: Bool

  static let seed: UInt64 = 1899

  var runs: Int { isQuick ? 1 : 5 }
  /// Notes of the styles from which events are sampled, rising.
  var styleSizes: [Int] { isQuick ? [2_000, 10_000, 50_000] : [10_000, 100_000, 1_000_000] }
  /// Notes learned in a run of the learning rate.
  var learned: Int { isQuick ? 20_000 : 200_000 }
  /// Answers composed in a run.
  var answers: Int { isQuick ? 20 : 400 }
  /// Answers timed from their decision on in a run: so many that the largest two are above p99.9.
  var decidedAnswers: Int { isQuick ? 20 : 2_000 }
  /// Answers of one event in a run.
  var shortAnswers: Int { isQuick ? 200 : 4_000 }
  /// Notes of the melody that a peer learns, too.
  var peerNotes: Int { isQuick ? 5_000 : 100_000 }
  /// Answers that a peer composes in a run.
  var peerAnswers: Int { isQuick ? 5 : 50 }
  /// Keys that are heard in a run.
  var heardNotes: Int { isQuick ? 5_000 : 50_000 }
  /// Notes learned live in a run.
  var liveNotes: Int { isQuick ? 5_000 : 50_000 }
  /// Cycles of the callback in a run.
  var cycles: Int { isQuick ? 750 : 7_500 }
  /// Seconds that the loop is watched in a run.
  var loopSeconds: Int { isQuick ? 1 : 30 }

  /// "10 k", "1 M".
  static func short(_ count: Int) -> String {
    if count >= 1_000_000, count % 1_000_000 == 0 { return "\(count / 1_000_000) M" }
    return count >= 1000 && count % 1000 == 0 ? "\(count / 1000) k" : "\(count)"
  }
}
