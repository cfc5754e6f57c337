// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. What wheels, pedals, knobs and people can move.

/// What can be moved while playing.
public enum Parameter: String, Hashable, Sendable, CaseIterable {
  case mode, role, morph, temperature, order, density, length, overlap
  // What is pressed rather than moved.
  case answer, stop, tap, panic

  /// Pressed rather than moved.
  public var isButton: Bool {
    switch self {
    case .answer, .stop, .tap, .panic: true
    case .mode, .role, .morph, .temperature, .order, .density, .length, .overlap: false
    }
  }
}
