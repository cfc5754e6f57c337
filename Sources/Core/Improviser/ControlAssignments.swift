// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: which controller moves which parameter.
import Music

/// Controllers, 0...119 but for the sustain pedal, and the parameter that each moves; a parameter has one controller at
/// most. As text "1=morph 66=answer 67=stop", in the order of the controllers; "none" where there are none.
public struct ControlAssignments: Hashable, Sendable {
  private var parameters: [UInt8: Parameter] = [:]

  /// In order of controllers; of two for one parameter the first counts, and what cannot be is left out.
  public init(_ parameters: [UInt8: Parameter]) {
    for (controller, parameter) in parameters.sorted(by: { $0.key > $1.key }) { assign(controller, to: parameter) }
  }

  /// In order of controllers.
  public var all: [(controller: UInt8, parameter: Parameter)] {
    parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  public subscript(controller: UInt8) -> Parameter? { parameters[controller] }

  /// From now on `controller` and no other moves `parameter`.
  public mutating func assign(_ controller: UInt8, to parameter: Parameter) {
    guard Self.isFree(controller) else { return }
    parameters = parameters.filter { $0.value != parameter }
    parameters[controller] = parameter
  }

  private static func isFree(_ controller: UInt8) -> Bool { controller < 120 && controller != 64 }
}

extension ControlAssignments: LosslessStringConvertible {
  public var description: String {
    parameters.isEmpty ? "none" : all.map { "\($0.controller)=\($0.parameter.rawValue)" }.joined(separator: " ")
  }

  /// Nil for anything that no assignments are written as.
  public init?(_ text: String) {
    self.init([:])
    guard text != "none" else { return }
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let sides = word.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let controller = UInt8(sides[0]), Self.isFree(controller),
        let parameter = Parameter(rawValue: String(sides[1])), parameters[controller] == nil,
        !parameters.values.contains(parameter)
      else { return nil }
      parameters[controller] = parameter
    }
  }
}
