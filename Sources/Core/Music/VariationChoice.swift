// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. How a phrase is varied, by the names that people use.

/// How the mode transform chooses among the ways in which it can vary a phrase.
public enum VariationChoice: String, Hashable, Sendable, CaseIterable {
  case stochastic, perceptual, either

  /// Half a sentence without a full stop, for help and documentation.
  public var explanation: String {
    switch self {
    case .stochastic: "by chance alone"
    case .perceptual: "of many by chance the one whose rhythm is as like yours as wanted, and the most stable"
    case .either: "the one or the other, by chance for each phrase"
    }
  }
}
