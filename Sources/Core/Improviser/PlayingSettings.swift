// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: in which way it is to play along. All of it can change in mid-session.
import Music
import Responding
import Scores

/// Values that make no sense are moved to the nearest that do.
public struct PlayingSettings: Hashable, Sendable {
  public var mode: PlayingMode
  /// Nil: as the mode would have it.
  public var role: Role?
  /// The bars of a turn in trade, 1...64.
  public var bars: Int { didSet { bars = min(64, max(1, bars)) } }
  /// In a trade, whether sticks count the bar before each of jamd's turns.
  public var countsIn: Bool
  /// Onsets, as a share of what would be played otherwise, 0.1...4.
  public var density: Double { didSet { density = Self.sane(density, 0.1...4, 1) } }
  /// Of an answer, as a share of what it would be otherwise, 0.1...4.
  public var length: Double { didSet { length = Self.sane(length, 0.1...4, 1) } }
  /// In the mode morph: 0 is the style, 1 the player.
  public var morph: Double { didSet { morph = Self.sane(morph, 0...1, 0.5) } }
  /// How `transform` chooses.
  public var variation: VariationChoice
  /// Nil: harmony is what is heard.
  public var chart: ChordChart?
  public var controls: ControlMap
  public var keyboards: KeyboardUse

  public init(
    mode: PlayingMode = .answer, role: Role? = nil, bars: Int = 4, countsIn: Bool = false, density: Double = 1,
    length: Double = 1, morph: Double = 0.5, variation: VariationChoice = .either, chart: ChordChart? = nil,
    controls: ControlMap = ControlMap(), keyboards: KeyboardUse = .together
  ) {
    self.mode = mode
    self.role = role
    self.bars = min(64, max(1, bars))
    self.countsIn = countsIn
    self.density = Self.sane(density, 0.1...4, 1)
    self.length = Self.sane(length, 0.1...4, 1)
    self.morph = Self.sane(morph, 0...1, 0.5)
    self.variation = variation
    self.chart = chart
    self.controls = controls
    self.keyboards = keyboards
  }

  private static func sane(_ value: Double, _ range: ClosedRange<Double>, _ otherwise: Double) -> Double {
    value.isFinite ? min(range.upperBound, max(range.lowerBound, value)) : otherwise
  }
}
