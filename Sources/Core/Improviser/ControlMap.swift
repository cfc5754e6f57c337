// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: what the player's wheels, pedals and knobs do.
import Music

/// Which controllers (0...119) and which keys are commands. What is a command is not heard as music.
public struct ControlMap: Hashable, Sendable {
  /// The wheel morphs; the sostenuto pedal asks for the answer, the soft pedal for silence.
  public static let standard = ControlAssignments([1: .morph, 66: .answer, 67: .stop])

  /// What each controller does.
  public var assignments: ControlAssignments
  /// Keys outside are commands: the lowest and the highest `splitKeys.count` keys choose modes in their order.
  public var music: ClosedRange<Pitch>
  private var learning: Parameter?
  private var pressed: Set<UInt8> = []

  public init(
    _ assignments: ControlAssignments = standard, music: ClosedRange<Pitch> = Pitch.lowest...Pitch.highest
  ) {
    self.assignments = assignments
    self.music = music
  }

  /// The next controller that is moved will be `parameter`'s, and no other.
  public mutating func learn(_ parameter: Parameter) { learning = parameter }

  /// What a controller's move means: a parameter and its value 0...1. A button is pressed once, until it is let go of.
  /// `isLearned`: it is the parameter's from now on. The sustain pedal stays what it is.
  public mutating func move(
    _ controller: UInt8, to value: UInt8
  ) -> (parameter: Parameter, value: Double, isLearned: Bool)? {
    guard controller < 120, controller != 64 else { return nil }
    if let parameter = learning {
      learning = nil
      assignments.assign(controller, to: parameter)
      pressed.insert(controller)
      return (parameter, Double(value) / 127, true)
    }
    guard let parameter = assignments[controller] else { return nil }
    guard parameter.isButton else { return (parameter, Double(value) / 127, false) }
    if value < 64 {
      pressed.remove(controller)
      return nil
    }
    return pressed.insert(controller).inserted ? (parameter, 1, false) : nil
  }

  /// The command of a key outside the music's: upwards from the split, modes in their order, then tap, answer and stop; the
  /// same downwards. Nil for keys of the music.
  public func command(of key: Pitch) -> Command? {
    let place: Int
    if key > music.upperBound {
      place = key.semitones(above: music.upperBound) - 1
    } else if key < music.lowerBound {
      place = music.lowerBound.semitones(above: key) - 1
    } else {
      return nil
    }
    let modes = PlayingMode.allCases
    if place < modes.count { return .mode(modes[place]) }
    return [Command.tap, .answer, .stop].dropFirst(place - modes.count).first ?? .nothing
  }
}
