// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. What is done with a transport that several programs share.

/// What jamd does with JACK's transport.
public enum TransportUse: String, Hashable, Sendable, CaseIterable {
  case off, follow, lead

  /// One sentence without a full stop, for help and documentation.
  public var explanation: String {
    switch self {
    case .off: "jamd and the transport do not mind each other"
    case .follow: "its stop stops jamd, and where somebody keeps its tempo that is the beat"
    case .lead: "jamd keeps its tempo and bars, and rolls it while there is playing"
    }
  }
}
