// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: the way of playing as it is now, for people to see.

/// Everything about the way of playing that commands and controllers can change.
public struct Wishes: Hashable, Sendable {
  public var playing: PlayingSettings
  public var temperature: Double
  public var order: Int
  public var overlap: Bool

  init(_ band: Band) {
    (playing, temperature, order, overlap) = (band.wishes, band.temperature, band.order, band.overlap)
  }
}
