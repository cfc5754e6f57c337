// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. Who plays several keyboards.

public enum KeyboardUse: String, Hashable, Sendable, CaseIterable {
  case together, apart

  /// Half a sentence without a full stop, for help and documentation.
  public var explanation: String {
    switch self {
    case .together: "all keyboards are one player's"
    case .apart: "each keyboard has a player of its own, who is learned and answered apart, on a channel of its own"
    }
  }
}
