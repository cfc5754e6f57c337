// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: the way of playing at one moment, as `jam status` shows it.

/// What was set of the way of playing, by whatever set it last.
public struct PlayingStatus: Hashable, Sendable, Codable {
  public struct Chart: Hashable, Sendable, Codable {
    /// Empty where it has none.
    public var title: String
    /// Of one time round.
    public var bars: Int
    /// Such as "3/4".
    public var metre: String

    public init(title: String = "", bars: Int, metre: String) {
      (self.title, self.bars, self.metre) = (title, bars, metre)
    }
  }

  /// "lead", "support" or "auto".
  public var role: String
  /// Of a turn in the mode trade.
  public var bars: Int
  /// Sticks count in each of jamd's turns in the mode trade.
  public var countIn: Bool
  /// Absent where what is heard counts.
  public var chart: Chart?
  /// From the style, 0, to the player, 1, in the mode morph.
  public var morph: Double
  /// 1 is as learned; above it bolder.
  public var temperature: Double
  /// How much of what came before a choice looks at, 1...7.
  public var order: Int
  /// Onsets, and an answer's length, as shares of what they are by themselves.
  public var density: Double
  public var length: Double
  /// An answer plays on when the player starts again.
  public var overlap: Bool

  public init(
    role: String = "auto", bars: Int = 4, countIn: Bool = false, chart: Chart? = nil, morph: Double = 0.5,
    temperature: Double = 1, order: Int = 7, density: Double = 1, length: Double = 1, overlap: Bool = false
  ) {
    (self.role, self.bars, self.countIn, self.chart, self.morph) = (role, bars, countIn, chart, morph)
    (self.temperature, self.order, self.density, self.length) = (temperature, order, density, length)
    self.overlap = overlap
  }
}
