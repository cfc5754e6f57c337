// SPDX-License-Identifier: Apache-2.0
// Core/Style: how far to trust a viewpoint when composing.

/// Exponents of viewpoints in a `Blend`. An `ExpertMixer` learns them for one set of pieces; these are what it learned in
/// common over piano music of several composers, rounded: it costs 2 to 5 % more bits than weights learned for each style
/// and keeps the learning of styles a fold.
enum Trust {
  /// Of all viewpoints of a target together. Absolute pitch is a matter of instrument and register rather than of style.
  private static func together(_ target: Viewpoint.Target) -> Float {
    switch target {
    case .interval: 0.95
    case .tonal: 0.25
    case .pitch: 0.1
    case .velocity: 0.9
    case .deviation, .spread, .balance: 1
    case .interOnset, .gap, .duration, .lowDuration: 1.1
    }
  }

  /// Long contexts say much the same in all viewpoints and would be counted several times.
  static func weight(_ target: Viewpoint.Target, order: Int, among experts: Int) -> Float {
    together(target) * (order >= 4 ? 0.8 : 1) / Float(experts)
  }
}
